import { taskOf, type TaskId } from "../id.ts";
import type { Attempt, BeatRecord, Control } from "../record.ts";

/** The failure of units whose beat was cut off twice. Its one more try is used up: recovery is never recovered. */
export const INTERRUPTED = "interrupted";

/** What work fails with that a person's verb stopped before it was handed over: `stopped/pause`. */
export const STOPPED = "stopped/";

/** Failures that do not get better by trying again: a person must act. */
const HOPELESS = new Set([
  "engine/auth",
  "engine/billing",
  "engine/config",
  // The endpoint understood, and refuses: an unknown model, a parameter that it does not take.
  "engine/request",
  "command/start",
  INTERRUPTED,
]);

/**
 * Why a failed attempt parks its task, or null when it may be tried again: a failure that only a person can mend,
 * or the same failure twice in a row on the same version of the task since somebody last unparked it. Occurrences of
 * a duty are tries of one task: a duty that fails in the same way every day must not go on for ever.
 */
export function parkReason(
  attempt: Attempt,
  before: { records: readonly BeatRecord[]; controls: readonly Control[] },
): string | null {
  if (attempt.outcome !== "failed" || attempt.failure === null) return null;
  // A person stopped it, and a person's word ends that.
  if (attempt.failure.startsWith(STOPPED)) return null;
  if (HOPELESS.has(attempt.failure)) return attempt.reason;
  const last = lastAttempt(attempt.task, before.records);
  if (last === null || last.attempt.failure !== attempt.failure) return null;
  if (last.attempt.taskBlob !== attempt.taskBlob) return null;
  if (before.controls.some((c) => unparks(c, attempt.task) && c.at >= last.at)) return null;
  return `failed twice in the same way (${attempt.failure}): ${attempt.reason}`;
}

const unparks = ({ verb, target }: Control, task: TaskId): boolean =>
  verb === "unpark" && target.kind === "unit" && taskOf(target.unit) === task;

function lastAttempt(task: TaskId, records: readonly BeatRecord[]): { attempt: Attempt; at: string } | null {
  for (const record of records.toReversed()) {
    const attempt = record.attempts.findLast((a) => a.task === task);
    if (attempt !== undefined) return { attempt, at: record.ended };
  }
  return null;
}
