import type { Table } from "./table.ts";

/** Records that stand beside each other: the elements of an array, or the rows of a table. */
export interface List {
  /** Of each record the names that tell it from the others; none where it has no identity. */
  names: readonly (readonly string[])[];
  /** Which records a folded name stands for. */
  byName: ReadonlyMap<string, readonly number[]>;
  /** Words of the longest name. */
  longest: number;
}

/** A record that a place lies in. */
export interface InRecord {
  list: List;
  index: number;
}

/** Fields that name a record, wherever they stand; a spec may add its own. */
export const KEYS: readonly string[] = ["id", "name", "slug"];

/** Names are told apart by their letters and digits: `roofing-us` is `Roofing US`. */
export const fold = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const isKey = (field: string, keys: readonly string[]): boolean => keys.includes(field.trim().toLowerCase());

const isPlain = (value: unknown): value is string | number =>
  (typeof value === "string" && value.trim() !== "") || typeof value === "number";

/** The records of an array. Elements that are no objects have no names. */
export function recordsOf(array: readonly unknown[], keys: readonly string[]): List {
  return listOf(
    array.map((element) =>
      typeof element !== "object" || element === null || Array.isArray(element)
        ? []
        : Object.entries(element).flatMap(([field, value]: [string, unknown]) =>
            isKey(field, keys) && isPlain(value) ? [String(value)] : [],
          ),
    ),
  );
}

/** The rows below a table's header, by its key columns; where the header has none, the first column is it. */
export function rowsOf(table: Table, keys: readonly string[]): List {
  const [header = [], ...rows] = table;
  const columns = header.flatMap((field, i) => (isKey(field, keys) ? [i] : []));
  const named = columns.length === 0 ? [0] : columns;
  return listOf(rows.map((row) => named.map((i) => row[i] ?? "").filter((name) => name.trim() !== "")));
}

function listOf(all: readonly (readonly string[])[]): List {
  const everybody = index(all);
  const names = all.map((own) => {
    const alone = own.filter((name) => everybody.get(fold(name))?.length === 1);
    const kept = alone.length > 0 ? alone : own;
    // A bare number stands in many sentences that are about something else.
    const words = kept.filter((name) => /\p{L}/u.test(name));
    return words.length > 0 ? words : kept;
  });
  const byName = index(names);
  const longest = Math.min(MOST_WORDS, Math.max(1, ...lengths(byName.keys())));
  return { names, byName, longest };
}

/** Names are not looked for beyond so many words. */
const MOST_WORDS = 16;

function* lengths(names: Iterable<string>): Generator<number> {
  let longest = 1;
  for (const name of names) longest = Math.max(longest, name.split(" ").length);
  yield longest;
}

function index(all: readonly (readonly string[])[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  all.forEach((own, i) => {
    for (const name of new Set(own.map(fold))) {
      if (name === "") continue;
      const there = found.get(name);
      if (there === undefined) found.set(name, [i]);
      else there.push(i);
    }
  });
  return found;
}

/** The records that a text names. Of names within names only the longest counts: `roofing us 2` does not name `roofing us`. */
export function namedIn(text: string, list: List): Set<number> {
  const words = fold(text).split(" ");
  const named = new Set<number>();
  for (let at = 0; at < words.length; at++)
    for (let size = Math.min(list.longest, words.length - at); size > 0; size--) {
      const found = list.byName.get(words.slice(at, at + size).join(" "));
      if (found === undefined) continue;
      for (const i of found) named.add(i);
      at += size - 1;
      break;
    }
  return named;
}
