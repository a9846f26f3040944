import type { Closing, PlannedBeat, Rest } from "../domain/plan/plan.ts";
import type { Attempt, BeatRecord } from "../domain/record.ts";

/** One attempt as `plan`, `tick` and `log` tell it; the shape of `--json`. */
export interface AttemptRow {
  task: string;
  outcome: string;
  reason: string;
  pull: number | null;
  /** In and out together. */
  tokens: number;
  usd: number | null;
  /** The replies came from a file; no model was asked. */
  scripted: boolean;
  /** What gates handed back, and the agent mended, before this came out. */
  mended: string[];
}

export interface BeatRow {
  agent: string;
  /** Null when no slot was due. */
  slot: string | null;
  /** worked, rested, failed, missed; `lost` to another tick; in a plan also `due`. */
  outcome: string;
  reason: string;
  attempts: AttemptRow[];
  /** Of a rest: why, as a stable word such as `nothing-ready`. */
  code?: string;
}

/** What `tick` and `plan` print. */
export interface TickReport {
  /** The commit that was read. */
  base: string;
  beats: BeatRow[];
  /** The digest that was published; in a plan the one that would be, still without a pull. */
  digest: { date: string; file: string; pull: number | null; merged: boolean } | null;
}

export const tokensOf = ({ spent }: Attempt): number => spent.tokens.input + spent.tokens.output;

const attemptRow = (attempt: Attempt, pulls: ReadonlyMap<string, number>): AttemptRow => ({
  task: attempt.unit,
  outcome: attempt.outcome,
  reason: attempt.reason,
  pull: attempt.proposal === null ? null : (pulls.get(attempt.proposal.branch) ?? null),
  tokens: tokensOf(attempt),
  usd: attempt.spent.usd,
  scripted: attempt.engine.scripted,
  mended: attempt.feedback,
});

/** `pulls`: numbers by head branch. */
export const publishedRow = (record: BeatRecord, pulls: ReadonlyMap<string, number>): BeatRow => ({
  agent: record.agent,
  slot: record.slot,
  outcome: record.outcome,
  reason: record.reason,
  attempts: record.attempts.map((a) => attemptRow(a, pulls)),
});

export const lostRow = (beat: Pick<BeatRecord, "agent" | "slot">, reason: string): BeatRow => ({
  agent: beat.agent,
  slot: beat.slot,
  outcome: "lost",
  reason,
  attempts: [],
});

export const idleRow = (end: Rest | Closing): BeatRow => ({
  agent: end.agent,
  slot: end.slot,
  outcome: "outcome" in end ? end.outcome : "rested",
  reason: end.reason,
  attempts: [],
  ...("code" in end ? { code: end.code } : {}),
});

/** A planned beat, before anything happened. */
export const dueRow = (beat: PlannedBeat): BeatRow => ({
  agent: beat.agent,
  slot: beat.slot,
  outcome: "due",
  reason: beat.reason,
  attempts: beat.tries.map((t) => ({
    task: t.unit,
    outcome: "planned",
    reason: t.why,
    pull: t.pull,
    tokens: 0,
    usd: 0,
    scripted: false,
    mended: [],
  })),
});
