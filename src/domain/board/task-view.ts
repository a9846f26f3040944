import { boardView, type TaskView } from "./board.ts";
import type { TaskId } from "../id.ts";
import type { Snapshot } from "../snapshot.ts";
import { needsOf, type Result } from "./task.ts";

/** Something that a task needs, and how that stands. */
export interface NeedView {
  task: TaskId;
  /** With which result it must end; null for any. */
  result: Result | null;
  title: string | null;
  /** Null: neither on the board nor in its archive. */
  state: string | null;
  met: boolean;
}

/** One task among the others. */
export interface Neighbours {
  /** Its unit; of a duty, the occurrences that are open and the newest. */
  units: TaskView[];
  needs: NeedView[];
  /** Tasks that are to be done and need this one. */
  neededBy: TaskId[];
}

/** How a task of the board stands among those that it needs, and those that need it. */
export function neighbours(id: TaskId, snapshot: Snapshot): Neighbours {
  const { tasks, archived } = snapshot.fleet;
  const board = boardView(snapshot);
  const units = board.filter((v) => v.task === id);
  const open = new Set(units.flatMap((v) => v.needs));
  const file = tasks.get(id);
  const needs = (file === undefined ? [] : needsOf(file.task)).map(({ task, result }): NeedView => ({
    task,
    result: result ?? null,
    title: tasks.get(task)?.task.title ?? null,
    state: board.findLast((v) => v.task === task)?.state ?? archived.get(task)?.status ?? null,
    met: !open.has(task),
  }));
  const waits = [...tasks.values()].filter(
    ({ task }) => task.status === "todo" && needsOf(task).some((n) => n.task === id),
  );
  return { units, needs, neededBy: waits.map(({ task }) => task.id) };
}
