import type { z } from "zod";
import { Fault } from "../fault.ts";
import { expectation } from "./expectation.ts";

/** What somebody typed for a field of a file, as its schema takes it; a `Fault` `usage` that says what it must be. */
export function fieldOf<S extends z.ZodType>(schema: S, option: string, typed: unknown): z.output<S> {
  const read = schema.safeParse(typed, { reportInput: true });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Fault("usage", `${option} ${JSON.stringify(typed)} cannot be taken`, {
    expected: issue === undefined ? "something else" : wanted(expectation(issue)),
  });
}

/** What to write instead; what was written stands there already. */
const wanted = (said: string): string =>
  said.replace(/^(?:[^;]*; )?expected /, "").replace(/, found (?:"[^"]*"|nothing)(?=;|$)/, "");

/** A title as people type it: one line that says something. */
export function titleOf(typed: string): string {
  const title = typed.trim();
  if (title !== "" && title.length <= 200 && /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u.test(title)) return title;
  throw new Fault("usage", title === "" ? "the title is empty" : "the title is no title", {
    expected: "one line of at most 200 characters",
    next: "what takes more lines is a brief: -m, or --edit",
  });
}

/** A commit's first line: the beginning, and as much of a title as 72 characters leave. */
export function subjectOf(begin: string, title: string): string {
  const room = Math.max(10, 72 - begin.length - 2);
  const letters = Array.from(title);
  return `${begin}: ${letters.length <= room ? title : `${letters.slice(0, room - 1).join("")}…`}`;
}
