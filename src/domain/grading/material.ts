import { structuredPatch } from "diff";
import type { TextChange } from "../change.ts";
import { bytesOf } from "../text/text.ts";

/** More than this no grader is shown: what it had not seen it could not judge. */
const MOST_BYTES = 160_000;
/** Unchanged lines around a change. */
const CONTEXT = 5;
/** Differing lines up to which two versions are compared; beyond, both are shown whole. Counted, so that every machine agrees. */
const MOST_EDITS = 4000;

/** A proposal as a grader is shown it, one part a file; or why nobody could judge it. */
export type Material = { files: { path: string; text: string }[] } | { unfit: string };

/** The whole change, every line with its number. Nothing of it is left out: a part of it would be judged as the whole. */
export function materialOf(changes: readonly TextChange[]): Material {
  const binary = changes.find((c) => c.binary || (c.newMode !== "000000" && c.after === null));
  if (binary !== undefined) return { unfit: `${binary.path} is not text, so a grader cannot see it` };
  if (changes.length === 0) return { unfit: "it changes nothing" };
  const files = changes.map((change) => ({ path: change.path, text: linesOf(change) }));
  const bytes = files.reduce((sum, f) => sum + bytesOf(f.text), 0);
  return bytes > MOST_BYTES
    ? { unfit: `it changes ${bytes} bytes of text, and a grader is shown ${MOST_BYTES} at most` }
    : { files };
}

function linesOf({ path, before, after }: TextChange): string {
  if (before === null) return `new file\n${numbered(after ?? "", "+")}`;
  if (after === null) return `deleted\n${numbered(before, "-")}`;
  const patch = structuredPatch(path, path, before, after, undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MOST_EDITS,
  });
  if (patch === undefined)
    return `rewritten; before:\n${numbered(before, "-")}\nafter:\n${numbered(after, "+")}`;
  if (patch.hunks.length === 0) return "its text is as it was; its mode changes";
  return patch.hunks.map(hunkText).join("\n  ...\n");
}

interface Hunk {
  oldStart: number;
  newStart: number;
  lines: readonly string[];
}

/** Kept and new lines carry the number that they have now, lines that go the one that they had. */
function hunkText({ oldStart, newStart, lines }: Hunk): string {
  let [was, is] = [oldStart, newStart];
  return lines
    .filter((line) => !line.startsWith("\\"))
    .map((line) => {
      const [sign, text] = [line.slice(0, 1), line.slice(1)];
      const number = sign === "-" ? was : is;
      if (sign !== "+") was++;
      if (sign !== "-") is++;
      return `${sign}${String(number).padStart(5)}  ${text}`;
    })
    .join("\n");
}

const numbered = (text: string, sign: "+" | "-"): string =>
  hunkText({ oldStart: 1, newStart: 1, lines: splitLines(text).map((line) => `${sign}${line}`) });

/** Lines as people count them: a last line break ends a line and begins none. */
export const splitLines = (text: string): string[] =>
  text === "" ? [] : text.replace(/\n$/, "").split("\n");
