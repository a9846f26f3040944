import type { Config } from "../config.ts";
import { dayIn } from "../time/day.ts";
import { dateOf, instantOf, type Instant } from "../id.ts";
import { previousSlot } from "../time/schedule.ts";
import type { Journal, Snapshot } from "../snapshot.ts";
import { Day, dayOfRecord } from "./record.ts";

const DAY = 86_400_000;

/**
 * The day whose digest is due: that of the newest slot, unless the journal has a digest of that day or a later one.
 * Days without a tick have none of their own. Null: none is due, or nothing has ever happened before that slot.
 */
export function digestDue({ fleet, journal, now }: Pick<Snapshot, "fleet" | "journal" | "now">): Day | null {
  const { digest, timezone } = fleet.config;
  if (digest.at === "off" || journal.head === null) return null;
  const slot = previousSlot(digest.at, timezone, now);
  if (slot === null) return null;
  const date = dayOf(dateOf(slot), fleet.config);
  const last = lastDay(journal);
  if (last !== null) return date > last ? date : null;
  const begun = beginning(journal);
  return begun !== null && begun < dateOf(slot) ? date : null;
}

/** The calendar day of an instant where the fleet is. */
export const dayOf = (at: Date, { timezone }: Pick<Config, "timezone">): Day =>
  Day.parse(dayIn(timezone, at));

/** The newest day of which the journal has a digest, even one that cannot be read: its path is the lock. */
export function lastDay({ digest, findings }: Pick<Journal, "digest" | "findings">): string | null {
  const unread = findings.flatMap((f) => dayOfRecord(f.file) ?? []);
  return [...unread, ...(digest === null ? [] : [digest.date])].toSorted().at(-1) ?? null;
}

/** When the journal's first entry in sight was made. */
function beginning({ records, controls, merges }: Journal): Date | null {
  const [first] = [records[0]?.started, controls[0]?.at, merges[0]?.at]
    .filter((t) => t !== undefined)
    .toSorted();
  return first === undefined ? null : new Date(first);
}

/** Where a digest's story begins: at the digest before it; without one, a schedule's turn earlier. */
export function sinceWhen({ fleet, journal, now }: Pick<Snapshot, "fleet" | "journal" | "now">): Instant {
  if (journal.digest !== null) return journal.digest.at;
  const { digest, timezone } = fleet.config;
  const before = (at: Date): Date | null => {
    const slot = digest.at === "off" ? null : previousSlot(digest.at, timezone, at);
    return slot === null ? null : dateOf(slot);
  };
  const last = before(now);
  const turn = last === null ? null : before(new Date(last.getTime() - 1));
  return instantOf(turn ?? new Date(now.getTime() - DAY));
}
