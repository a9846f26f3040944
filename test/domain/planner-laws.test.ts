import * as fc from "fast-check";
import { expect, test } from "vitest";
import { collide } from "../../src/domain/product/declared.ts";
import { dueSlots } from "../../src/domain/plan/due.ts";
import { factsOf, type Facts } from "../../src/domain/plan/facts.ts";
import { boardView } from "../../src/domain/board/board.ts";
import type { Plan } from "../../src/domain/plan/plan.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import type { Review } from "../../src/domain/pull/pull.ts";
import type { Verb } from "../../src/domain/record.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import {
  attempt,
  claim,
  control,
  finding,
  LIVE,
  merge,
  pull,
  record,
  review,
  sha,
  snapshot,
} from "./fleet.ts";

// What must hold of every plan, whatever the world looks like: worlds are drawn at random.

const AGENTS = ["ada", "bob", "cyd"];
const UNITS = ["t-a", "t-b", "t-c", "t-d", "t-e", "t-f"];
const SLOTS = ["20261122T0400Z", "20261122T0500Z", "20261122T0600Z", "20261122T0700Z"];
const PATHS = ["x.md", "y.md", "*.md", "z/**"];

const agent = fc.constantFrom(...AGENTS);
const unitName = fc.constantFrom(...UNITS);
const slotTime = fc.constantFrom(...SLOTS);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });

const spec: fc.Arbitrary<NonNullable<Given["agents"]>[string]> = fc.record({
  schedule: fc.constantFrom("on-demand", "hourly", "daily 07:00", "every 2h"),
  status: fc.constantFrom<"active" | "paused" | "retired">("active", "active", "active", "paused", "retired"),
  wakes: fc.subarray<"slot" | "ready">(["slot", "ready"]),
  budget: fc.record({
    beat: fc.record({ tasks: fc.integer({ min: 1, max: 3 }) }),
    day: fc.record({ beats: fc.integer({ min: 1, max: 4 }), usd: fc.constantFrom(0.3, 0.5, 2) }),
  }),
});

const task: fc.Arbitrary<NonNullable<Given["tasks"]>[string]> = fc.record({
  agent,
  priority: fc.constantFrom<"urgent" | "normal">("urgent", "normal"),
  status: fc.constantFrom<"todo" | "done">("todo", "todo", "todo", "done"),
  needs: maybe(unitName),
  produces: maybe(fc.constantFrom(...PATHS)),
  created_by: fc.constantFrom(...AGENTS, "ann"),
});

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

const claims = fc
  .record({
    agent,
    at: slotTime,
    live: fc.boolean(),
    turn: fc.integer({ min: 1, max: 2 }),
    units: maybe(unitName),
    own: fc.boolean(),
  })
  .map(({ agent: who, at, live, turn, units, own }) => {
    const more = { turn, ...(live ? LIVE : {}) };
    return [...(own ? [null] : []), ...new Set(units)].map((of) => claim(who, at, of, more));
  });

const verbs = fc
  .record({
    verb: fc.constantFrom<Verb>("pause", "resume", "hold", "park", "unpark"),
    target: fc.constantFrom("fleet", "@ada", "@bob", "t-a", "t-b", "daily"),
  })
  .map(({ verb, target }) => control(verb, target));

const records = fc
  .record({ agent, at: slotTime, of: unitName })
  .map(({ agent: who, at, of }) => record(who, at, { attempts: [attempt(of)] }));

const pulls = fc
  .record({
    of: unitName,
    by: fc.constantFrom("ann", "eve"),
    verdict: fc.constantFrom<Review["verdict"]>("approve", "request-changes"),
  })
  .map(({ of, by, verdict }) => pull(UNITS.indexOf(of) + 1, of, { reviews: [review(by, verdict)] }));

/** A ref, a record's path and a pull of a unit exist once. */
const once = <T>(of: readonly T[], key: (item: T) => unknown): T[] => [
  ...new Map(of.map((item) => [key(item), item])).values(),
];

const worlds: fc.Arbitrary<Snapshot> = fc
  .record({
    agents: fc.tuple(spec, spec, spec),
    tasks: fc.array(task, { minLength: UNITS.length, maxLength: UNITS.length }),
    claims: fc.array(claims, { maxLength: 3 }),
    controls: maybe(verbs),
    records: fc.array(records, { maxLength: 4 }),
    pulls: maybe(pulls),
    merged: maybe(unitName),
    broken: maybe(fc.constantFrom("agents/ada.md", "agents/zoe.md", "board/t-a.md")),
    chain: fc.integer({ min: 0, max: 9 }),
  })
  .map((w) =>
    snapshot({
      now: "2026-11-22T07:01:00Z",
      from: "2026-11-22T03:30:00Z",
      chain: w.chain,
      agents: Object.fromEntries(w.agents.map((s, i) => [AGENTS[i] ?? "", s])),
      tasks: {
        ...Object.fromEntries(w.tasks.map((t, i) => [UNITS[i] ?? "", t])),
        daily: { every: "daily 07:00" },
      },
      claims: once(w.claims.flat(), (c) => c.ref),
      controls: w.controls,
      records: once(w.records, (r) => `${r.agent}@${r.slot}`),
      pulls: once(w.pulls, (p) => p.unit),
      changes: Object.fromEntries(w.pulls.map((p) => [p.branch, ["x.md"]])),
      merges: once(w.merged, (u) => u).map((u) => merge(u)),
      findings: w.broken.map((f) => finding(f)),
    }),
  );

const holds = (law: (planned: Plan, world: Snapshot) => void): void =>
  fc.assert(
    fc.property(worlds, (world) => {
      law(plan(world), world);
    }),
    { numRuns: 200 },
  );

const distinct = (of: readonly string[]): void => expect(new Set(of).size).toBe(of.length);

test("every agent has one beat or one rest, never both", () => {
  holds(({ beats, rests }, world) => {
    const agents = [...beats, ...rests].map((b) => b.agent);
    distinct(agents);
    for (const name of world.fleet.agents.keys()) expect(agents).toContain(name);
  });
});

test("no unit is tried twice in one plan", () => {
  holds(({ beats }) => distinct(beats.flatMap((b) => b.tries.map((t) => t.unit))));
});

test("only units that are ready or have changes requested are tried, and each by its own agent", () => {
  holds(({ beats }, world) => {
    const states = new Map(boardView(world).map((v) => [v.unit, v]));
    for (const { agent: who, tries } of beats)
      for (const { unit, why } of tries) {
        const view = states.get(unit);
        expect(view?.agent).toBe(who);
        expect(view?.state).toBe(why === "changes" ? "changes-requested" : "ready");
      }
  });
});

test("an expired claim is taken over once, ended once or released once", () => {
  holds(({ beats, closings, stale }, world) => {
    const handled = [...beats.flatMap((b) => b.takes), ...closings.flatMap((c) => c.ends), ...stale];
    distinct(handled.map((c) => c.ref));
    for (const { leaseEnd } of handled) expect(Date.parse(leaseEnd)).toBeLessThanOrEqual(world.now.getTime());
  });
});

test("a unit under a claim is tried only by the beat that takes the claim, or after its release", () => {
  holds(({ beats, stale }, world) => {
    for (const { takes, tries } of beats) {
      const free = new Set([...takes, ...stale].map((c) => c.ref));
      for (const { unit } of tries)
        for (const c of world.claims) if (c.unit === unit) expect(free).toContain(c.ref);
    }
  });
});

test("every due slot is in exactly one place; only a beat that lives or is tried again lets newer ones wait", () => {
  holds(({ beats, rests, closings }, world) => {
    const closed = [...beats, ...rests, ...closings].flatMap((x) =>
      x.slot === null ? [] : [`${x.agent}@${x.slot}`],
    );
    distinct(closed);
    const facts = factsOf(world);
    for (const file of world.fleet.agents.values())
      for (const slot of dueSlots(file, facts)) {
        const last = lastSlot(file.spec.name, facts);
        expect(closed.includes(`${file.spec.name}@${slot}`)).toBe(last === null || slot <= last);
      }
  });
});

/** The last slot that an agent's standing beat lets a plan close: none while it lives, its own when it is due again. */
function lastSlot(name: string, { snapshot: world, recorded }: Facts): string | null {
  const own = world.claims.find((c) => c.agent === name && c.unit === null);
  if (own === undefined) return null;
  if (Date.parse(own.leaseEnd) > world.now.getTime()) return "";
  return own.turn === 1 && !recorded.has(`${name}@${own.slot}`) ? own.slot : null;
}

test("no slot that has its record is worked or closed again", () => {
  holds(({ beats, rests, closings }, world) => {
    const recorded = new Set(world.journal.records.map((r) => `${r.agent}@${r.slot}`));
    for (const x of [...beats, ...rests, ...closings]) expect(recorded).not.toContain(`${x.agent}@${x.slot}`);
  });
});

test("no two tries of one plan declare colliding paths", () => {
  holds(({ beats }, world) => {
    const globs = beats.flatMap((b) =>
      b.tries.map((t) => world.fleet.tasks.get(t.task)?.task.produces ?? []),
    );
    for (const [i, one] of globs.entries())
      for (const two of globs.slice(0, i))
        for (const a of one) for (const b of two) expect(collide(a, b)).toBe(false);
  });
});

test("no beat sets aside more than its agent's and the fleet's day pay for", () => {
  holds(({ beats }, world) => {
    for (const { agent: who, reserved, tries } of beats) {
      const { budget } = [...world.fleet.agents.values()].find((a) => a.spec.name === who)?.spec ?? {};
      expect(reserved).toBeLessThanOrEqual(budget?.day.usd ?? 0);
      expect(tries.length).toBeGreaterThan(0);
      expect(tries.length).toBeLessThanOrEqual(budget?.beat.tasks ?? 0);
    }
  });
});

test("planning is a pure function: a frozen world gives the same plan twice", () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const frozen = freeze(world);
      expect(plan(frozen)).toEqual(plan(frozen));
    }),
  );
});

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  const parts = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const part of parts) freeze(part);
  return value;
}

test("a board of a thousand tasks and forty agents is planned whole", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => `t-${i}`);
  const agents = Array.from({ length: 40 }, (_, i) => `a${i}`);
  const world = snapshot({
    agents: Object.fromEntries(agents.map((a) => [a, { schedule: "hourly" }])),
    tasks: Object.fromEntries(
      ids.map((id, i) => [
        id,
        { agent: `a${i % 40}`, produces: [`out/${id}.md`], needs: i < 500 ? [] : [`t-${i - 500}`] },
      ]),
    ),
    config: { budgets: { day: { usd: 100 } } },
    pulls: ids.slice(0, 100).map((id, i) => pull(i + 1, id, { head: sha(id) })),
    changes: Object.fromEntries(ids.slice(0, 100).map((id) => [`pullbeat/work/${id}--1`, [`out/${id}.md`]])),
  });
  const { beats } = plan(world);
  expect(beats).toHaveLength(40);
  expect(beats.flatMap((b) => b.tries)).toHaveLength(120);
});
