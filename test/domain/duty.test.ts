import { expect, test } from "vitest";
import { boardView, supersedes } from "../../src/domain/board/board.ts";
import { isOlder, newestOccurrence, slotOf } from "../../src/domain/plan/duty.ts";
import { factsOf } from "../../src/domain/plan/facts.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import {
  attempt,
  claim,
  control,
  LIVE,
  merge,
  pull,
  record,
  review,
  snapshot,
  taskFile,
  unit,
} from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

const every = "daily 07:00";
const today = "feed@20261122T0700Z";
const yesterday = "feed@20261121T0700Z";
const duty = (given: Given = {}, more = {}) =>
  snapshot({ from: "2026-11-20T00:00:00Z", tasks: { feed: { every, ...more } }, ...given });
const states = (given: Given = {}, more = {}): string[] =>
  boardView(duty(given, more)).map((v) => `${v.unit} ${v.state}`);

test("a duty's newest slot is its occurrence", () => {
  expect(states()).toEqual([`${today} ready`]);
  expect(states({ now: "2026-11-22T06:59:00Z" })).toEqual([`${yesterday} ready`]);
});

test("an occurrence from before the duty had its schedule is nobody's", () => {
  const view = boardView(duty({ since: { "board/feed.md": "2026-11-22T07:00:30Z" } }));
  expect(view).toMatchObject([{ unit: "feed", state: "blocked", reason: "first due at 20261123T0700Z" }]);
});

test("an occurrence from before the look back is nobody's, for its end could not be seen", () => {
  const monthly = snapshot({ tasks: { feed: { every: "monthly 1 07:00" } } });
  expect(newestOccurrence(taskFile("feed", { every: "monthly 1 07:00" }), monthly)).toBeNull();
});

test("a duty's slots are in its agent's time zone", () => {
  expect(states({ agents: { ada: { timezone: "Europe/Berlin" } } })).toEqual(["feed@20261122T0600Z ready"]);
});

test("an occurrence is done by its merge, or by an attempt that found nothing to change", () => {
  expect(states({ merges: [merge(today)] })).toEqual([`${today} done`]);
  expect(states({ merges: [merge(today)], controls: [control("unpark", "feed")] })).toEqual([
    `${today} done`,
  ]);
  const clean = record("ada", "20261122T0700Z", { attempts: [attempt(today, { outcome: "clean" })] });
  expect(states({ records: [clean] })).toEqual([`${today} done`]);
  expect(states({ merges: [merge(yesterday)] })).toEqual([`${today} ready`]);
});

test("a clean attempt does not end a plain task", () => {
  const clean = record("ada", "20261122T0700Z", { attempts: [attempt("t-one", { outcome: "clean" })] });
  expect(boardView(snapshot({ tasks: { "t-one": {} }, records: [clean] }))[0]?.state).toBe("ready");
});

test("an occurrence parks like a task, and the next one is not parked with it", () => {
  expect(states({ controls: [control("park", today)] })).toEqual([`${today} parked`]);
  expect(states({ controls: [control("park", yesterday)] })).toEqual([`${today} ready`]);
  expect(states({ controls: [control("park", "feed")] })).toEqual([`${today} parked`]);
});

test("a duty that waits rests while yesterday's pull is open, or yesterday's claim stands", () => {
  expect(states({ pulls: [pull(7, yesterday)] })).toEqual([`${yesterday} waiting`, `${today} blocked`]);
  expect(states({ claims: [claim("ada", "20261121T0700Z", yesterday, LIVE)] })).toEqual([
    `${yesterday} claimed`,
    `${today} blocked`,
  ]);
});

test("an older occurrence whose pull has changes requested is worked on", () => {
  const pulls = [pull(7, yesterday, { reviews: [review("ann", "request-changes")] })];
  expect(plan(duty({ pulls })).beats[0]?.tries).toMatchObject([{ unit: yesterday, why: "changes" }]);
});

test("a duty that replaces closes yesterday's pull, and works on today's occurrence only", () => {
  const pulls = [pull(7, yesterday, { reviews: [review("ann", "request-changes")] })];
  const planned = plan(duty({ pulls }, { overlap: "replace" }));
  expect(planned.supersedes).toEqual([{ unit: yesterday, pull: 7, by: today }]);
  expect(planned.beats[0]?.tries.map((t) => t.unit)).toEqual([today]);
});

test("the pull that is to be closed does not block the paths that both write", () => {
  const branch = `pullbeat/work/${yesterday}--1`;
  const given = { pulls: [pull(7, yesterday)], changes: { [branch]: ["data/feed.csv"] } };
  const planned = plan(duty(given, { overlap: "replace", produces: ["data/feed.csv"] }));
  expect(planned.beats[0]?.tries.map((t) => t.unit)).toEqual([today]);
});

test("a duty that waits supersedes nothing", () => {
  expect(supersedes(factsOf(duty({ pulls: [pull(7, yesterday)] })))).toEqual([]);
});

test("a duty that was ended has no occurrences", () => {
  expect(states({}, { status: "dropped" })).toEqual(["feed dropped"]);
});

test("a need on a duty is met by its newest occurrence", () => {
  const tasks = { feed: { every }, "t-one": { needs: ["feed"] } };
  const stateOf = (given: Given) =>
    boardView(snapshot({ tasks, ...given })).find((v) => v.unit === "t-one")?.state;
  expect(stateOf({})).toBe("blocked");
  expect(stateOf({ merges: [merge(yesterday)] })).toBe("blocked");
  expect(stateOf({ merges: [merge(today)] })).toBe("ready");
});

test("only an earlier occurrence of the same duty is older", () => {
  expect(isOlder(unit(yesterday), unit(today))).toBe(true);
  expect(isOlder(unit(today), unit(yesterday))).toBe(false);
  expect(isOlder(unit("food@20261121T0700Z"), unit(today))).toBe(false);
  expect(slotOf(unit("feed"))).toBeNull();
});
