import type { Sides } from "./sides.ts";

/**
 * A file that both sides only added whole lines to, at its end: what `theirs` added, byte for byte, behind what `ours`
 * did. Null for everything else: a side that touched what was there, the last line without its end included; and lines that both
 * added, since nobody can tell whether that is one fact or two.
 */
export function appendAgain({ base, ours, theirs }: Sides): string | null {
  const [here, there] = [addedTo(base, ours), addedTo(base, theirs)];
  if (here === null || there === null || share(here, there)) return null;
  return `${ended(ours)}${there}`;
}

/** The lines behind `base`; null when it is not the beginning, or when its last line goes on. */
function addedTo(base: string, side: string): string | null {
  if (!side.startsWith(base)) return null;
  const added = side.slice(base.length);
  if (base === "" || base.endsWith("\n") || added === "") return added;
  const [end] = /^\r?\n/.exec(added) ?? [];
  return end === undefined ? null : added.slice(end.length);
}

/** Lines without a letter or a digit (rules, blank ones) tell nothing. */
function share(here: string, there: string): boolean {
  const known = new Set(linesOf(here));
  return linesOf(there).some((line) => known.has(line));
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => /[\p{L}\p{N}]/u.test(line));

/** With its last line ended, as its other lines are. */
function ended(text: string): string {
  if (text === "" || text.endsWith("\n")) return text;
  return text + (text.includes("\r\n") ? "\r\n" : "\n");
}
