import { custodyOf, orphans } from "./custody.ts";
import { factsOf } from "./facts.ts";
import { agentOf } from "./halt.ts";
import type { AgentName, PullNumber, TaskId, Unit } from "../id.ts";
import { nothingReady } from "./idle.ts";
import { survey } from "./pick.ts";
import type { Try } from "./plan.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Priority } from "../board/task.ts";

/** A unit that an agent could work on now. */
interface NextTask {
  id: Unit;
  task: TaskId;
  title: string;
  priority: Priority;
  /** `changes` before `interrupted` before `ready`. */
  why: Try["why"];
  file: string;
  pull: PullNumber | null;
}

export interface Next {
  agent: AgentName;
  /** In the order in which its next beat tries them. */
  tasks: NextTask[];
  /** Why there is none; null when there is one. */
  reason: string | null;
}

/** What an agent would work on first if its beat came now; whether one comes, and who else is in its way, a plan tells. */
export function nextOf(snapshot: Snapshot, agent: AgentName, most: number): Next {
  const facts = factsOf(snapshot);
  const able = agentOf(agent, facts);
  if ("halt" in able) return { agent, tasks: [], reason: able.halt.reason };
  const { cut, units } = custodyOf(agent, facts);
  const takes = new Set([...(cut === null ? [] : [cut]), ...units].flatMap((c) => c.unit ?? []));
  const found = survey(agent, facts, { takes, orphans: orphans(facts) });
  const tasks = found.candidates.slice(0, most).map(({ file, unit, why, standing }) => ({
    id: unit,
    task: file.task.id,
    title: file.task.title,
    priority: file.task.priority,
    why,
    file: file.path,
    pull: standing.pull?.number ?? null,
  }));
  return { agent, tasks, reason: tasks.length === 0 ? nothingReady(found) : null };
}
