import { parsed, type Functions, type Watch } from "./expression.ts";
import { filtersOf, nodesAt, partsOf, type Node } from "./grammar.ts";
import { otherSource, type Change, type Other } from "./other-source.ts";

type Value = string | number | boolean | null;

/** What a formula was computed over, and how it can be computed again. */
interface Source {
  root: unknown;
  watch: Watch;
  /** Its functions, over a source that says something else. */
  functions(other: Other): Functions;
  /** The same source in other ways, as far as it was made for other formulas. */
  others: Map<string, Other>;
}

/** Less than this part of itself is no change: it is noise of fractions, or a number that was hidden behind another. */
const LEAST = 1e-5;

/**
 * True when the value follows from what the formula reads: it is computed again as if the source said something else, in
 * several ways, and moves at least once. `n / n * 99` never does. Words can only be read, and `false` says nothing.
 */
export async function depends(formula: string, value: Value, source: Source): Promise<boolean> {
  if (typeof value === "string" || value === null || value === false) return true;
  for (const way of WAYS) if (isOther(value, await valueThen(formula, source, way))) return true;
  return false;
}

const isOther = (value: number | boolean, then: unknown): boolean =>
  typeof value === "number" && typeof then === "number"
    ? Math.abs(value - then) > LEAST * Math.max(Math.abs(value), Math.abs(then))
    : then === !value;

interface Way extends Change {
  name: string;
  /** Filters by words or numbers let everything through. */
  isOpen?: boolean;
}

/** Between 0 and 1, the same for each place on every machine. */
const share = (nth: number, kind: number): number =>
  (Math.imul(nth * 8 + kind + 1, 2_654_435_761) >>> 0) / 2 ** 32;

const same = <T>(value: T): T => value;
const wide =
  (kind: number) =>
  (value: number, nth: number): number =>
    (value === 0 ? 1 : value) * 10 ** (6 * share(nth, kind) - 3);

/** The most telling first: nearly every honest formula moves in one of the first two. */
const WAYS: readonly Way[] = [
  { name: "more", number: (n, nth) => n * (1.3 + 2 * share(nth, 0)) + share(nth, 1), text: same },
  { name: "longer", number: same, text: same, isLonger: true },
  { name: "open", number: same, text: same, isOpen: true },
  { name: "less", number: (n, nth) => -n - share(nth, 0) / 1e6, text: same },
  { name: "wide", number: wide(2), text: same },
  { name: "wider", number: wide(3), text: same },
  { name: "words", number: same, text: (text) => `${text}?` },
  { name: "gone", number: () => undefined, text: () => undefined },
];

/** What the formula would give; undefined where it would give nothing. */
async function valueThen(formula: string, source: Source, way: Way): Promise<unknown> {
  const other = source.others.get(way.name) ?? otherSource(way);
  source.others.set(way.name, other);
  try {
    const expression = await parsed(formula);
    freeFilters(expression.tree, way.isOpen === true);
    const functions = { ...source.functions(other), [TRUTH]: (value: unknown) => other.original(value) };
    const then = await expression.compute(other.of(source.root), source.watch, functions);
    // Nothing equals nothing: that is no other answer.
    return way.name === "gone" && typeof then === "boolean" ? undefined : then;
  } catch {
    return undefined;
  }
}

/** No formula can call it: the grammar refuses its name. */
const TRUTH = "truth";

const call = (node: Node): Node =>
  Object.assign(
    { type: "function", value: "(" },
    { procedure: { type: "variable", value: TRUTH }, arguments: [node] },
  );

/** Filters go on deciding by what stands there in truth, so that the same places are read; or let everything through. */
function freeFilters(node: Node, isOpen: boolean): void {
  for (const filter of filtersOf(node))
    for (const expr of nodesAt(filter, "expr"))
      if (expr.type !== "number") {
        const steps = [call({ type: "variable", value: "" }), { type: "block", expressions: [expr] }];
        if (!isOpen) rootInTruth(expr);
        Reflect.set(
          filter,
          "expr",
          isOpen ? { type: "value", value: true } : Object.assign({ type: "path" }, { steps }),
        );
      }
  for (const part of partsOf(node)) freeFilters(part, isOpen);
}

/** In a filter `$$`, too, is the source as it is. */
function rootInTruth(node: Node): void {
  const steps: unknown = Reflect.get(node, "steps");
  if (Array.isArray(steps)) {
    const [first] = nodesAt(node, "steps");
    if (first?.type === "variable" && first.value === "$" && filtersOf(first).length === 0)
      steps[0] = call(first);
  }
  for (const part of [...partsOf(node), ...filtersOf(node).flatMap((f) => nodesAt(f, "expr"))])
    rootInTruth(part);
}
