import type { Attempt, BeatRecord, Control } from "./record.ts";
import type { Unit } from "./id.ts";

/** Failures that do not get better by trying again: a person must act. */
const HOPELESS = new Set(["engine/auth", "engine/billing", "engine/config"]);

/**
 * Why a failed attempt parks its unit, or null when it may be tried again: a failure that only a person can mend,
 * or the same failure twice in a row on the same version of the task since somebody last unparked it.
 */
export function parkReason(
  attempt: Attempt,
  before: { records: readonly BeatRecord[]; controls: readonly Control[] },
): string | null {
  if (attempt.outcome !== "failed" || attempt.failure === null) return null;
  if (HOPELESS.has(attempt.failure)) return attempt.reason;
  const last = lastAttempt(attempt.unit, before.records);
  if (last === null || last.attempt.failure !== attempt.failure) return null;
  if (last.attempt.taskBlob !== attempt.taskBlob) return null;
  if (before.controls.some((c) => unparks(c, attempt.unit) && c.at >= last.at)) return null;
  return `failed twice in the same way (${attempt.failure}): ${attempt.reason}`;
}

const unparks = (control: Control, unit: Unit): boolean =>
  control.verb === "unpark" && control.target.kind === "unit" && control.target.unit === unit;

function lastAttempt(unit: Unit, records: readonly BeatRecord[]): { attempt: Attempt; at: string } | null {
  for (const record of records.toReversed()) {
    const attempt = record.attempts.findLast((a) => a.unit === unit);
    if (attempt !== undefined) return { attempt, at: record.ended };
  }
  return null;
}
