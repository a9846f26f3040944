import { bytesOf } from "./text.ts";

/** How many lines a change adds and takes away, and how many bytes the added ones hold. */
export interface LineCount {
  added: number;
  removed: number;
  bytes: number;
}

const linesOf = (text: string | null): string[] =>
  text === null || text === "" ? [] : text.replace(/\n$/, "").split("\n");

/**
 * Counts lines that one text has and the other has not, as often as they occur. A line that only moved counts for
 * nothing, so these are at most the numbers that `git diff --stat` shows; the cost is that of reading both texts once.
 */
export function countLines(before: string | null, after: string | null): LineCount {
  const left = new Map<string, number>();
  for (const line of linesOf(before)) left.set(line, (left.get(line) ?? 0) + 1);
  const count = { added: 0, removed: 0, bytes: 0 };
  for (const line of linesOf(after)) {
    const stock = left.get(line) ?? 0;
    if (stock > 0) left.set(line, stock - 1);
    else {
      count.added++;
      count.bytes += bytesOf(line) + 1;
    }
  }
  for (const stock of left.values()) count.removed += stock;
  return count;
}
