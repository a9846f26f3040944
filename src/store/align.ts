import { isDeepStrictEqual } from "node:util";
import type { Sides } from "../domain/product/sides.ts";
import { editMatter } from "./edit.ts";
import { readMatter } from "./matter.ts";

type Value = string | number | boolean;
type Fields = Readonly<Record<string, unknown>>;

/**
 * Three versions of a file whose front matter was merged field by field: each gets the same merged front matter, so that
 * only the text below is left to merge. A field that one side changed is taken from that side, in the bytes of `ours`.
 * Null where both changed the same field to different values, or where a change cannot be written as a plain value.
 */
export function alignMatter({ base, ours, theirs }: Sides): Sides | null {
  const [was, here, there] = [partsOf(base), partsOf(ours), partsOf(theirs)];
  if (was === null || here === null || there === null) return null;
  const taken = fieldsTaken(was.data, here.data, there.data);
  if (taken === null) return null;
  const merged = partsOf(editMatter(ours, taken));
  if (merged === null) return null;
  return {
    base: merged.front + was.body,
    ours: merged.front + here.body,
    theirs: merged.front + there.body,
  };
}

function partsOf(text: string): { front: string; body: string; data: Fields } | null {
  const matter = readMatter("", text);
  if ("rule" in matter || matter.data === null) return null;
  return { front: text.slice(0, text.length - matter.body.length), body: matter.body, data: matter.data };
}

/** What `theirs` changed and `ours` did not. */
function fieldsTaken(base: Fields, ours: Fields, theirs: Fields): Record<string, Value> | null {
  const taken: Record<string, Value> = {};
  for (const key of new Set([...Object.keys(base), ...Object.keys(theirs)])) {
    const value = theirs[key];
    if (isDeepStrictEqual(value, base[key]) || isDeepStrictEqual(value, ours[key])) continue;
    if (!isDeepStrictEqual(ours[key], base[key]) || !isPlain(value)) return null;
    taken[key] = value;
  }
  return taken;
}

const isPlain = (value: unknown): value is Value => ["string", "number", "boolean"].includes(typeof value);
