import { z } from "zod";
import { AgentName, Instant, PullNumber, Sha, TaskId, Unit } from "../id.ts";
import { Spent } from "../record.ts";
import { GateVerdict } from "./verdict.ts";

/** Whose work a grader is asked about. */
export const GradedWork = z.object({
  agent: AgentName,
  unit: Unit,
  task: TaskId,
  /** The models that made it, as its records name them. */
  models: z.array(z.string().max(200)).max(100),
  /** 1 for the first time that this gate judges this pull. */
  round: z.int().positive(),
});
export type GradedWork = z.infer<typeof GradedWork>;

/** What a grader's judgement took: it counts towards its own day, and the fleet's. */
const Grading = z.object({
  agent: AgentName,
  /** Blob of the grader's spec that was in force. */
  spec: Sha,
  engine: z.object({ kind: z.string(), model: z.string(), scripted: z.boolean() }),
  spent: Spent,
});

/** What a gate that judges elsewhere answers: its verdict, and what a grader's took. */
export interface Judgement {
  verdict: GateVerdict;
  grading?: z.infer<typeof Grading>;
}

/** What a gate that judges elsewhere said of a pull: `verdicts/<yyyy>/<mm>/<branch's last part>--<gate>-<id>.json`. */
export const Hearing = z.object({
  version: z.literal(1),
  pull: PullNumber,
  branch: z.string(),
  gate: z.string(),
  head: Sha,
  /** What was judged, by what: the same text means that nothing of it has changed. */
  of: z.string(),
  at: Instant,
  verdict: GateVerdict,
  /** Only of a grader. */
  grading: Grading.exactOptional(),
});
export type Hearing = z.infer<typeof Hearing>;

export const hearingPath = ({ at, branch, gate }: Hearing, id: string): string =>
  `verdicts/${at.slice(0, 4)}/${at.slice(5, 7)}/${branch.split("/").at(-1)}--${gate}-${id}.json`;

/** Minutes after which a gate that could not tell is asked once more about the same. */
const PATIENCE = 60;

/** How a gate stands on what there is to judge now. */
export type Heard =
  /** It said this, of exactly this. */
  | { kind: "said"; verdict: GateVerdict }
  /** It let the same head pass, on an older base branch. */
  | { kind: "moved" }
  /** It has to be asked. */
  | { kind: "unheard" };

/** The newest word of a gate on a pull, and whether it still holds. */
export function heardOf(
  hearings: readonly Hearing[],
  { branch, gate, head, of }: Pick<Hearing, "branch" | "gate" | "head" | "of">,
  now: Date,
): Heard {
  const own = hearings.filter((h) => h.branch === branch && h.gate === gate && h.head === head);
  const same = own.findLast((h) => h.of === of);
  if (same !== undefined) {
    const { verdict, at } = same;
    const tired = verdict.ruling === "inconclusive" && now.getTime() - Date.parse(at) >= PATIENCE * 60_000;
    return tired ? { kind: "unheard" } : { kind: "said", verdict };
  }
  return own.at(-1)?.verdict.ruling === "pass" ? { kind: "moved" } : { kind: "unheard" };
}
