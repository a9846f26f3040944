import { GATES } from "./lint/names.ts";
import type { Spec } from "./spec.ts";

/** A rule of a spec's `never`, and the gate that holds it; null when only the prompt and people do. */
export interface NeverRule {
  rule: string;
  /** What the spec names, whether or not it exists. */
  enforce: string | undefined;
  gate: (typeof GATES)[number] | null;
}

export const neverRules = ({ never }: Pick<Spec, "never">): NeverRule[] =>
  never.map((n) => {
    const { rule, enforce } =
      typeof n === "string" ? { rule: n, enforce: undefined } : { enforce: undefined, ...n };
    return { rule, enforce, gate: GATES.find((gate) => gate === enforce) ?? null };
  });

/** A rule as its agent is told it: what holds it is no secret. */
export const neverLine = ({ rule, gate }: NeverRule): string =>
  `${rule} (${gate === null ? "people check this" : `the gate ${gate} checks this`})`;
