import { z } from "zod";

/** Anything that is not an explicit pass is not a pass: an error, a gap or a truncation is inconclusive. */
const Ruling = z.enum(["pass", "fail", "inconclusive"]);

/** One gate's ruling: a sentence for the person and the agent, and the places that prove it. */
export const GateVerdict = z.object({
  gate: z.string(),
  ruling: Ruling,
  sentence: z.string(),
  /** One line a problem, `path:line: what is wrong`. */
  details: z.array(z.string()),
  /** The agent that made the change can put it right inside the same attempt. */
  mendable: z.boolean(),
});
export type GateVerdict = z.infer<typeof GateVerdict>;

export const Verdict = z.object({
  ruling: Ruling,
  gates: z.array(GateVerdict),
  /** What graders below their bar said: for people, and part of no ruling. */
  advice: z.array(GateVerdict).exactOptional(),
});
export type Verdict = z.infer<typeof Verdict>;

/** The whole is a pass only when every gate passed, and at least one gate ran. */
export function combine(gates: readonly GateVerdict[]): Verdict {
  const rulings = gates.map((g) => g.ruling);
  const ruling = rulings.includes("fail")
    ? "fail"
    : rulings.length > 0 && rulings.every((r) => r === "pass")
      ? "pass"
      : "inconclusive";
  return { ruling, gates: [...gates] };
}

/** True when every gate that did not pass can be mended by the agent itself. */
export const mendable = (verdict: Verdict): boolean =>
  verdict.gates.some((g) => g.ruling !== "pass") &&
  verdict.gates.every((g) => g.ruling === "pass" || g.mendable);

/** What the agent is told: one line a problem. */
export const problems = (verdict: Verdict): string[] =>
  verdict.gates
    .filter((g) => g.ruling !== "pass")
    .flatMap((g) => [`${g.gate}: ${g.sentence}`, ...g.details.map((d) => `  ${d}`)]);
