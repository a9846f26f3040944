import { BUILT_IN } from "../verdict/gates.ts";
import { evidenceMode, type Spec } from "../spec.ts";

/** A rule of a spec's `never`, and the gate that holds it; null when only the prompt and people do. */
export interface NeverRule {
  rule: string;
  /** What the spec names, whether or not it exists. */
  enforce: string | undefined;
  gate: (typeof BUILT_IN)[number] | null;
}

export const neverRules = (spec: Spec): NeverRule[] =>
  spec.never.map((n) => {
    const { rule, enforce } =
      typeof n === "string" ? { rule: n, enforce: undefined } : { enforce: undefined, ...n };
    const isLoose = enforce === "evidence" && evidenceMode(spec) !== "strict";
    return { rule, enforce, gate: isLoose ? null : (BUILT_IN.find((gate) => gate === enforce) ?? null) };
  });

/** A rule as its agent is told it: what holds it is no secret. */
export const neverLine = ({ rule, gate }: NeverRule): string =>
  `${rule} (${gate === null ? "people check this" : `the gate ${gate} checks this`})`;
