import { expect, test } from "vitest";
import { askingRate } from "../../src/domain/board/asking.ts";
import { agentFile, attempt, record } from "./fleet.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const { spec } = agentFile("ada", { escalates: [{ id: "missing-page", when: "w" }] });
const day = (d: number, outcomes: readonly ("asked" | "failed" | "clean")[], name = "ada") =>
  record(name, `202611${String(d).padStart(2, "0")}T0700Z`, {
    ended: `2026-11-${String(d).padStart(2, "0")}T07:05:00Z`,
    attempts: outcomes.map((outcome) => attempt("t-one", { outcome })),
  });
const rate = (...records: ReturnType<typeof day>[]) => askingRate(spec, { records, now: NOW });

test("how often an agent asks is counted over its own last four weeks", () => {
  expect(rate(day(20, ["asked", "clean"]), day(21, ["clean"], "bob"), day(21, ["failed"]))).toEqual({
    questions: 1,
    attempts: 3,
    rate: "fine",
  });
  const old = record("ada", "20261001T0700Z", {
    ended: "2026-10-01T07:05:00Z",
    attempts: [attempt("t-one", { outcome: "asked" })],
  });
  expect(rate(old)).toEqual({ questions: 0, attempts: 0, rate: "fine" });
});

test("many questions for little work are too many, and none in much work is odd", () => {
  expect(rate(day(20, ["asked", "asked", "asked", "clean"]))?.rate).toBe("often");
  expect(rate(day(20, ["asked", "asked"]))?.rate).toBe("fine");
  const busy = [18, 19, 20].map((d) => day(d, ["clean", "clean", "clean", "clean", "clean"]));
  expect(rate(...busy)?.rate).toBe("never");
  expect(rate(...busy, day(21, ["asked"]))?.rate).toBe("fine");
});

test("an agent that may not ask has no rate", () => {
  const { spec: mute } = agentFile("ada");
  expect(askingRate(mute, { records: [day(20, ["clean"])], now: NOW })).toBeNull();
});
