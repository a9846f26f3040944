import { computed } from "./decimal.ts";
import { evaluate } from "./formula.ts";
import type { Ground } from "./ground.ts";
import { isJson, isTable, type Library } from "./library.ts";
import type { InRecord, List } from "./record.ts";
import type { Resolved } from "./resolve.ts";
import { recordsFor } from "./row.ts";
import { at, walk } from "./walk.ts";

/** Computes a formula over a document, or over the part of it that a pointer names. */
export async function formulaAt(
  path: string,
  { steps, formula }: { steps: readonly string[]; formula: string },
  library: Library,
): Promise<Resolved | { fault: string }> {
  const scope = await scopeOf(path, steps, library);
  if ("fault" in scope) return scope;
  const { root, records, ...rest } = scope;
  const ground = {
    root,
    ...rest,
    fuel: library.fuel,
    doubt: library.doubt,
    records: (array: readonly unknown[]) => scope.lists(array),
  };
  const result = await evaluate(formula, ground);
  if ("fault" in result) return { fault: `the formula over ${at(path, steps)}: ${result.fault}` };
  const { value } = result;
  const number = typeof value === "number" ? computed(value) : null;
  if (typeof value === "number" && number === null)
    return { fault: `the formula over ${path} gives ${value}` };
  const text = typeof value === "number" ? String(Number(value.toPrecision(15))) : String(value);
  return { found: { kind: "value", text, number }, records: [...records, ...result.records], steps: [] };
}

/** What a formula is computed over. */
interface Scope {
  root: unknown;
  table: Ground["table"];
  characters: readonly string[] | null;
  records: readonly InRecord[];
  lists: (array: readonly unknown[]) => List;
}

/** A table is `rows`, each by its header's names; any cell is `$cell(row, column)`. Of other text `$char(from, to)` is a part. */
async function scopeOf(
  path: string,
  steps: readonly string[],
  library: Library,
): Promise<Scope | { fault: string }> {
  if (isTable(path)) {
    if (steps.length > 0) return { fault: `${path} is a table: a formula over it takes no pointer` };
    const read = await library.table(path);
    if ("fault" in read) return read;
    const rows = recordsFor(read.table);
    return {
      root: rows.root,
      table: { cells: read.table, rows: rows.root.rows },
      characters: null,
      records: [],
      lists: (array) => (array === rows.root.rows ? read.rows : library.records(array)),
    };
  }
  const lists = (array: readonly unknown[]): List => library.records(array);
  const read = await library.document(path);
  const text = isJson(path) ? null : await library.characters(path);
  if (text !== null && "characters" in text && ("fault" in read || steps.length === 0)) {
    const root = "fault" in read ? {} : read.document.root;
    return { root, table: null, characters: text.characters, records: [], lists };
  }
  if ("fault" in read) return read;
  const end = walk(path, steps, { document: read.document, library });
  if ("fault" in end) return end;
  return { root: end.value, table: null, characters: null, records: end.records, lists };
}
