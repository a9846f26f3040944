import { sentence } from "../domain/fault.ts";
import { evidenceMode } from "../domain/spec.ts";
import { combine, type GateVerdict, type Verdict } from "../domain/verdict/verdict.ts";
import { isEffectPath } from "../domain/board/effect.ts";
import { effects } from "./effects.ts";
import { evidence } from "./evidence.ts";
import { inconclusive, type Gate, type GateInput } from "./gate.ts";
import { paths } from "./paths.ts";
import { record } from "./record.ts";
import { references } from "./references.ts";
import { secrets } from "./secrets.ts";
import { size } from "./size.ts";

/** Gates that judge every proposal, whatever the spec or the config says; in the order in which they are told. */
export const ALWAYS: readonly Gate[] = [paths, size, secrets, record, references];

/** And `evidence`, where the spec asks for it; and `effects`, where one is proposed. */
const withOthers = (gates: readonly Gate[], { agent, changes }: GateInput): readonly Gate[] => [
  ...new Set([
    ...gates,
    ...(evidenceMode(agent.spec) === "off" ? [] : [evidence]),
    ...(changes.some((c) => isEffectPath(c.path)) ? [effects] : []),
  ]),
];

/** Judges a proposal by every gate. A gate that breaks is inconclusive; a path is shown, a secret never. */
export async function judge(input: GateInput, gates: readonly Gate[] = ALWAYS): Promise<Verdict> {
  return combine(await Promise.all(withOthers(gates, input).map((gate) => one(gate, input))));
}

async function one(gate: Gate, input: GateInput): Promise<GateVerdict> {
  try {
    return await gate.judge(input);
  } catch (error) {
    return inconclusive(gate.id, `the gate broke: ${sentence(error)}`);
  }
}
