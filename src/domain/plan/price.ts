import type { Price } from "../config.ts";
import type { Tokens } from "../record.ts";

const MILLION = 1_000_000;

/** US dollars for the tokens; null when the price is not known. `cached` is a part of `input`. */
export function cost(tokens: Tokens, price: Price | undefined): number | null {
  if (price === undefined) return null;
  const cached = Math.min(tokens.cached, tokens.input);
  const fresh = tokens.input - cached;
  return (
    (fresh * price.input + cached * (price.cached ?? price.input) + tokens.output * price.output) / MILLION
  );
}

/** Tokens of two calls together. */
export const addTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input,
  cached: a.cached + b.cached,
  output: a.output + b.output,
});
