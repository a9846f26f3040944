import { expect, test } from "vitest";
import { relative, slotTime, spoken } from "../../src/cli/time.ts";

const NOW = new Date("2026-11-23T07:00:00Z");

test.each([
  ["2026-11-23T07:00:29Z", "now"],
  ["2026-11-23T06:59:29Z", "1 min ago"],
  ["2026-11-23T07:05:00Z", "in 5 min"],
  ["2026-11-23T06:00:20Z", "1 h ago"],
  ["2026-11-23T10:20:00Z", "in 3 h"],
  ["2026-11-22T07:10:00Z", "1 day ago"],
  ["2026-11-25T07:00:00Z", "in 2 days"],
  ["2026-09-26T07:00:00Z", "58 days ago"],
  ["2025-11-23T07:00:00Z", "2025-11-23"],
])("%s is %s", (at, said) => {
  expect(relative(new Date(at), NOW)).toBe(said);
});

test("a slot is said by its minute, or as one that somebody asked for", () => {
  expect(slotTime("20261123T0655Z", NOW)).toBe("5 min ago");
  expect(slotTime("manual-x7k2", NOW)).toBe("by hand");
});

test.each([
  ["first due at 20261123T1000Z", "first due in 3 h"],
  ["it has no open task; its next slot is 20261124T0700Z", "it has no open task; its next slot is in 1 day"],
  [
    "writer works on it until 2026-11-23T07:20:00Z at most",
    "writer works on it until 2026-11-23 07:20 UTC (in 20 min) at most",
  ],
  ["see ceo@20261123T0700Z", "see ceo@20261123T0700Z"],
  ["20269999T9999Z is none", "20269999T9999Z is none"],
])("%s", (sentence, said) => {
  expect(spoken(sentence, NOW)).toBe(said);
});
