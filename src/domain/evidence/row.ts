import { amountOf } from "./amount.ts";
import { scaled } from "./decimal.ts";
import type { Table } from "./table.ts";

/** What a formula sees of a cell: its number where it is one (12% is 0.12), else its text. */
export function cellValue(text: string): number | string {
  const amount = amountOf(text);
  if (amount === null || amount.ordinal) return text;
  const { digits, places } = amount.percent ? scaled(amount.value, -2) : amount.value;
  return Number(`${digits}e-${places}`);
}

type Rows = Record<string, number | string>[];

const known = new WeakMap<Table, { root: { rows: Rows } }>();

/** A table as formulas see it, made once. */
export function recordsFor(table: Table): { root: { rows: Rows } } {
  const made = known.get(table) ?? { root: { rows: rowRecords(table) } };
  known.set(table, made);
  return made;
}

/** The rows below the header as objects by its names. Of columns with one name the first counts. */
function rowRecords(table: Table): Rows {
  const [header = [], ...rows] = table;
  const columns = [...new Map(header.map((name, i) => [name, i] as const).toReversed())].filter(
    ([name]) => name !== "",
  );
  return rows.map((row) =>
    Object.fromEntries(columns.map(([name, i]) => [name, cellValue(row[i] ?? "")] as const)),
  );
}
