import type { Other } from "./other-source.ts";
import type { List } from "./record.ts";
import { cellValue } from "./row.ts";
import { stretch } from "./stretch.ts";
import type { Table } from "./table.ts";

/** What a formula may see. */
export interface Ground {
  root: unknown;
  /** For `$cell`; null when the document is no table. */
  table: { cells: Table; rows: readonly unknown[] } | null;
  /** For `$char`; null when the document is no plain text. */
  characters: readonly string[] | null;
  records(array: readonly unknown[]): List;
  fuel: Fuel;
  /** For computing again whether a value follows from the source. */
  doubt: Doubt;
}

/**
 * What formulas may still use: evaluations of a part of one, and values that pass through lists. It is counted, so that
 * the end never depends on a clock.
 */
export interface Fuel {
  steps: number;
  values: number;
}

/** For all formulas of one verification. */
export const FUEL: Readonly<Fuel> = { steps: 300_000, values: 5_000_000 };

/** What computing again may use, and the sources as they would say something else. */
export interface Doubt extends Fuel {
  others: Map<string, Other>;
}

/** As much again for each of two more looks, which is what nearly all of them take. */
export const newDoubt = (): Doubt => ({ steps: 2 * FUEL.steps, values: 2 * FUEL.values, others: new Map() });

/** The value at these characters, and where it begins. */
export function charsOf(
  { characters }: Ground,
  from: number,
  to: number,
): { value: number | string; start: number } | null {
  const text = characters === null || !(from >= 0 && from < to) ? null : stretch(characters, from, to);
  if (text === null) return null;
  return { value: cellValue(text.trim()), start: from + text.length - text.trimStart().length };
}

/** What a cell holds, as formulas see it. */
export function cellOf({ table }: Ground, row: number, column: number): number | string | undefined {
  const text = table?.cells[row - 1]?.[column - 1];
  return text === undefined ? undefined : cellValue(text);
}
