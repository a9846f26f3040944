import { boardView } from "../board/board.ts";
import { factsOf } from "../plan/facts.ts";
import { instantOf, type Instant, type Sha } from "../id.ts";
import { mergePath, recordPath } from "../record.ts";
import type { Snapshot } from "../snapshot.ts";
import { decideNow, type Decidable } from "./decide.ts";
import { failedSince, landedSince, restedSince, type Grouped, type Landed } from "./done.ts";
import { dayOf, sinceWhen } from "./due.ts";
import type { Ground } from "./ground.ts";
import { nextDue, type Due } from "./next.ts";
import { recalledPull, seenPulls, type Day } from "./record.ts";
import { spentSince, type SpentSince } from "./spent.ts";
import { stuckNow, type Stuck } from "./stuck.ts";

/** Everything that a digest says; the shape of `--json`. */
export interface DigestFacts {
  date: Day;
  at: Instant;
  /** What happened is told since then. */
  since: Instant;
  /** The fleet's time zone: times of day are told in it. */
  timezone: string;
  decide: Decidable[];
  stuck: Stuck[];
  landed: Landed[];
  failed: Grouped[];
  rested: Grouped[];
  spent: SpentSince;
  next: Due[];
  /** What it was made from. The journal's head is null where there is no journal yet. */
  anchor: { journal: Sha | null; base: Sha; pullbeat: string };
}

/**
 * What there is to say now. `told`: paths of the journal that the digest before this one saw; null where there was
 * none, and then time decides. A beat that was published late is so told all the same, and only once.
 */
export function digestFacts(given: Snapshot, told: ReadonlySet<string> | null, date?: Day): DigestFacts {
  const snapshot = sight(given);
  const { journal, fleet, base, pullbeat, now } = snapshot;
  const [at, since] = [instantOf(now), sinceWhen(snapshot)];
  const fresh = (path: string, time: string): boolean =>
    told === null ? Date.parse(time) >= Date.parse(since) : !told.has(path);
  const facts = factsOf(snapshot);
  const ground: Ground = {
    snapshot,
    facts,
    views: boardView(snapshot),
    at,
    since,
    records: journal.records.filter((r) => fresh(recordPath(r), r.ended)),
    merges: journal.merges.filter((m) => m.kind !== "digest" && fresh(mergePath(m), m.at)),
  };
  return {
    date: date ?? dayOf(now, fleet.config),
    at,
    since,
    timezone: fleet.config.timezone,
    decide: decideNow(ground),
    stuck: stuckNow(ground),
    landed: landedSince(ground),
    failed: failedSince(ground),
    rested: restedSince(ground),
    spent: spentSince(ground),
    next: nextDue(ground),
    anchor: { journal: journal.head, base, pullbeat },
  };
}

/** Only what can be had again later: pulls as the digest's record keeps them, no claims, no branches. */
const sight = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  now: new Date(instantOf(snapshot.now)),
  chain: 0,
  claims: [],
  branches: [],
  fences: new Map(),
  changes: new Map(),
  pulls: seenPulls(snapshot.pulls).map(recalledPull),
});
