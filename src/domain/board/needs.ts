import type { Facts } from "../plan/facts.ts";
import { unitOf, type TaskId } from "../id.ts";
import { isDuty, needsOf, type Result, type Task } from "./task.ts";

/** A need that keeps a task from being worked. */
export interface OpenNeed {
  task: TaskId;
  /** What is missing, to be put behind "needs". */
  sentence: string;
  /** Who can do something about it: an agent, or `a person`. */
  acts: string;
}

type Fate = { kind: "open" | "dropped" | "unknown" } | { kind: "done"; result: Result | null };

/** The needs of a task that are not met, in its own order. */
export function openNeeds(task: Task, facts: Facts): OpenNeed[] {
  return needsOf(task).flatMap((need) => {
    const gap = gapOf(need, facts);
    return gap === null ? [] : [{ task: need.task, ...gap }];
  });
}

function gapOf(
  need: { task: TaskId; result?: Result },
  facts: Facts,
): Pick<OpenNeed, "sentence" | "acts"> | null {
  const { task, result } = need;
  const fate = fateOf(task, facts);
  const person = "a person";
  switch (fate.kind) {
    case "open":
      return {
        sentence: `${task}, which is not done`,
        acts: facts.snapshot.fleet.tasks.get(task)?.task.agent ?? person,
      };
    case "dropped":
      return { sentence: `${task}, which was dropped`, acts: person };
    case "unknown":
      return { sentence: `${task}, which is neither on the board nor in its archive`, acts: person };
    case "done": {
      if (result === undefined || fate.result === result) return null;
      const ended = fate.result === null ? "without saying pass or fail" : `as ${fate.result}`;
      return { sentence: `${task} to end as ${result}, and it ended ${ended}`, acts: person };
    }
    default:
      return fate satisfies never;
  }
}

/** How a needed task stands: as its file or the archive says, or as the journal does. */
function fateOf(id: TaskId, facts: Facts): Fate {
  const { tasks, archived } = facts.snapshot.fleet;
  const task = tasks.get(id)?.task;
  if (task?.status === "todo") return journalFate(task, facts);
  const ended = task ?? archived.get(id);
  if (ended === undefined) return { kind: "unknown" };
  return ended.status === "dropped" ? { kind: "dropped" } : { kind: "done", result: ended.result ?? null };
}

/** A duty stands as its newest occurrence does. */
function journalFate(task: Task, { finished, newest }: Facts): Fate {
  const unit = isDuty(task) ? newest.get(task.id) : unitOf(task.id);
  const result = unit ? finished.get(unit) : undefined;
  return result === undefined ? { kind: "open" } : { kind: "done", result };
}
