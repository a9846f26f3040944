import type { Config } from "../config.ts";
import { dayIn } from "../time/day.ts";
import { zoneOf } from "./duty.ts";
import { isLive } from "./facts.ts";
import type { AgentName } from "../id.ts";
import type { BeatRecord, Spent } from "../record.ts";
import type { Timezone } from "../time/schedule.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Spec } from "../spec.ts";

/** What a day has cost so far: beats that worked, and dollars spent or set aside. */
export interface Spending {
  beats: number;
  usd: number;
  /** Of these dollars, what beats at work have set aside: the most that they may cost, and not spent yet. */
  aside: number;
  /** Attempts whose price is not known. They count as no dollars: then beats and tokens bind alone. */
  unpriced: number;
}

/** One beat's cost. */
interface Entry extends Spending {
  agent: AgentName;
  at: Date;
}

export interface Ledger {
  /** What can count for today in some zone, by agent. */
  agents: ReadonlyMap<AgentName, readonly Entry[]>;
  /** The fleet's day in its own zone. */
  fleet: Spending;
}

/** No calendar day is longer, not even one on which clocks are put back. */
const LONGEST_DAY = 25 * 3_600_000;

/** Beats of the journal that worked or failed, what graders judged, and what live beats have set aside. */
export function ledgerOf({ fleet, journal, claims, now }: Snapshot): Ledger {
  const recent = journal.records.filter((r) => now.getTime() - Date.parse(r.started) <= LONGEST_DAY);
  const entries = [
    ...judgements(journal, now),
    ...recent.flatMap((r) => (r.outcome === "worked" || r.outcome === "failed" ? [entryOf(r)] : [])),
    ...claims
      .filter((c) => c.unit === null && isLive(c, now))
      .map((c): Entry => ({
        agent: c.agent,
        at: now,
        beats: 1,
        usd: c.reserved,
        aside: c.reserved,
        unpriced: 0,
      })),
  ];
  return {
    agents: Map.groupBy(entries, (e) => e.agent),
    fleet: spentOn(entries, fleet.config.timezone, now),
  };
}

/** A judgement counts as a beat of the grader's: or else one without a price would have no limit at all. */
function judgements({ hearings, calibrations }: Snapshot["journal"], now: Date): Entry[] {
  const isRecent = ({ at }: { at: string }): boolean => now.getTime() - Date.parse(at) <= LONGEST_DAY;
  return [
    ...hearings
      .filter(isRecent)
      .flatMap(({ at, grading }) =>
        grading === undefined ? [] : [judgement(grading.agent, { at, spent: grading.spent }, 1)],
      ),
    // A person asked for these.
    ...calibrations.filter(isRecent).map((c) => judgement(c.grader, c, 0)),
  ];
}

const judgement = (agent: AgentName, { at, spent }: { at: string; spent: Spent }, beats: number): Entry => ({
  agent,
  at: new Date(at),
  beats,
  usd: spent.usd ?? 0,
  aside: 0,
  unpriced: spent.usd === null ? 1 : 0,
});

function entryOf({ agent, started, attempts }: BeatRecord): Entry {
  const prices = attempts.map((a) => a.spent.usd);
  return {
    agent,
    at: new Date(started),
    beats: 1,
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    aside: 0,
    unpriced: prices.filter((usd) => usd === null).length,
  };
}

/** The sum of the calendar day on which `now` lies in a zone. */
function spentOn(entries: readonly Entry[], zone: Timezone, now: Date): Spending {
  const today = dayIn(zone, now);
  return entries
    .filter((e) => dayIn(zone, e.at) === today)
    .reduce<Spending>(add, { beats: 0, usd: 0, aside: 0, unpriced: 0 });
}

const add = (a: Spending, b: Spending): Spending => ({
  beats: a.beats + b.beats,
  usd: a.usd + b.usd,
  aside: a.aside + b.aside,
  unpriced: a.unpriced + b.unpriced,
});

/** What an agent's own day has cost so far, in its own zone. */
export const spentToday = (spec: Spec, ledger: Ledger, { fleet, now }: Snapshot): Spending =>
  spentOn(ledger.agents.get(spec.name) ?? [], zoneOf(spec, fleet.config), now);

/** The ledger after a beat more was planned. */
export const booked = (ledger: Ledger, reserved: number): Ledger => ({
  ...ledger,
  fleet: add(ledger.fleet, { beats: 1, usd: reserved, aside: reserved, unpriced: 0 }),
});

/** The most dollars that an attempt may be recorded with: only a model's replies have a price that anybody knows. */
export function dearest({ engine, budget }: Spec): number {
  switch (engine.kind) {
    case "openai":
      return budget.attempt.usd;
    case "command":
    case "scripted":
      return 0;
    default:
      return engine satisfies never;
  }
}

/** How many attempts a beat may still pay for today, or why there can be no beat. */
export type Allowance = { attempts: number } | { reason: string };

interface Purse {
  whose: string;
  limit: { beats: number; usd: number };
  zone: Timezone;
  spent: Spending;
}

/** The least that the agent's own day and the fleet's day leave. */
export function allowance(
  spec: Spec,
  ledger: Ledger,
  { config, now }: { config: Config; now: Date },
): Allowance {
  const zone = zoneOf(spec, config);
  const spent = spentOn(ledger.agents.get(spec.name) ?? [], zone, now);
  const purses: Purse[] = [
    { whose: "its", limit: spec.budget.day, zone, spent },
    { whose: "the fleet's", limit: config.budgets.day, zone: config.timezone, spent: ledger.fleet },
  ];
  const each = dearest(spec);
  for (const purse of purses) {
    const reason = emptiness(purse, each, now);
    if (reason !== null) return { reason };
  }
  return { attempts: Math.min(...purses.map((p) => afford(p, each))) };
}

/** Why a purse pays for no further beat; null when it does. */
function emptiness(purse: Purse, each: number, now: Date): string | null {
  const { whose, limit, zone, spent } = purse;
  const day = `${dayIn(zone, now)} (${zone})`;
  if (spent.beats >= limit.beats)
    return `${whose} beats of ${day} are used up: ${spent.beats} of ${limit.beats}`;
  if (afford(purse, each) >= 1) return null;
  const left = dollars(Math.max(0, limit.usd - spent.usd));
  const unknown =
    spent.unpriced === 0 ? "" : `; attempts of unknown price are not counted: ${spent.unpriced}`;
  const aside =
    spent.aside === 0 ? "" : ` (${dollars(spent.aside)} are not spent, but set aside for beats at work)`;
  return `${whose} ${dollars(limit.usd)} of ${day} are down to ${left}${aside}, and an attempt may cost ${dollars(each)}${unknown}`;
}

/** Counted in millionths, so that 1.2 - 0.8 still pays for 0.4. What costs nothing is paid for by any purse, even an empty one. */
const afford = ({ limit, spent }: Purse, each: number): number =>
  each === 0 ? Infinity : Math.floor(Math.round((limit.usd - spent.usd) * 1e6) / Math.round(each * 1e6));

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;
