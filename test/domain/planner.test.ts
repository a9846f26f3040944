import { expect, test } from "vitest";
import { Instant } from "../../src/domain/id.ts";
import type { Plan } from "../../src/domain/plan/plan.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import {
  attempt,
  claim,
  control,
  finding,
  LIVE,
  name,
  pull,
  record,
  review,
  sha,
  snapshot,
  unit,
} from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

const daily = { schedule: "daily 07:00" };
const SLOT = "20261122T0700Z";
const work = { "t-one": {} };
const refused = { reviews: [review("ann", "request-changes")] };

const planned = (given: Given): Plan => plan(snapshot(given));
const tried = (given: Given): string[] => planned(given).beats.flatMap((b) => b.tries.map((t) => t.unit));
const rest = (given: Given) => planned(given).rests[0];

test("a due slot and a ready task make a beat", () => {
  expect(planned({ agents: { ada: daily }, tasks: work })).toEqual({
    base: sha("base"),
    at: "20261122T0701Z",
    chain: 0,
    beats: [
      {
        agent: "ada",
        slot: SLOT,
        wake: "slot",
        reason: "due at 20261122T0700Z",
        tries: [
          {
            unit: "t-one",
            task: "t-one",
            attempt: 1,
            why: "ready",
            branch: "pullbeat/work/t-one--1",
            base: sha("base"),
            parent: sha("base"),
            pull: null,
            round: 1,
          },
        ],
        leaseEnd: "2026-11-22T07:16:00Z",
        turn: 1,
        reserved: 0.4,
        takes: [],
      },
    ],
    rests: [],
    closings: [],
    stale: [],
    skipped: [],
    supersedes: [],
  });
});

test("of several open slots the newest is worked and the older are missed", () => {
  const { beats, closings } = planned({
    agents: { ada: { schedule: "daily 05:00,06:00,07:00" } },
    tasks: work,
  });
  expect(beats.map((b) => b.slot)).toEqual([SLOT]);
  expect(closings.map((c) => [c.slot, c.outcome])).toEqual([
    ["20261122T0500Z", "missed"],
    ["20261122T0600Z", "missed"],
  ]);
});

test("a due slot with nothing to do is closed by its rest", () => {
  expect(rest({ agents: { ada: daily } })).toEqual({
    agent: "ada",
    slot: SLOT,
    code: "nothing-ready",
    reason: "it has no open task",
  });
  const tasks = { "t-one": { needs: ["t-two"] }, "t-two": { agent: "bob" } };
  expect(rest({ agents: { ada: daily }, tasks })?.reason).toBe(
    "t-one is blocked: needs t-two, which is not done",
  );
  expect(rest({ agents: { ada: daily }, tasks: { ...tasks, "t-three": { needs: ["t-one"] } } })?.reason).toBe(
    "none of its 2 open tasks is ready: 2 blocked",
  );
});

test("ready work wakes an agent without a slot, in the tick's own minute", () => {
  expect(planned({ tasks: work }).beats[0]).toMatchObject({
    slot: "20261122T0701Z",
    wake: "ready",
    reason: "t-one is ready",
  });
  expect(
    rest({ agents: { ada: { wakes: ["slot"], ...daily } }, now: "2026-11-22T06:00:00Z", tasks: work }),
  ).toEqual({
    agent: "ada",
    slot: null,
    code: "not-due",
    reason: "its next slot is 20261122T0700Z",
  });
});

test("requested changes wake an agent, and come before anything new", () => {
  const tasks = { "t-one": { priority: "urgent" as const }, "t-two": {} };
  const pulls = [pull(3, "t-two", { ...refused, branch: "pullbeat/work/t-two--4", attempt: 4 })];
  const beat = planned({ tasks, pulls, branches: ["pullbeat/work/t-two--4"] }).beats[0];
  expect(beat).toMatchObject({ wake: "changes", reason: "ann asks for changes on #3" });
  expect(beat?.tries.map((t) => t.unit)).toEqual(["t-two", "t-one"]);
  expect(beat?.tries[0]).toEqual({
    unit: "t-two",
    task: "t-two",
    attempt: 5,
    why: "changes",
    branch: "pullbeat/work/t-two--4",
    base: sha("older"),
    parent: sha("head"),
    pull: 3,
    round: 2,
  });
});

test("rounds are counted by attempts on the branch; when they are used up nothing is tried", () => {
  const branch = "pullbeat/work/t-one--1";
  const on = (number: number) =>
    attempt("t-one", {
      attempt: number,
      proposal: {
        branch,
        base: sha("b"),
        parent: sha("b"),
        head: sha("h"),
        title: "",
        kind: "work",
        round: number,
      },
    });
  const after = (attempts: number[]): Given => ({
    tasks: work,
    pulls: [pull(3, "t-one", refused)],
    records: [record("ada", "20261122T0100Z", { attempts: attempts.map(on) })],
  });
  expect(planned(after([1, 2, 2])).beats[0]?.tries[0]).toMatchObject({ round: 3, attempt: 3 });
  expect(tried(after([1, 2, 3]))).toEqual(["t-one"]);
  expect(tried(after([1, 2, 3, 4]))).toEqual([]);
});

test("an agent's own task does not wake it, but is worked once it is awake", () => {
  const tasks = { "t-own": { created_by: "ada", priority: "urgent" as const } };
  expect(rest({ tasks })).toMatchObject({
    slot: null,
    code: "nothing-ready",
    reason: "t-own is ready, but the agent made it itself, and that does not wake it; no slot is to come",
  });
  expect(tried({ tasks, agents: { ada: daily } })).toEqual(["t-own"]);
  expect(tried({ tasks: { ...tasks, ...work } })).toEqual(["t-own", "t-one"]);
  expect(planned({ tasks: { ...tasks, ...work } }).beats[0]?.reason).toBe("t-one is ready");
});

test("changes that others request on an agent's own task do wake it", () => {
  const tasks = { "t-own": { created_by: "ada" } };
  expect(tried({ tasks, pulls: [pull(3, "t-own", refused)] })).toEqual(["t-own"]);
});

test("a chain of ticks without a person or a slot ends, but a slot is always worked", () => {
  const config = { limits: { chain: 2 } };
  expect(tried({ tasks: work, config, chain: 1 })).toEqual(["t-one"]);
  expect(rest({ tasks: work, config, chain: 2 })).toMatchObject({ slot: null, code: "chain" });
  expect(tried({ tasks: work, config, chain: 2, agents: { ada: daily } })).toEqual(["t-one"]);
});

test("a woken agent waits for the next minute when this one has its record", () => {
  expect(rest({ tasks: work, records: [record("ada", "20261122T0701Z")] })).toMatchObject({
    slot: null,
    code: "same-minute",
  });
});

test("an agent rests for the first reason there is, and its slot is closed with it", () => {
  const reads = [{ path: "data/**", max_age: "1h" }];
  const budget = { day: { beats: 1 } };
  const base: Given = { agents: { ada: { ...daily, reads, budget } }, tasks: work };
  const used = { ...base, records: [record("ada", "20261122T0600Z")] };
  const paused = { ...used, controls: [control("pause", "@ada", { at: "2026-11-22T07:00:30Z", why: "no" })] };
  const codes = [
    { ...paused, findings: [finding("agents/ada.md")] },
    paused,
    used,
    { ...used, newest: { "data/**": "2026-11-22T07:00:00Z" } },
  ].map((given) => rest(given));
  expect(codes.map((r) => r?.code)).toEqual(["broken-spec", "paused", "stale-input", "budget"]);
  expect(codes.map((r) => r?.slot)).toEqual([SLOT, SLOT, SLOT, SLOT]);
  expect(codes.map((r) => r?.reason).slice(0, 3)).toEqual([
    "has a broken spec, agents/ada.md:3:1: unknown key",
    "is paused by ann: no",
    "data/**: there is no such file",
  ]);
});

test("a spec that cannot be read rests its agent, and nobody else", () => {
  const given = {
    agents: { bob: {} },
    tasks: { "t-one": { agent: "bob" } },
    findings: [finding("agents/ada.md")],
  };
  expect(rest(given)).toMatchObject({ agent: "ada", code: "broken-spec", slot: null });
  expect(tried(given)).toEqual(["t-one"]);
});

test("a retired agent is told as retired and has no slot", () => {
  expect(rest({ agents: { ada: { ...daily, status: "retired" } }, tasks: work })).toMatchObject({
    code: "retired",
    slot: null,
  });
});

test("ready units go by priority, then day due, then path, up to the budget of a beat", () => {
  const tasks = {
    "t-a": {},
    "t-b": { due: "2026-12-24" },
    "t-c": { due: "2026-11-25" },
    "t-d": { priority: "low" as const, due: "2026-11-01" },
    "t-e": { priority: "high" as const },
    "t-f": { priority: "urgent" as const },
  };
  const budget = { beat: { tasks: 5 } };
  expect(tried({ tasks, agents: { ada: { budget } } })).toEqual(["t-f", "t-e", "t-c", "t-b", "t-a"]);
  expect(tried({ tasks })).toEqual(["t-f", "t-e", "t-c"]);
});

test("a beat sets aside what its tries may cost, and tries no more than the day pays for", () => {
  const tasks = { "t-a": {}, "t-b": {}, "t-c": {} };
  expect(planned({ tasks }).beats[0]).toMatchObject({ reserved: 1.2, leaseEnd: "2026-11-22T07:36:00Z" });
  const beat = planned({ tasks, agents: { ada: { budget: { day: { usd: 1 } } } } }).beats[0];
  expect(beat?.tries).toHaveLength(2);
  expect(beat?.reserved).toBe(0.8);
});

test("agents planned earlier leave less of the fleet's day to those behind them", () => {
  const agents = { ada: {}, bob: {} };
  const tasks = { "t-a": {}, "t-b": { agent: "bob" } };
  const config = { budgets: { day: { usd: 0.5 } } };
  const { beats, rests } = planned({ agents, tasks, config });
  expect(beats.map((b) => b.agent)).toEqual(["ada"]);
  expect(rests).toMatchObject([{ agent: "bob", code: "budget" }]);
});

test("two tries do not write one declared path, neither in one beat nor in one tick", () => {
  const tasks = {
    "t-a": { produces: ["reports/x.md"] },
    "t-b": { produces: ["reports/*.md"] },
    "t-c": { agent: "bob", produces: ["reports/x.md"] },
    "t-d": { produces: ["other.md"] },
  };
  const { beats, rests, skipped } = planned({ agents: { ada: {}, bob: {} }, tasks });
  expect(beats.map((b) => b.tries.map((t) => t.unit))).toEqual([["t-a", "t-d"]]);
  expect(skipped.map((s) => s.reason)).toEqual([
    "t-b waits: t-a writes the same paths now",
    "t-c waits: t-a writes the same paths now",
  ]);
  expect(rests).toMatchObject([{ agent: "bob", code: "nothing-ready", reason: skipped[1]?.reason }]);
});

test("what a live beat is writing is not written by another", () => {
  const produces = ["reports/x.md"];
  const tasks = { "t-a": { produces }, "t-b": { agent: "bob", produces } };
  const claims = [claim("ada", SLOT, null, LIVE), claim("ada", SLOT, "t-a", LIVE)];
  expect(tried({ agents: { ada: {}, bob: {} }, tasks, claims })).toEqual([]);
});

test("while a beat lives its agent rests, and its slots wait", () => {
  const claims = [claim("ada", "20261122T0500Z", null, LIVE), claim("ada", "20261122T0500Z", "t-one", LIVE)];
  const { beats, rests, closings, stale } = planned({
    agents: { ada: { schedule: "daily 05:00,06:00,07:00" } },
    tasks: { ...work, "t-two": {} },
    claims,
  });
  expect({ beats, closings, stale }).toEqual({ beats: [], closings: [], stale: [] });
  expect(rests).toMatchObject([{ agent: "ada", code: "working", slot: null }]);
});

const cut = (turn: number): Given => ({
  agents: { ada: { schedule: "daily 05:00,06:00,07:00" } },
  tasks: { "t-one": { priority: "low" }, "t-two": {} },
  claims: [
    claim("ada", "20261122T0600Z", null, { turn }),
    claim("ada", "20261122T0600Z", "t-one", { turn, attempt: 3 }),
  ],
});

test("a beat that was cut off has its slot once more, with its own units first", () => {
  const given = cut(1);
  const { beats, closings } = planned(given);
  expect(beats).toMatchObject([
    { slot: "20261122T0600Z", turn: 2, wake: "interrupted", takes: given.claims ?? [] },
  ]);
  expect(beats[0]?.tries.map((t) => [t.unit, t.why, t.attempt])).toEqual([
    ["t-one", "interrupted", 4],
    ["t-two", "ready", 1],
  ]);
  expect(closings.map((c) => [c.slot, c.outcome])).toEqual([["20261122T0500Z", "missed"]]);
});

test("a beat that was cut off twice has failed; its units are not tried in the same tick", () => {
  const given = cut(2);
  const { beats, closings } = planned(given);
  expect(closings).toMatchObject([
    { slot: "20261122T0600Z", outcome: "failed", ends: given.claims ?? [] },
    { slot: "20261122T0500Z", outcome: "missed", ends: [] },
  ]);
  expect(beats).toMatchObject([{ slot: SLOT, turn: 1, takes: [] }]);
  expect(beats[0]?.tries.map((t) => t.unit)).toEqual(["t-two"]);
});

test("a beat that was cut off closes its slot as a rest when its agent may not work any more", () => {
  const given = { ...cut(1), controls: [control("pause", "@ada", { at: "2026-11-22T06:59:00Z" })] };
  const { beats, rests, stale } = planned(given);
  expect(beats).toEqual([]);
  expect(rests).toMatchObject([{ slot: "20261122T0600Z", code: "paused" }]);
  expect(stale).toEqual(given.claims);
});

test("claims whose record is in the journal are only released", () => {
  const given = { ...cut(1), records: [record("ada", "20261122T0600Z")] };
  const { beats, stale, closings } = planned(given);
  expect(stale).toEqual(given.claims);
  expect(closings).toEqual([]);
  expect(beats).toMatchObject([{ slot: SLOT, turn: 1, takes: [] }]);
  expect(beats[0]?.tries.map((t) => t.unit)).toEqual(["t-two", "t-one"]);
});

test("an expired claim without its agent's own is taken over, or released when the agent rests", () => {
  const stray = claim("ada", "20261122T0500Z", "t-one");
  const { beats } = planned({ tasks: work, claims: [stray] });
  expect(beats).toMatchObject([{ takes: [stray], tries: [{ unit: "t-one", why: "interrupted" }] }]);
  expect(planned({ tasks: work, claims: [stray], controls: [control("pause", "fleet")] }).stale).toEqual([
    stray,
  ]);
  const live = claim("ada", SLOT, null, LIVE);
  expect(planned({ tasks: work, claims: [stray, live] }).stale).toEqual([stray]);
});

test("a unit under another agent's expired claim waits until that is released", () => {
  const stray = claim("bob", "20261122T0500Z", "t-one");
  const { beats, rests, stale } = planned({ agents: { ada: {}, bob: {} }, tasks: work, claims: [stray] });
  expect({ beats, stale }).toEqual({ beats: [], stale: [stray] });
  expect(rests[0]?.reason).toBe(
    "t-one is claimed: an expired claim on it is released first; no slot is to come",
  );
});

test("claims of an agent that is gone end as failed", () => {
  const claims = [claim("zoe", "20261122T0500Z", null), claim("zoe", "20261122T0500Z", "t-one")];
  expect(planned({ claims }).closings).toMatchObject([{ agent: "zoe", outcome: "failed", ends: claims }]);
});

test("a beat by hand needs neither schedule nor wakes, and plans nobody else", () => {
  const agents = { ada: { wakes: ["slot" as const] }, bob: daily };
  const by = { agent: name("ada"), id: "abcd" };
  const { beats, rests } = plan(snapshot({ agents, tasks: work }), by);
  expect(beats).toMatchObject([{ agent: "ada", slot: "manual-abcd", wake: "manual" }]);
  expect(rests).toEqual([]);
});

test("a beat by hand for one task tries that task only, and says why it cannot", () => {
  const tasks = { "t-one": {}, "t-two": { priority: "urgent" as const }, "t-three": { needs: ["t-one"] } };
  const by = (task: string) =>
    plan(snapshot({ tasks }), { agent: name("ada"), task: unit(task), id: "abcd" });
  expect(by("t-one").beats[0]?.tries.map((t) => t.unit)).toEqual(["t-one"]);
  expect(by("t-three").rests).toMatchObject([
    { slot: null, reason: "t-three is blocked: needs t-one, which is not done" },
  ]);
});

test("a beat by hand is held by pauses, budgets and claims, and then leaves no record", () => {
  const by = { agent: name("ada"), id: "abcd" };
  const codeOf = (given: Given) => plan(snapshot({ tasks: work, ...given }), by).rests[0];
  expect(codeOf({ controls: [control("pause", "fleet")] })).toMatchObject({ code: "paused", slot: null });
  expect(codeOf({ claims: [claim("ada", SLOT, null, LIVE)] })).toMatchObject({ code: "working", slot: null });
  const budget = { day: { beats: 1 } };
  const records = [record("ada", "20261122T0600Z")];
  expect(codeOf({ agents: { ada: { budget } }, records })).toMatchObject({ code: "budget", slot: null });
  expect(codeOf({ agents: {} })).toMatchObject({ code: "unknown-agent", slot: null });
});

test("a lease that ends this second is over", () => {
  const claims = [claim("ada", "20261122T0600Z", null, { leaseEnd: Instant.parse("2026-11-22T07:01:00Z") })];
  expect(planned({ tasks: work, claims }).beats).toMatchObject([{ turn: 2 }]);
});
