import { ageMs } from "../time/schedule.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Spec } from "../spec.ts";

/** Why an agent's input is too old to work with: the first `reads` whose newest file is missing or older than its `max_age`. */
export function staleInput(spec: Spec, { newest, now }: Pick<Snapshot, "newest" | "now">): string | null {
  for (const read of spec.reads) {
    if (typeof read === "string" || read.max_age === undefined) continue;
    const at = newest.get(read.path);
    if (at === null || at === undefined) return `${read.path}: there is no such file`;
    const age = now.getTime() - at.getTime();
    if (age > ageMs(read.max_age))
      return `${read.path}: the newest file is ${spanOf(age)} old, and ${read.max_age} is the most`;
  }
  return null;
}

/** A span of milliseconds as people say it, rounded down: `45m`, `30h`, `9d`. */
function spanOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}
