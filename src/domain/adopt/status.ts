import { nearest } from "../text/near.ts";
import type { Task } from "../board/task.ts";
import type { Source } from "./source.ts";

/** A task's status here, and why it is a guess. */
interface Status {
  value: Task["status"];
  guess?: string;
}

/** Names of Backlog.md's columns, and of those that people add. What is not here is not guessed. */
const COLUMNS: Readonly<Record<Task["status"], string>> = {
  todo: "to do, todo, open, new, backlog, icebox, next, ready, planned, blocked, on hold, waiting, in progress, doing, started, active, review, in review, testing, qa",
  done: "done, completed, complete, closed, finished, shipped, released",
  dropped:
    "draft, won't do, won't fix, wontfix, cancelled, canceled, rejected, dropped, duplicate, obsolete, archived, abandoned",
};
const STATUSES: ReadonlyMap<string, Task["status"]> = new Map(
  (["todo", "done", "dropped"] as const).flatMap((status) =>
    COLUMNS[status].split(", ").map((column) => [column, status] as const),
  ),
);

/** Columns that mean here what they mean there. */
const EXACT = new Set(["to do", "todo", "done"]);

const FOLDER = /(?:^|[\\/])(?:(completed)|(drafts|archive[\\/](?:tasks|drafts)))[\\/][^\\/]+$/;

/**
 * The status of a task of Backlog.md. Its folder has the last word, for moving a file is what ends a task over there.
 * A sentence when nobody can say.
 */
export function statusOf({ file, data }: Source): Status | string {
  const [, isCompleted, isAway] = FOLDER.exec(file) ?? [];
  if (isAway !== undefined) return { value: "dropped", guess: "it was a draft or archived there" };
  const column = columnOf(data?.["status"]);
  const value = STATUSES.get(column);
  if (isCompleted !== undefined && (value === undefined || value === "todo"))
    return { value: "done", guess: "it was completed there" };
  if (column === "") return { value: "todo", guess: "the file names no status" };
  if (value === undefined) return `expected such as To Do, In Progress or Done${meant(column)}`;
  return EXACT.has(column) ? { value } : { value, guess: "the nearest status here" };
}

const meant = (column: string): string => {
  const near = nearest(column, STATUSES.keys());
  return near === null ? "" : `; did you mean ${near}?`;
};

/** Empty when there is none. What is no text is a column that nobody knows. */
function columnOf(said: unknown): string {
  if (said === undefined || said === null) return "";
  return typeof said === "string" ? said.trim().toLowerCase().replaceAll("’", "'") : "?";
}
