import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dateOf, instantOf, type Minute } from "../../src/domain/id.ts";
import type { PlannedBeat } from "../../src/domain/plan/plan.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import type { BeatRecord } from "../../src/domain/record.ts";
import { slotsBetween } from "../../src/domain/time/schedule.ts";
import type { Claim, Snapshot } from "../../src/domain/snapshot.ts";
import { claim, control, record, sha, snapshot } from "./fleet.ts";

// Weeks of ticks over the planner, with a journal and refs that compare and swap as git does: dozens of weeks in
// seconds, where real git takes a minute for one. What claim and publish do with real git has tests of its own.

const MINUTE = 60_000;

const AGENTS = {
  ada: { schedule: "hourly", timezone: "Europe/Berlin" },
  bob: { schedule: "daily 02:30,07:00,19:00", timezone: "Europe/Berlin" },
  cyd: { schedule: "every 2h", timezone: "America/New_York" },
  dan: { schedule: "weekly mon,thu 07:00", timezone: "Australia/Lord_Howe" },
} as const;
type Agent = keyof typeof AGENTS;
const NAMES: readonly Agent[] = ["ada", "bob", "cyd", "dan"];

/** In three of these weeks clocks change: forward in Europe, back in Europe, back in New York. */
const STARTS = [
  "2026-03-26T00:10:00Z",
  "2026-10-22T00:10:00Z",
  "2026-10-29T00:10:00Z",
  "2026-11-19T00:10:00Z",
];

const steps = fc.record({
  /** Minutes since the tick before: often an hour or two, sometimes an outage of many. */
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 180 }) },
    { weight: 1, arbitrary: fc.integer({ min: 300, max: 1500 }) },
  ),
  /** It read the world together with the tick before it, and acts only now. */
  late: fc.boolean(),
  /** Who has a task that is ready. */
  ready: fc.subarray([...NAMES]),
  /** Minutes until each agent's beat is published; null: it is killed. */
  takes: fc.tuple(...NAMES.map(() => fc.option(fc.integer({ min: 0, max: 40 }), { freq: 3 }))),
});
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

const pause = fc.record({
  target: fc.constantFrom("fleet", "@ada", "@bob"),
  from: fc.integer({ min: 0, max: 8000 }),
  minutes: fc.integer({ min: 1, max: 2000 }),
});

const weeks = fc.record({
  start: fc.constantFrom(...STARTS).map((at) => Date.parse(at)),
  steps: fc.array(steps, { minLength: 40, maxLength: 100 }),
  pauses: fc.uniqueArray(pause, { maxLength: 3, selector: (p) => p.target }),
});
type Week = typeof weeks extends fc.Arbitrary<infer W> ? W : never;

/** What stands in the remote, and beats that will be published later. */
interface World {
  week: Week;
  now: number;
  /** By `agent@slot`: the record's path is the slot's lock. */
  records: Map<string, BeatRecord>;
  /** By ref. */
  claims: Map<string, Claim>;
  /** Slots of beats that were claimed. */
  begun: Set<string>;
  working: { beat: PlannedBeat; claims: Claim[]; until: number }[];
}

type Slot = Pick<BeatRecord, "agent" | "slot">;
const keyOf = ({ agent, slot }: Slot): string => `${agent}@${slot}`;
const text = (ms: number): string => instantOf(new Date(ms));

function read({ week: { start, pauses }, now, records, claims }: World, ready: readonly Agent[]): Snapshot {
  const controls = pauses.flatMap(({ target, from, minutes }) => [
    control("pause", target, { at: text(start + from * MINUTE) }),
    control("resume", target, { at: text(start + (from + minutes) * MINUTE) }),
  ]);
  return snapshot({
    now: text(now),
    from: text(start),
    agents: AGENTS,
    tasks: Object.fromEntries(ready.map((agent) => [`t-${agent}`, { agent }])),
    records: [...records.values()],
    claims: [...claims.values()],
    controls: controls.filter((c) => Date.parse(c.at) <= now),
  });
}

const holds = ({ claims }: World, of: readonly Claim[]): boolean =>
  of.every((c) => claims.get(c.ref)?.id === c.id);

function release(world: World, claims: readonly Claim[]): void {
  for (const c of claims) if (holds(world, [c])) world.claims.delete(c.ref);
}

/** Whoever comes second with a path drops his; whoever lost a claim drops his as well. */
function publish(
  world: World,
  of: Slot & Partial<PlannedBeat>,
  end: Pick<BeatRecord, "outcome">,
  held: readonly Claim[],
): void {
  const { records, now } = world;
  if (!records.has(keyOf(of))) {
    if (!holds(world, held)) return;
    const more = { ...end, wake: of.wake ?? "slot", now: text(now), started: text(now), ended: text(now) };
    records.set(keyOf(of), record(of.agent, of.slot, more));
  }
  release(world, held);
}

/** All or nothing, compared with what was read; null when somebody else was faster. */
function claimAll(world: World, beat: PlannedBeat, seen: Snapshot): Claim[] | null {
  const { agent, slot, tries, takes, turn, leaseEnd } = beat;
  const own = [null, ...tries.map((t) => t.unit)].map((unit) => claim(agent, slot, unit, { turn, leaseEnd }));
  const claims = own.map((c) => ({ ...c, id: sha(`${c.ref} ${world.now} ${seen.now.getTime()}`) }));
  const free = claims.every((c) => takes.some((t) => t.ref === c.ref) || !world.claims.has(c.ref));
  if (!free || !holds(world, takes)) return null;
  release(world, takes);
  for (const c of claims) world.claims.set(c.ref, c);
  const known = seen.journal.records.some((r) => keyOf(r) === keyOf(beat));
  if (known || !world.records.has(keyOf(beat))) return claims;
  release(world, claims);
  return null;
}

function act(world: World, seen: Snapshot, { takes }: Step): void {
  const planned = plan(seen);
  for (const c of planned.closings) publish(world, c, c, c.ends);
  for (const r of planned.rests)
    if (r.slot !== null) publish(world, { ...r, slot: r.slot }, { outcome: "rested" }, []);
  release(world, planned.stale);
  for (const beat of planned.beats) {
    const claims = claimAll(world, beat, seen);
    if (claims !== null) world.begun.add(keyOf(beat));
    const minutes = takes[NAMES.findIndex((n) => n === beat.agent)] ?? null;
    if (claims !== null && minutes !== null)
      world.working.push({ beat, claims, until: world.now + minutes * MINUTE });
  }
}

/** Publishes what is finished by now. */
function finish(world: World): void {
  for (const { beat, claims } of world.working.filter((w) => w.until <= world.now))
    publish(world, beat, { outcome: "worked" }, claims);
  world.working = world.working.filter((w) => w.until > world.now);
}

/** Lives a week of ticks, and then some quiet hours in which everything comes to its end. */
function live(week: Week): World {
  const world: World = {
    week,
    now: week.start,
    records: new Map(),
    claims: new Map(),
    begun: new Set(),
    working: [],
  };
  const quiet: Step = { after: 60, late: false, ready: [], takes: [0, 0, 0, 0] };
  let seen = read(world, []);
  for (const step of [...week.steps, ...Array.from({ length: 8 }, () => quiet)]) {
    world.now += step.after * MINUTE;
    finish(world);
    const before = seen;
    seen = read(world, step.ready);
    act(world, step.late ? before : seen, step);
    finish(world);
  }
  return world;
}

/** The slots of an agent's schedule that no pause covers. */
function dueTo(who: Agent, { week: { start, pauses }, now }: World): string[] {
  const { schedule, timezone } = AGENTS[who];
  const mine = pauses.filter((p) => ["fleet", `@${who}`].includes(p.target));
  const paused = (slot: Minute): boolean =>
    mine.some(({ from, minutes }) => {
      const minute = (dateOf(slot).getTime() - start) / MINUTE;
      return from <= minute && minute < from + minutes;
    });
  return slotsBetween(schedule, timezone, new Date(start), new Date(now))
    .filter((slot) => !paused(slot))
    .map((slot) => `${who}@${slot}`);
}

test("every due slot of every agent ends in exactly one record, whatever a week brings", () => {
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(weeks, (week) => {
      const world = live(week);
      const due = NAMES.flatMap((who) => dueTo(who, world));
      expect(due.filter((slot) => !world.records.has(slot))).toEqual([]);
      const nobodys = [...world.records.keys()].filter(
        (slot) => !due.includes(slot) && !world.begun.has(slot),
      );
      expect(nobodys).toEqual([]);
      expect([...world.claims.keys()]).toEqual([]);
      for (const { outcome } of world.records.values()) outcomes.add(outcome);
    }),
    { numRuns: 60 },
  );
  // The weeks were not dull.
  expect([...outcomes].toSorted()).toEqual(["failed", "missed", "rested", "worked"]);
});
