import { expect, test } from "vitest";
import { Calibration } from "../../src/domain/grading/calibration.ts";
import { Hearing } from "../../src/domain/verdict/hearing.ts";
import { allowance, booked, dearest, ledgerOf, spentToday } from "../../src/domain/plan/ledger.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { agentFile, attempt, claim, LIVE, record, sha, snapshot } from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

const usd = (price: number | null) =>
  attempt("t-one", { spent: { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: price, ms: 1 } });
const cost = (price: number | null, started = "2026-11-22T05:00:00Z", agent = "ada") =>
  record(agent, "20261122T0500Z", { started, attempts: [usd(price)] });

const spec = agentFile("ada", { budget: { attempt: { usd: 0.4 }, day: { beats: 3, usd: 1.2 } } }).spec;

function allowed(given: Given, of = spec) {
  const seen = snapshot(given);
  return allowance(of, ledgerOf(seen), { config: seen.fleet.config, now: seen.now });
}

test("a fresh day pays for what the day's dollars hold", () => {
  expect(allowed({})).toEqual({ attempts: 3 });
});

test("what was spent today is gone, to the cent", () => {
  expect(allowed({ records: [cost(0.8)] })).toEqual({ attempts: 1 });
  expect(allowed({ records: [cost(0.81)] })).toEqual({
    reason: "its $1.20 of 2026-11-22 (UTC) are down to $0.39, and an attempt may cost $0.40",
  });
});

const thrice = (outcome: "worked" | "failed" | "rested" | "missed") =>
  ["20261122T0100Z", "20261122T0200Z", "20261122T0300Z"].map((at) => record("ada", at, { outcome }));

test("beats of the day are counted, whether they worked or failed; rests and missed slots are not", () => {
  const used = { reason: "its beats of 2026-11-22 (UTC) are used up: 3 of 3" };
  expect(allowed({ records: thrice("worked") })).toEqual(used);
  expect(allowed({ records: thrice("failed") })).toEqual(used);
  expect(allowed({ records: thrice("rested") })).toEqual({ attempts: 3 });
  expect(allowed({ records: thrice("missed") })).toEqual({ attempts: 3 });
});

test("another agent's spending binds through the fleet's day only", () => {
  const records = [cost(1.2, undefined, "bob")];
  expect(allowed({ records })).toEqual({ attempts: 3 });
  expect(allowed({ records, config: { budgets: { day: { usd: 2 } } } })).toEqual({ attempts: 2 });
  expect(allowed({ records, config: { budgets: { day: { usd: 1.5 } } } })).toMatchObject({
    reason: expect.stringContaining("the fleet's $1.50"),
  });
  expect(allowed({ records, config: { budgets: { day: { beats: 1 } } } })).toEqual({
    reason: "the fleet's beats of 2026-11-22 (UTC) are used up: 1 of 1",
  });
});

test("a day is a calendar day of the spec's time zone", () => {
  const records = [cost(1.2, "2026-11-21T23:30:00Z")];
  expect(allowed({ records })).toEqual({ attempts: 3 });
  const berlin = agentFile("ada", { ...spec, timezone: "Europe/Berlin" }).spec;
  expect(allowed({ records }, berlin)).toMatchObject({
    reason: expect.stringContaining("2026-11-22 (Europe/Berlin)"),
  });
});

test("a day of 25 hours is counted whole", () => {
  const berlin = agentFile("ada", { ...spec, timezone: "Europe/Berlin" }).spec;
  const records = [cost(1.2, "2026-10-24T22:00:00Z")];
  expect(allowed({ records, now: "2026-10-25T22:59:00Z" }, berlin)).toHaveProperty("reason");
  expect(allowed({ records, now: "2026-10-25T23:00:00Z" }, berlin)).toEqual({ attempts: 3 });
});

test("what live beats have set aside counts; once the lease is over it does not", () => {
  const aside = { reserved: 1 };
  expect(allowed({ claims: [claim("ada", "20261122T0700Z", null, { ...LIVE, ...aside })] })).toHaveProperty(
    "reason",
  );
  expect(allowed({ claims: [claim("ada", "20261122T0600Z", null, aside)] })).toEqual({ attempts: 3 });
});

test("an unknown price is no dollars, and the reason says that it was left out", () => {
  expect(allowed({ records: [cost(null)] })).toEqual({ attempts: 3 });
  expect(allowed({ records: [cost(null), cost(1)] })).toMatchObject({
    reason: expect.stringContaining("; attempts of unknown price are not counted: 1"),
  });
});

test("what is set aside is told apart from what is spent", () => {
  const live = claim("ada", "20261122T0700Z", null, { ...LIVE, reserved: 0.5 });
  const seen = snapshot({ claims: [live], records: [cost(0.4)] });
  expect(spentToday(spec, ledgerOf(seen), seen)).toMatchObject({ beats: 2, usd: 0.9, aside: 0.5 });
  expect(allowed({ claims: [live], records: [cost(0.4)] })).toEqual({
    reason:
      "its $1.20 of 2026-11-22 (UTC) are down to $0.30 ($0.50 are not spent, but set aside for beats at work), and an attempt may cost $0.40",
  });
  const ledger = booked(ledgerOf(seen), 0.25);
  expect(ledger.fleet).toMatchObject({ usd: 1.15, aside: 0.75 });
});

test.each([
  { kind: "command" as const, run: ["node", "x.mjs"] },
  { kind: "scripted" as const, script: "x.jsonl" },
])("an agent whose engine is $kind costs nothing, so that no purse is too empty for it", (engine) => {
  const free = agentFile("ada", { ...spec, engine }).spec;
  expect(dearest(free)).toBe(0);
  const poor = { config: { budgets: { day: { usd: 0.1, beats: 2 } } } };
  expect(allowed(poor)).toHaveProperty("reason");
  expect(allowed(poor, free)).toEqual({ attempts: Infinity });
  // The fleet may have overdrawn its day, and beats bind all the same.
  expect(allowed({ ...poor, records: [cost(3, undefined, "bob")] }, free)).toEqual({ attempts: Infinity });
  const two = [cost(3, undefined, "bob"), cost(0, "2026-11-22T06:00:00Z", "cyd")];
  expect(allowed({ ...poor, records: two }, free)).toEqual({
    reason: "the fleet's beats of 2026-11-22 (UTC) are used up: 2 of 2",
  });
});

test("programs set nothing aside: a day of three dollars holds all eleven of them, and one model besides", () => {
  const names = Array.from({ length: 11 }, (_, i) => `a${i}`);
  const engine = { kind: "command" as const, run: ["node", "x.mjs"] };
  const given = {
    agents: { ...Object.fromEntries(names.map((n) => [n, { engine }])), zoe: {} },
    tasks: Object.fromEntries([...names, "zoe"].map((agent, i) => [`t-${i}`, { agent }])),
    config: { budgets: { day: { usd: 3 } } },
  };
  const { beats } = plan(snapshot(given));
  expect(beats.map((b) => b.agent).toSorted()).toEqual([...names, "zoe"].toSorted());
  expect(beats.filter((b) => b.reserved > 0)).toMatchObject([{ agent: "zoe", reserved: 0.4 }]);
});

test("a booked beat is gone from the fleet's day", () => {
  const seen = snapshot({ config: { budgets: { day: { beats: 2, usd: 2 } } } });
  const once = booked(ledgerOf(seen), 1.2);
  const ask = (ledger: typeof once) => allowance(spec, ledger, { config: seen.fleet.config, now: seen.now });
  expect(ask(once)).toEqual({ attempts: 2 });
  expect(ask(booked(once, 0.1))).toHaveProperty("reason");
});

test("a judgement is a beat of its grader's, a calibration only costs, and a program's word is neither", () => {
  const spent = { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 0.25, ms: 1 };
  const grading = {
    agent: "ada",
    spec: sha("s"),
    engine: { kind: "openai", model: "m", scripted: false },
    spent,
  };
  const heard = (at: string, more: object = {}): Hearing =>
    Hearing.parse({
      version: 1,
      pull: 1,
      branch: "pullbeat/work/t-one--1",
      gate: "honest",
      of: "this",
      head: sha("h"),
      at,
      verdict: { gate: "honest", ruling: "pass", sentence: "s", details: [], mendable: true },
      ...more,
    });
  const today = "2026-11-22T05:00:00Z";
  const tried = {
    version: 1,
    grader: "ada",
    spec: sha("s"),
    model: "m",
    at: today,
    who: "ann",
    seed: 1,
    samples: [],
    spent,
  };
  const seen = snapshot();
  const { journal } = seen;
  const hearings = [
    heard(today, { grading }),
    heard(today, { grading: { ...grading, spent: { ...spent, usd: null } } }),
    heard(today, { grading: { ...grading, agent: "bob" } }),
    heard(today),
    heard("2026-11-21T05:00:00Z", { grading }),
  ];
  const full = { ...seen, journal: { ...journal, hearings, calibrations: [Calibration.parse(tried)] } };
  expect(spentToday(spec, ledgerOf(full), full)).toEqual({ beats: 2, usd: 0.5, aside: 0, unpriced: 1 });
  expect(ledgerOf(full).fleet).toEqual({ beats: 3, usd: 0.75, aside: 0, unpriced: 1 });
});
