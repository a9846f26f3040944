import { depends } from "./dependence.ts";
import { parsed, type Functions, type Watch } from "./expression.ts";
import { grammarFault } from "./grammar.ts";
import { cellOf, charsOf, type Fuel, type Ground } from "./ground.ts";
import { literalFault } from "./literals.ts";
import type { Other } from "./other-source.ts";
import { watchReads } from "./reads.ts";
import type { InRecord } from "./record.ts";

/** The value, and the records that the formula picked out of a longer list. */
export interface Answer {
  value: string | number | boolean | null;
  records: InRecord[];
}

/**
 * Computes a formula: JSONata without everything that loops, defines or asks the world. A formula that goes on for too
 * long is a fault, after the same number of steps on every machine; so is one whose value is its own, and not the source's.
 */
export async function evaluate(formula: string, ground: Ground): Promise<Answer | { fault: string }> {
  try {
    const expression = await parsed(formula);
    const wrong = grammarFault(expression.tree) ?? literalFault(expression.tree);
    if (wrong !== null) return { fault: wrong };
    const reads = watchReads(ground, expression.tree);
    const functions = {
      cell: (row: unknown, column: unknown) => reads.cell(Number(row), Number(column)),
      char: (from: unknown, to: unknown) => charsOf(ground, Number(from), Number(to))?.value,
    };
    const value = await expression.compute(ground.root, burning(ground.fuel, reads), functions);
    if (!isSingle(value)) return { fault: noValue(value) };
    if (!reads.found()) return { fault: "it reads nothing from the source, so it proves nothing" };
    const records = reads.picked();
    const { root, doubt } = ground;
    const again = { root, watch: burning(doubt), functions: readingOther(ground), others: doubt.others };
    const isProof = await depends(formula, value, again);
    if (doubt.steps < 0 || doubt.values < 0) return { fault: TOO_LONG };
    return isProof
      ? { value, records }
      : { fault: "its value stays the same whatever the source says, so it proves nothing" };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** Counts each step, and each value of a list, and passes on what is computed. */
const burning = (fuel: Fuel, also?: Watch): Watch => ({
  before(node, input) {
    burn(fuel, 1, 0);
    also?.before(node, input);
  },
  after(node, result) {
    burn(fuel, 0, Array.isArray(result) ? result.length : 0);
    also?.after(node, result);
  },
});

/** `$cell` and `$char` over a source that says something else. A cell is the same place as its row's field. */
const readingOther =
  (ground: Ground) =>
  (other: Other): Functions => ({
    cell(row, column) {
      const [r, c] = [Number(row), Number(column)];
      const value = cellOf(ground, r, c);
      const record: unknown = ground.table?.rows[r - 2];
      const name = ground.table?.cells[0]?.[c - 1] ?? "";
      if (value === undefined || ground.table === null) return undefined;
      return typeof record === "object" && record !== null && Reflect.get(record, name) === value
        ? Reflect.get(Object(other.of(record)), name)
        : other.at(ground.table.cells, `${r},${c}`, value);
    },
    char(from, to) {
      const there = charsOf(ground, Number(from), Number(to));
      return there === null || ground.characters === null
        ? undefined
        : other.at(ground.characters, String(there.start), there.value);
    },
  });

const TOO_LONG = "it takes too many steps: compute over fewer records";

function burn(fuel: Fuel, steps: number, values: number): void {
  fuel.steps -= steps;
  fuel.values -= values;
  if (fuel.steps < 0 || fuel.values < 0) throw new Error(TOO_LONG);
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
