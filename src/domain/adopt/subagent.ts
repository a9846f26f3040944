import { NO_TIMING, specOf } from "./role.ts";
import { stemOf, type Drafted, type Source } from "./source.ts";
import { subagentTools } from "./tools.ts";

/**
 * A subagent of Claude Code (`.claude/agents/*.md`), or a custom agent of Copilot: `name`, `description`, `tools`, `model`.
 * https://code.claude.com/docs/en/sub-agents
 */
export function draftSubagent(source: Source): Drafted {
  const { name, title, disabled, model } = source.data ?? {};
  return specOf(source, {
    names: [
      { text: name, key: "name" },
      { text: stemOf(source), guess: "the file's name" },
    ],
    title: typeof title === "string" ? title : name,
    isPaused: disabled === true,
    timing: NO_TIMING,
    granted: subagentTools(source),
    understood: [
      "title",
      "tools",
      "disallowedTools",
      ...(typeof disabled === "boolean" ? ["disabled"] : []),
      // Whoever inherits a model has the config's here, too.
      ...(model === "inherit" ? ["model"] : []),
    ],
  });
}
