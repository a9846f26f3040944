import { Fault } from "../fault.ts";
import { titleOf } from "../text/field.ts";
import type { AgentName } from "../id.ts";
import { agentNamed } from "../names.ts";
import type { Fleet } from "../snapshot.ts";

/** The agent that somebody named; without a name, the only one there is. `how`: what to type, such as `--agent`. */
export function agentFor(fleet: Pick<Fleet, "agents">, named: string | undefined, how: string): AgentName {
  const [only, ...others] = fleet.agents.keys();
  if (named !== undefined) return agentNamed(fleet, named);
  if (only !== undefined && others.length === 0) return only;
  throw new Fault("usage", "who is to do it?", {
    expected: only === undefined ? "an agent; there is none yet" : `${how}${[only, ...others].join(" | ")}`,
    ...(only === undefined ? { next: "pullbeat agent new <name>" } : {}),
  });
}

/** What stands below the front matter of a new task. */
export function taskBody(
  title: string,
  { brief, done = [] }: { brief?: string | undefined; done?: readonly string[] | undefined },
): string {
  const said = (brief ?? title).replaceAll(/\r\n?/g, "\n").trim();
  const facts = done.map((fact) => `- [ ] ${titleOf(fact)}\n`).join("");
  return `## Brief\n\n${said}\n${facts === "" ? "" : `\n## Done when\n\n${facts}`}`;
}
