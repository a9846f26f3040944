import { expect, test } from "vitest";
import { parkReason } from "../../src/domain/control/park.ts";
import type { BeatRecord, Control } from "../../src/domain/record.ts";
import { attempt, control, record, sha } from "./fleet.ts";

const failed = (of: string, failure = "engine/server", more: Parameters<typeof attempt>[1] = {}) =>
  attempt(of, { outcome: "failed", failure, reason: "no answer", ...more });

/** Why a failure of `engine/server` parks after these attempts, of which each has a record of its own hour. */
function after(
  earlier: ReturnType<typeof attempt>[],
  { of = "t-one", controls = [] as Control[] } = {},
): string | null {
  const records: BeatRecord[] = earlier.map((a, i) => {
    const at = `2026-11-22T0${i}:00:00Z`;
    return record("ada", `20261122T0${i}00Z`, { now: at, started: at, ended: at, attempts: [a] });
  });
  return parkReason(failed(of), { records, controls });
}

const TWICE = "failed twice in the same way (engine/server): no answer";

test("the same failure twice in a row parks, and nothing less does", () => {
  expect(after([])).toBeNull();
  expect(after([failed("t-one")])).toBe(TWICE);
  expect(after([failed("t-one", "gate/paths")])).toBeNull();
  expect(after([failed("t-one"), failed("t-one", "gate/paths")])).toBeNull();
  expect(after([failed("t-one"), attempt("t-one")])).toBeNull();
  expect(after([failed("t-two")])).toBeNull();
});

test("an edit of the task between the two starts the count anew", () => {
  expect(after([failed("t-one", "engine/server", { taskBlob: sha("an older version") })])).toBeNull();
});

const unpark = (at: string, target = "t-one") => [control("unpark", target, { at })];

test("an unpark between the two starts the count anew; an older one does not", () => {
  expect(after([failed("t-one")], { controls: unpark("2026-11-22T00:30:00Z") })).toBeNull();
  expect(after([failed("t-one")], { controls: unpark("2026-11-21T00:30:00Z") })).toBe(TWICE);
  expect(after([failed("t-one")], { controls: unpark("2026-11-22T00:30:00Z", "t-two") })).toBe(TWICE);
});

test("occurrences of a duty count as tries of one task, and an unpark of the task is about all of them", () => {
  const [sat, sun] = ["t-one@20261121T0700Z", "t-one@20261122T0700Z"];
  expect(after([failed(sat)], { of: sun })).toBe(TWICE);
  expect(after([failed(sat), attempt(sat)], { of: sun })).toBeNull();
  const controls = unpark("2026-11-22T00:30:00Z");
  expect(after([failed(sat)], { of: sun, controls })).toBeNull();
});

test.each([
  "engine/auth",
  "engine/billing",
  "engine/config",
  "engine/request",
  "command/start",
  "interrupted",
])("%s parks at once", (failure) => {
  expect(parkReason(failed("t-one", failure), { records: [], controls: [] })).toBe("no answer");
});

test("what did not fail parks nothing", () => {
  expect(
    parkReason(attempt("t-one"), { records: [record("ada", "20261122T0600Z")], controls: [] }),
  ).toBeNull();
});
