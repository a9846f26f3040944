import type { Finding } from "../finding.ts";
import type { TaskId } from "../id.ts";
import { isNamedFor, type Task, type TaskFile } from "./task.ts";

/** Tasks by id, and what is wrong where several files say that they are one and the same. */
export interface Sorted {
  tasks: Map<TaskId, TaskFile>;
  findings: Finding[];
}

/**
 * One file for each id. A file that is not named after the id which it claims hides nothing but itself. Where names do not
 * tell which of several is meant, each of them is in error, so that none is worked: what stands for them meanwhile is the
 * one that says least of an end, for a copy must neither begin work that is done nor let others rely on work that is not.
 */
export function sorted(files: readonly TaskFile[]): Sorted {
  const tasks = new Map<TaskId, TaskFile>();
  const findings: Finding[] = [];
  for (const [id, of] of Map.groupBy(files, (f) => f.task.id)) {
    const named = of.filter((f) => isNamedFor(f.path, id));
    const meant = named.length > 0 ? named : of;
    const [first, ...others] = meant.toSorted(byEnd);
    if (first === undefined) continue;
    tasks.set(id, first);
    const strays = of.filter((f) => !meant.includes(f));
    findings.push(...strays.map((f) => stray(f, first)));
    if (others.length > 0) findings.push(...meant.map((f) => twin(f, meant)));
  }
  return { tasks, findings };
}

const ENDS: readonly Task["status"][] = ["todo", "dropped", "done"];

const byEnd = (a: TaskFile, b: TaskFile): number =>
  ENDS.indexOf(a.task.status) - ENDS.indexOf(b.task.status) || (a.path < b.path ? -1 : 1);

const stray = (file: TaskFile, first: TaskFile): Finding =>
  duplicate(
    file,
    `the id ${file.task.id} is that of ${first.path}, and this file is not named after it; it is ignored until it has an id of its own`,
  );

function twin(file: TaskFile, meant: readonly TaskFile[]): Finding {
  const others = meant.filter((f) => f !== file).map((f) => f.path);
  return duplicate(
    file,
    `the id ${file.task.id} is that of ${others.join(" and ")} too; none of them is worked until each has an id of its own`,
  );
}

const duplicate = (file: TaskFile, message: string): Finding => ({
  rule: "task/duplicate-id",
  level: "error",
  message,
  file: file.path,
  ...file.at(["id"]),
});
