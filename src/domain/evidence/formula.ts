import { grammarFault, filtering, type Node } from "./grammar.ts";
import type { InRecord, List } from "./record.ts";
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

/** The value, and the records that the formula picked out of a longer list. */
export interface Answer {
  value: string | number | boolean | null;
  records: InRecord[];
}

/** A formula that picks more records than these is about the list. */
const MOST_PICKED = 3;

/** jsonata calls what stands under these names before and after each evaluation. */
const BEFORE = Symbol.for("jsonata.__evaluate_entry");
const AFTER = Symbol.for("jsonata.__evaluate_exit");

/**
 * Computes a formula: JSONata without everything that loops, defines or asks the world. A formula that goes on for too
 * long is a fault, after the same number of steps on every machine.
 */
export async function evaluate(formula: string, ground: Ground): Promise<Answer | { fault: string }> {
  const { default: jsonata } = await import("jsonata");
  try {
    const expression = jsonata(formula);
    const ast = expression.ast();
    const wrong = grammarFault(ast);
    if (wrong !== null) return { fault: wrong };
    const reads = watchReads(ground, filtering(ast));
    hook(expression, BEFORE, (node, input) => {
      burn(ground.fuel, 1, 0);
      reads.note(node, input);
    });
    hook(expression, AFTER, (_node, _input, _scope, result) =>
      burn(ground.fuel, 0, Array.isArray(result) ? result.length : 0),
    );
    expression.registerFunction("cell", (row: unknown, column: unknown) => reads.cell(row, column));
    expression.registerFunction("char", (from: unknown, to: unknown) =>
      charsOf(ground, Number(from), Number(to)),
    );
    const value: unknown = await expression.evaluate(ground.root);
    return isSingle(value) ? { value, records: reads.picked() } : { fault: noValue(value) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

function charsOf({ characters }: Ground, from: number, to: number): number | string | undefined {
  const text = characters === null || !(from >= 0 && from < to) ? null : stretch(characters, from, to);
  return text === null ? undefined : cellValue(text.trim());
}

type Hook = (node: Node, input: unknown, scope: unknown, result: unknown) => void;

/** jsonata's own type of `assign` knows only names that are strings. */
const hook = (expression: { assign(at: string | symbol, run: Hook): void }, at: symbol, run: Hook): void =>
  expression.assign(at, run);

function burn(fuel: Fuel, steps: number, values: number): void {
  fuel.steps -= steps;
  fuel.values -= values;
  if (fuel.steps < 0 || fuel.values < 0)
    throw new Error("it takes too many steps: compute over fewer records");
}

const isSingle = (value: unknown): value is Answer["value"] =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

const noValue = (value: unknown): string =>
  value === undefined
    ? "it gives nothing: no such field, or no record that fits"
    : `it gives ${Array.isArray(value) ? `a list of ${value.length}` : "an object"}; expected one value`;

/** jsonata throws plain objects. */
function messageOf(error: unknown): string {
  const message: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "message") : null;
  return typeof message === "string" && message !== "" ? message : "it cannot be computed";
}

interface Reads {
  note(node: Node, input: unknown): void;
  cell(row: unknown, column: unknown): number | string | undefined;
  picked(): InRecord[];
}

/** Notes from which records of which lists the formula takes its values; what only filters does not count. */
function watchReads(ground: Ground, filters: ReadonlySet<Node>): Reads {
  const homes = homesOf(ground.root);
  const taken = new Map<readonly unknown[], Set<number>>();
  const take = (list: readonly unknown[], index: number): void => {
    taken.set(list, (taken.get(list) ?? new Set()).add(index));
  };
  const noteOne = (value: unknown): void => {
    const home = typeof value === "object" && value !== null ? homes.get(value) : undefined;
    if (home !== undefined) take(home.list, home.index);
  };
  return {
    note(node, input) {
      if (node.type !== "name" || filters.has(node)) return;
      for (const value of Array.isArray(input) ? input : [input]) noteOne(value);
    },
    cell(row, column) {
      const text = ground.table?.cells[Number(row) - 1]?.[Number(column) - 1];
      if (text === undefined) return undefined;
      if (Number(row) > 1) take(ground.table?.rows ?? [], Number(row) - 2);
      return cellValue(text);
    },
    picked: () =>
      [...taken].flatMap(([list, some]) =>
        some.size === list.length || some.size > MOST_PICKED
          ? []
          : [...some].map((index) => ({ list: ground.records(list), index })),
      ),
  };
}

type Homes = WeakMap<object, { list: readonly unknown[]; index: number }>;

const known = new WeakMap<object, Homes>();

/** Every object that is an element of an array, with its place there; found once for each document. */
function homesOf(root: unknown): Homes {
  const homes: Homes = new WeakMap();
  if (typeof root !== "object" || root === null) return homes;
  const there = known.get(root);
  if (there !== undefined) return there;
  const visit = (value: object): void => {
    if (Array.isArray(value))
      value.forEach((element: unknown, index) => {
        if (typeof element === "object" && element !== null && !Array.isArray(element))
          homes.set(element, { list: value, index });
      });
    for (const inner of Object.values(value) as unknown[])
      if (typeof inner === "object" && inner !== null) visit(inner);
  };
  visit(root);
  known.set(root, homes);
  return homes;
}
