import { isLive, recordKey, type Facts } from "./facts.ts";
import type { AgentName, Unit } from "../id.ts";
import type { Claim } from "../snapshot.ts";

/** What the claims of one agent mean now. */
export interface Custody {
  /** Its live beat. */
  live: Claim | null;
  /** Its beat that was cut off and has no record: due once more after the first time, failed after the second. */
  cut: Claim | null;
  /** Units that nobody works any more, though nothing was published; with those of `cut`. */
  units: Claim[];
  /** The slot has its record, only the claims stayed behind. */
  stale: Claim[];
}

/** A lease that runs is left alone. Of the others, those whose slot has a record are only litter. */
export function custodyOf(agent: AgentName, facts: Facts): Custody {
  const { claims, now } = facts.snapshot;
  const own = claims.filter((c) => c.agent === agent);
  const live = own.find((c) => c.unit === null && isLive(c, now)) ?? null;
  const expired = own.filter((c) => !isLive(c, now) && (live === null || c.slot !== live.slot));
  const open = expired.filter((c) => !facts.recorded.has(recordKey(c)));
  return {
    live,
    cut: open.find((c) => c.unit === null) ?? null,
    units: open.filter((c) => c.unit !== null),
    stale: expired.filter((c) => facts.recorded.has(recordKey(c))),
  };
}

/** Units under an expired claim without a record: only a beat that takes the claim over may try them. */
export function orphans(facts: Facts): ReadonlySet<Unit> {
  const { claims, now } = facts.snapshot;
  return new Set(
    claims.flatMap((c) =>
      c.unit !== null && !isLive(c, now) && !facts.recorded.has(recordKey(c)) ? [c.unit] : [],
    ),
  );
}

/** True when two claims are held by one beat. One that cannot be read is its own base, and so of no other's beat. */
export const ofOneBeat = (a: Claim, b: Claim): boolean =>
  a.agent === b.agent && a.slot === b.slot && a.turn === b.turn && a.base === b.base;
