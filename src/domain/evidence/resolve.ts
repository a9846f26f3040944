import { decimalOf } from "./decimal.ts";
import { isTable, type Library } from "./library.ts";
import { formulaAt } from "./scope.ts";
import { at, kindOf, walk } from "./walk.ts";
import type { Found } from "./match.ts";
import { stretch } from "./stretch.ts";
import type { InRecord } from "./record.ts";
import type { Target } from "./target.ts";

/** What stands at a target, and the records it belongs to. */
export interface Resolved {
  found: Found;
  /** Outermost first. A formula's are those it picks out of a longer list. */
  records: readonly InRecord[];
  /** The steps to the value, for `units`: a JSON Pointer's, or the column's header. */
  steps: readonly string[];
}

type Outcome = Resolved | { fault: string };

/** Characters of the lines that one quotation is looked for in. */
const MOST_PASSAGE = 20_000;

/** Reads what a target points to. */
export async function resolve(target: Target, library: Library): Promise<Outcome> {
  const { path, spot } = target;
  switch (spot.kind) {
    case "cell":
      return cellAt(path, spot, library);
    case "lines":
      return linesAt(path, spot, library);
    case "characters":
      return charactersAt(path, spot, library);
    case "pointer":
      return target.formula === null
        ? pointerAt(path, spot.steps, library)
        : formulaAt(path, { steps: spot.steps, formula: target.formula }, library);
    default:
      return spot satisfies never;
  }
}

async function cellAt(
  path: string,
  { row, column }: { row: number; column: number },
  library: Library,
): Promise<Outcome> {
  const read = await library.table(path);
  if ("fault" in read) return read;
  const cells = read.table[row - 1];
  if (cells === undefined) return { fault: `${path} has ${read.table.length} rows, and no row ${row}` };
  const text = cells[column - 1];
  if (text === undefined)
    return { fault: `row ${row} of ${path} has ${cells.length} cells, and no cell ${column}` };
  return {
    found: { kind: "value", text, number: null },
    records: row === 1 ? [] : [{ list: read.rows, index: row - 2 }],
    steps: [read.table[0]?.[column - 1] ?? ""],
  };
}

async function linesAt(
  path: string,
  { from, to }: { from: number; to: number },
  library: Library,
): Promise<Outcome> {
  const read = await library.lines(path);
  if ("fault" in read) return read;
  const { lines } = read;
  if (to > lines.length) return { fault: `${path} has ${lines.length} lines, and no line ${to}` };
  const text = lines.slice(from - 1, to).join("\n");
  return text.length > MOST_PASSAGE
    ? { fault: `lines ${from} to ${to} of ${path} hold more than ${MOST_PASSAGE} characters: point to fewer` }
    : { found: { kind: "passage", text }, records: [], steps: [] };
}

async function charactersAt(
  path: string,
  { from, to }: { from: number; to: number },
  library: Library,
): Promise<Outcome> {
  const read = await library.characters(path);
  if ("fault" in read) return read;
  const { characters } = read;
  if (to > characters.length) return { fault: `${path} has ${characters.length} characters` };
  const text = stretch(characters, from, to);
  if (text === null)
    return { fault: `characters ${from} to ${to} of ${path} cut through a word or a number` };
  return { found: { kind: "value", text, number: null }, records: [], steps: [] };
}

async function pointerAt(path: string, steps: readonly string[], library: Library): Promise<Outcome> {
  if (isTable(path)) return { fault: `${path} is a table: point to a cell, as in #cell=5,2` };
  const read = await library.document(path);
  if ("fault" in read) return read;
  const end = walk(path, steps, { document: read.document, library });
  if ("fault" in end) return end;
  const found = scalar(end.value, read.document.written(end.holder, steps.at(-1) ?? ""));
  return found === null
    ? { fault: `${at(path, steps)} is ${kindOf(end.value)}, and no single value` }
    : { found, records: end.records, steps };
}

/** A single value as it is written; null for lists and objects. */
function scalar(value: unknown, written?: string): Found | null {
  if (typeof value === "number")
    return { kind: "value", text: written ?? String(value), number: decimalOf(written ?? String(value)) };
  if (typeof value === "string") return { kind: "value", text: value, number: null };
  return typeof value === "boolean" || value === null
    ? { kind: "value", text: String(value), number: null }
    : null;
}
