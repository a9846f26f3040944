import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** Contexts of a job or step, as plain values. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the jobs or steps before ended, for `success()` and its like. */
export type Before = "success" | "failure";

const asData = (value: unknown): data.ExpressionData =>
  JSON.parse(JSON.stringify(value ?? null), data.reviver);

/** An expression as GitHub's own evaluator reads it. */
function evaluate(expression: string, contexts: Contexts, before: Before): data.ExpressionData {
  const status = {
    success: before === "success",
    failure: before === "failure",
    always: true,
    cancelled: false,
  };
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: asData(value) })),
  );
  return new Evaluator(parsed, known, new Map(functions.map((f) => [f.name, f]))).evaluate();
}

/** Whether a condition holds; the parser has completed it by then. */
export function holds(condition: string, contexts: Contexts, before: Before): boolean {
  const said = evaluate(condition, contexts, before);
  return said.kind === data.Kind.Boolean
    ? said.coerceString() === "true"
    : !["", "0"].includes(said.coerceString());
}

/** A text with its `${{ }}` filled in. */
export const filled = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    evaluate(expression, contexts, "success").coerceString(),
  );

/** What an expression that makes JSON stands for. */
export const jsonOf = (text: string, contexts: Contexts): unknown => {
  const expression = /^\$\{\{(.*)\}\}$/.exec(text.trim())?.[1] ?? "null";
  return JSON.parse(JSON.stringify(evaluate(expression, contexts, "success"), data.replacer));
};
