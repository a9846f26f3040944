import { about, byWhom, paused, unreadableControl } from "../control/control.ts";
import type { Facts } from "./facts.ts";
import type { AgentName } from "../id.ts";
import type { AgentFile } from "../spec.ts";

/** Why an agent may not work at all, whatever is due. */
export interface Halt {
  code: "unknown-agent" | "broken-journal" | "broken-spec" | "retired" | "paused";
  /** To be put behind the agent's name. */
  reason: string;
}

const FOLDER = "agents/";

/** The file in which an agent's spec stands. */
const specPath = (agent: AgentName): string => `${FOLDER}${agent}.md`;

/** An agent that may work, or the first thing that stops it: its spec is broken or missing, its status, a pause. */
export function agentOf(
  agent: AgentName,
  facts: Pick<Facts, "snapshot" | "errors" | "controls">,
): { file: AgentFile } | { halt: Halt } {
  const { fleet, journal, now } = facts.snapshot;
  const control = unreadableControl(journal);
  if (control !== null)
    return halted(
      "broken-journal",
      `waits: ${control} on pullbeat/journal cannot be read, and may pause it; \`pullbeat resume fleet\` says that you have looked`,
    );
  const file = fleet.agents.get(agent);
  const error = facts.errors.get(file?.path ?? specPath(agent));
  if (error !== undefined)
    return halted(
      "broken-spec",
      `has a broken spec, ${error.file}:${error.line}:${error.column}: ${error.message}`,
    );
  if (file === undefined) return halted("unknown-agent", `has no spec: ${specPath(agent)} does not exist`);
  if (file.spec.status !== "active") return halted(file.spec.status, `is ${file.spec.status} by its spec`);
  const pause = paused(about(facts.controls, { agent, unit: null }), agent, now);
  return pause === null ? { file } : halted("paused", `is paused${byWhom(pause)}`);
}

const halted = (code: Halt["code"], reason: string): { halt: Halt } => ({ halt: { code, reason } });

/** The agent that a broken file of `agents/` would describe, as far as its name says; null for other files. */
export const nameIn = (path: string): string | null =>
  path.startsWith(FOLDER) && path.endsWith(".md") ? path.slice(FOLDER.length, -3) : null;
