import type { Pull } from "../pull/pull.ts";
import type { Journal } from "../snapshot.ts";

const PARKS = ["park", "close", "unpark"];

/**
 * How many further rounds a pull has seen. A park that has ended, by a person's word or by an edit of the task, starts
 * the count anew.
 */
export function roundsOn(
  { records, controls }: Journal,
  { unit, branch }: Pick<Pull, "unit" | "branch">,
): number {
  const since = controls.findLast(
    (c) => c.target.kind === "unit" && c.target.unit === unit && PARKS.includes(c.verb),
  )?.at;
  return records
    .filter((r) => since === undefined || r.now > since)
    .flatMap((r) => r.attempts.filter((a) => a.proposal?.branch === branch && a.proposal.round > 1)).length;
}
