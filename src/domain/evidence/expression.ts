import type { Node } from "./grammar.ts";

/** What is told of each part of a formula before and after it is computed. */
export interface Watch {
  before(node: Node, input: unknown): void;
  after(node: Node, result: unknown): void;
}

/** A formula's functions by name, besides JSONata's own. */
export type Functions = Readonly<Record<string, (...given: unknown[]) => unknown>>;

/** A formula that was parsed. Its tree is the one that is computed: whoever changes it changes the formula. */
export interface Expression {
  tree: Node;
  compute(root: unknown, watch: Watch, functions: Functions): Promise<unknown>;
}

/** jsonata calls what stands under these names before and after each evaluation. */
const BEFORE = Symbol.for("jsonata.__evaluate_entry");
const AFTER = Symbol.for("jsonata.__evaluate_exit");

type Hook = (node: Node, input: unknown, scope: unknown, result: unknown) => void;

/** jsonata's own type of `assign` knows only names that are strings. */
const hook = (expression: { assign(at: string | symbol, run: Hook): void }, at: symbol, run: Hook): void =>
  expression.assign(at, run);

/** Parses a formula; throws what jsonata throws. */
export async function parsed(formula: string): Promise<Expression> {
  const { default: jsonata } = await import("jsonata");
  const expression = jsonata(formula);
  return {
    tree: expression.ast(),
    compute(root, watch, functions) {
      hook(expression, BEFORE, (node, input) => watch.before(node, input));
      hook(expression, AFTER, (node, _input, _scope, result) => watch.after(node, result));
      for (const [name, run] of Object.entries(functions)) expression.registerFunction(name, run);
      return expression.evaluate(root);
    },
  };
}
