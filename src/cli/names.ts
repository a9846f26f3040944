import { Fault } from "../domain/fault.ts";
import { AgentName, Unit } from "../domain/id.ts";
import { nearest } from "../domain/near.ts";
import type { Fleet } from "../domain/snapshot.ts";

/** An agent of the fleet, by the name that somebody typed. */
export function agentNamed({ agents }: Pick<Fleet, "agents">, name: string): AgentName {
  const agent = AgentName.safeParse(name);
  if (agent.success && agents.has(agent.data)) return agent.data;
  throw unknown("agent", name, agents.keys());
}

/** A task, or one occurrence of a duty; the task's own id must be on the board. */
export function unitNamed({ tasks }: Pick<Fleet, "tasks">, name: string): Unit {
  const unit = Unit.safeParse(name);
  const ids: readonly string[] = [...tasks.keys()];
  if (unit.success && ids.includes(name.split("@", 1)[0] ?? "")) return unit.data;
  throw unknown("task", name, ids);
}

function unknown(kind: string, name: string, known: Iterable<string>): Fault {
  const names = [...known];
  const near = nearest(name, names);
  const some = names.length === 0 ? "none is there yet" : `one of ${names.slice(0, 12).join(", ")}`;
  return new Fault("not-found", `there is no ${kind} called ${name}`, {
    expected: near === null ? some : `perhaps ${near}`,
    next: kind === "agent" ? "pullbeat plan names every agent" : "pullbeat board --all",
  });
}
