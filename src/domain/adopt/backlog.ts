import { z } from "zod";
import type { Priority } from "../board/task.ts";
import { idFor, taskOf, type Board, type Item } from "./item.ts";
import { scalarOf, shown, wordsOf } from "./phrase.ts";
import { refusalAt, stemOf, type Drafted, type Source } from "./source.ts";
import { statusOf } from "./status.ts";

const PRIORITY: ReadonlyMap<unknown, Priority> = new Map([
  ["critical", "urgent"],
  ["urgent", "urgent"],
  ["high", "high"],
  ["medium", "normal"],
  ["normal", "normal"],
  ["low", "low"],
]);

/**
 * A task of Backlog.md. What it has archived, and what is only a draft, becomes dropped: nobody works on it, and what
 * needs it still finds it. https://github.com/MrLesk/Backlog.md
 */
export function draftBacklog(source: Source, board: Board): Drafted {
  const { id: theirs, title, priority, assignee, dependencies, due_date } = source.data ?? {};
  const refuse = (key: string, why: string): Drafted => ({
    ok: false,
    refusal: refusalAt(source, [key], [key, why]),
  });
  const id = idOf(theirs);
  if (id === null)
    return refuse("id", `no id can be made of ${shown(theirs)}; expected letters and digits, at most 48`);
  const status = statusOf(source);
  if (typeof status === "string")
    return refuse("status", `the status ${shown(source.data?.["status"])} is unknown; ${status}`);
  const needs = wordsOf(dependencies);
  // A task whose need is lost would be ready too soon.
  if (needs === null || needs.some((need) => idFor(need) === null))
    return refuse("dependencies", `${shown(dependencies)} cannot be read; expected a list of ids`);
  const rank = PRIORITY.get(typeof priority === "string" ? priority.toLowerCase() : priority);
  const due = z.iso.date().safeParse(due_date).data;
  const item: Item = {
    id,
    title: titleOf(title, source),
    status,
    assignees: { key: "assignee", said: assignee },
    priority: rank,
    needs,
    due,
    month: status.value === "todo" ? null : monthOf(source),
    understood: [
      "id",
      "title",
      "status",
      "dependencies",
      ...(rank === undefined ? [] : ["priority"]),
      ...(due === undefined ? [] : ["due_date"]),
    ],
  };
  return taskOf(source, item, board);
}

/** The id that a source's task will have; null when it names none that can be had. */
export const idOf = (theirs: unknown): Item["id"] | null => {
  const id = scalarOf(theirs);
  return id === null ? null : idFor(id);
};

/** Files are called `back-12 - Words-of-the-title.md`. */
function titleOf(said: unknown, source: Source): Item["title"] {
  const title = scalarOf(said);
  if (title !== null) return { value: title };
  return {
    value: stemOf(source)
      .replace(/^\S+ - /, "")
      .replaceAll("-", " "),
    guess: "the file's name",
  };
}

/** When it ended, as far as the file knows. */
function monthOf({ data }: Source): string | null {
  for (const key of ["completed_date", "updated_date", "created_date"]) {
    const value = data?.[key];
    const month = typeof value === "string" ? /^\d{4}-(?:0[1-9]|1[0-2])(?=-)/.exec(value)?.[0] : undefined;
    if (month !== undefined) return month;
  }
  return null;
}
