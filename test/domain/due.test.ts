import { expect, test } from "vitest";
import { dueSlots } from "../../src/domain/plan/due.ts";
import { factsOf } from "../../src/domain/plan/facts.ts";
import { staleInput } from "../../src/domain/plan/input.ts";
import { agentFile, control, name, record, snapshot } from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

function due(given: Given): string[] {
  const facts = factsOf(
    snapshot({ from: "2026-11-20T00:00:00Z", agents: { ada: { schedule: "daily 07:00" } }, ...given }),
  );
  const file = facts.snapshot.fleet.agents.get(name("ada"));
  return file === undefined ? [] : dueSlots(file, facts);
}

test("every slot since the look back began is due, oldest first", () => {
  expect(due({})).toEqual(["20261120T0700Z", "20261121T0700Z", "20261122T0700Z"]);
});

test("a slot is due from its own minute on", () => {
  expect(due({ now: "2026-11-22T06:59:59Z" }).at(-1)).toBe("20261121T0700Z");
  expect(due({ now: "2026-11-22T07:00:00Z" }).at(-1)).toBe("20261122T0700Z");
});

test("slots up to the last record are closed; a beat by hand closes none", () => {
  expect(due({ records: [record("ada", "20261121T0700Z")] })).toEqual(["20261122T0700Z"]);
  expect(due({ records: [record("ada", "manual-aaaa")] })).toHaveLength(3);
  expect(due({ records: [record("bob", "20261122T0700Z")] })).toHaveLength(3);
});

test("a record of the future, by a clock that was wrong, hides no slot of now", () => {
  const wrong = record("ada", "20261128T0700Z");
  expect(due({ records: [record("ada", "20261121T0700Z"), wrong] })).toEqual(["20261122T0700Z"]);
  expect(due({ records: [wrong, record("ada", "20261122T0700Z")] })).toEqual([]);
});

test("a slot whose record cannot be read is nobody's any more: its path is the lock", () => {
  const file = "beats/2026/11/22/ada@20261122T0700Z/record.json";
  const unread = [
    { rule: "journal/file", level: "error" as const, message: "not JSON", file, line: 1, column: 1 },
  ];
  expect(due({ unread })).toEqual(["20261120T0700Z", "20261121T0700Z"]);
});

test("slots before the spec had this schedule are nobody's", () => {
  expect(due({ since: { "agents/ada.md": "2026-11-21T12:00:00Z" } })).toEqual(["20261122T0700Z"]);
});

test("slots during a pause are not due, those before and after it are", () => {
  const controls = [
    control("pause", "fleet", { at: "2026-11-21T00:00:00Z" }),
    control("resume", "fleet", { at: "2026-11-21T12:00:00Z" }),
  ];
  expect(due({ controls })).toEqual(["20261120T0700Z", "20261122T0700Z"]);
});

test("a paused or retired spec, and one that slots do not wake, have no slots", () => {
  const schedule = "daily 07:00";
  expect(due({ agents: { ada: { schedule, status: "paused" } } })).toEqual([]);
  expect(due({ agents: { ada: { schedule, status: "retired" } } })).toEqual([]);
  expect(due({ agents: { ada: { schedule, wakes: ["ready"] } } })).toEqual([]);
  expect(due({ agents: { ada: { schedule: "on-demand" } } })).toEqual([]);
});

test("a spec's own time zone is meant, else the fleet's", () => {
  const schedule = "daily 07:00";
  const config = { timezone: "America/New_York" };
  expect(due({ agents: { ada: { schedule, timezone: "Europe/Berlin" } }, config }).at(-1)).toBe(
    "20261122T0600Z",
  );
  expect(due({ agents: { ada: { schedule } }, config }).at(-1)).toBe("20261121T1200Z");
});

const reads = [{ path: "data/**", max_age: "26h" }];

test("input is stale when it is missing or older than its limit, and the sentence says by how much", () => {
  const { spec } = agentFile("ada", { reads });
  const stale = (at: string | null): string | null =>
    staleInput(spec, snapshot({ newest: { "data/**": at } }));
  expect(stale("2026-11-21T05:01:00Z")).toBeNull();
  expect(stale("2026-11-21T05:00:59Z")).toBe("data/**: the newest file is 26h old, and 26h is the most");
  expect(stale("2026-11-18T05:00:00Z")).toBe("data/**: the newest file is 4d old, and 26h is the most");
  expect(stale(null)).toBe("data/**: there is no such file");
});

test("an age that was not looked up is an age that is over", () => {
  expect(staleInput(agentFile("ada", { reads }).spec, snapshot())).not.toBeNull();
  expect(staleInput(agentFile("ada", { reads: ["data/**"] }).spec, snapshot())).toBeNull();
});
