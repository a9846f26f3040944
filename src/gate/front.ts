import { frontOf } from "../domain/text/front.ts";
import { isDuty, type Result, type TaskFile } from "../domain/board/task.ts";
import type { GateInput } from "./gate.ts";

/** A top-level field written on one line; null when there is none, or more than one. */
export function fieldOf(text: string, key: string): string | null {
  const found = (frontOf(text) ?? "").split(/\r?\n/).filter((line) => line.startsWith(`${key}:`));
  const [line] = found;
  if (line === undefined || found.length > 1) return null;
  return line
    .slice(key.length + 1)
    .replace(/\s#.*$/, "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2");
}

/** Lines of a front matter that are no plain field, list item or comment: YAML may read there what `fieldOf` does not see. */
export const oddLines = (text: string): string[] =>
  (frontOf(text) ?? "")
    .split(/\r?\n/)
    .filter((line) => !/^(?:\uFEFF?---[ \t]*|[a-z_]+:(?: .*)?|[ #].*|-(?: .*)?|)$/.test(line));

/** What a finished task's front matter gets, and nothing else. */
export const finished = (result: Result | null): Record<string, string> => ({
  status: "done",
  ...(result === null ? {} : { result }),
});

/** True when the task's file says that it is finished, with or without a result, and changed in nothing else. */
export function saysDone(input: Pick<GateInput, "edit">, before: string, after: string): boolean {
  const front = frontOf(after);
  const results: (Result | null)[] = [null, "pass", "fail"];
  return front !== null && results.some((r) => frontOf(input.edit(before, finished(r))) === front);
}

/** A task that ends by its file; a duty's occurrence ends by its merge. */
export const endsByFile = (input: Pick<GateInput, "kind"> & { task: Pick<TaskFile, "task"> }): boolean =>
  input.kind === "work" && !isDuty(input.task.task);
