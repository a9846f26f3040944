import { bodyOf } from "../text/front.ts";

/** A box that is still empty, at the beginning of a list's item. */
const EMPTY = /^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[ \](?=[ \t])/;

const linesOf = (text: string): string[] => bodyOf(text).trimEnd().split(/\r?\n/);

/**
 * True when all that a task's file asked for still stands in it: boxes may be ticked, and lines added below. Whatever else
 * changes below the front matter changes what people wanted.
 */
export function keepsBrief(before: string, after: string): boolean {
  const now = linesOf(after);
  return linesOf(before).every((line, i) => now[i] === line || now[i] === line.replace(EMPTY, "$1[x]"));
}
