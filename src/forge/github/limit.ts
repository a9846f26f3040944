/** Who wants something written: people are heard when the fleet has used up its share. */
export type Asker = "fleet" | "person";

/** How much GitHub takes within a time; the fleet stops earlier, so that what people ask for still goes through. */
const LIMITS = [
  { ms: 60_000, all: 80, fleet: 64 },
  { ms: 3_600_000, all: 400, fleet: 320 },
];

/** Counts what was written. In milliseconds of a clock that only moves forward. */
export interface Bucket {
  /** How long to wait before the next write; null when the limit is reached, or nobody can tell. Counts it when 0. */
  take(asker: Asker, now: number): number | null;
  /** Writes of the last hour that others made in the same name. */
  spent(count: number, now: number): void;
}

export function bucket(): Bucket {
  let writes: number[] = [];
  return {
    take(asker, now) {
      writes = writes.filter((at) => now - at < 3_600_000);
      const waits = LIMITS.map(({ ms, ...most }) => {
        const limit = asker === "fleet" ? most.fleet : most.all;
        const within = writes.filter((at) => now - at < ms);
        const first = within.at(-limit);
        return first === undefined ? 0 : first + ms - now;
      });
      const wait = Math.max(...waits);
      // A clock that tells nothing leaves only one safe answer.
      if (!Number.isFinite(now) || !(wait <= 60_000)) return null;
      if (wait === 0) writes.push(now);
      return wait;
    },
    spent(count, now) {
      writes = [...Array.from({ length: Math.max(0, count - writes.length) }, () => now - 60_000), ...writes];
    },
  };
}
