import { expect, test } from "vitest";
import { closedBefore, earlierMerges, usedToday } from "../../src/domain/clearance/past.ts";
import { Policy } from "../../src/domain/clearance/policy.ts";
import { control, finding, merge, name, pull, sha, snapshot } from "./fleet.ts";

type Cleared = Pick<NonNullable<ReturnType<typeof merge>["clearance"]>, "tier" | "by">;
const AUTO: Cleared = { tier: "routine", by: "auto" };
const letIn = (
  of: string,
  rules: string[],
  { tier = AUTO.tier, by = AUTO.by, ...more }: Parameters<typeof merge>[1] & Partial<Cleared> = {},
) => merge(of, { clearance: { tier, by, rules, policy: null }, ...more });

test("a grant is used by merges that it let in with less than the default, of this agent, on this day in the fleet's zone", () => {
  const merges = [
    letIn("t-a", ["grant:reports"]),
    letIn("t-b", ["grant:reports"]),
    letIn("t-c", ["grant:pages"]),
    letIn("t-d", ["grant:reports", "built-in:probation"], { tier: "human", by: "human" }),
    letIn("t-e", ["default:human"]),
    letIn("t-f", ["grant:reports"], { agent: "bob" }),
    letIn("t-g", ["grant:reports"], { at: "2026-11-21T22:30:00Z" }),
    merge("t-h"),
  ];
  const used = usedToday(snapshot({ merges }), name("ada"));
  expect(used).toEqual(
    new Map([
      ["reports", 2],
      ["pages", 1],
    ]),
  );
  const berlin = snapshot({ merges, config: { timezone: "Europe/Moscow" } });
  expect(usedToday(berlin, name("ada"))?.get("reports")).toBe(3);
});

test("a lift that brings no person takes no merge out of the count, and neither does one below the default", () => {
  const lifted = (tier: Cleared["tier"], by: Cleared["by"]) =>
    snapshot({ merges: [letIn("t-a", ["grant:reports", "raise:careful"], { tier, by })] });
  expect(usedToday(lifted("reviewed", "auto"), name("ada"))).toEqual(new Map([["reports", 1]]));
  expect(usedToday(lifted("human", "human"), name("ada"))).toEqual(new Map());
  const { fleet, ...rest } = lifted("human", "human");
  const policy = Policy.parse({ default: "dual" });
  const strict = { ...rest, fleet: { ...fleet, config: { ...fleet.config, policy } } };
  expect(usedToday(strict, name("ada"))).toEqual(new Map([["reports", 1]]));
});

test("where a merge cannot be read, nobody knows how often a grant was used", () => {
  expect(usedToday(snapshot({ unread: [finding("merges/2026/11/x.json")] }), name("ada"))).toBeNull();
  expect(usedToday(snapshot({ unread: [finding("control/x.json")] }), name("ada"))).toEqual(new Map());
});

test("earlier merges of a task are those of its other occurrences too, newest first, and no questions", () => {
  const merges = [
    merge("day@20261120T0700Z", { pull: 1 }),
    merge("day@20261121T0700Z", { pull: 2 }),
    merge("day@20261121T0700Z", { pull: 3, kind: "question" }),
    merge("other", { pull: 4 }),
  ];
  const of = snapshot({ merges });
  expect(earlierMerges(of, pull(9, "day@20261122T0700Z")).map((m) => m.pull)).toEqual([2, 1]);
  expect(earlierMerges(of, { task: null })).toEqual([]);
});

const close = (target: string, more: Parameters<typeof control>[2] = {}) =>
  control("close", target, { pull: 3, taskBlob: sha("day"), ...more });
const closed = (...controls: ReturnType<typeof control>[]) =>
  closedBefore(
    snapshot({ tasks: { day: { every: "daily 07:00" } }, controls }),
    pull(9, "day@20261122T0700Z"),
  );

test("a person's close counts for the unit, and for other occurrences while the duty's file is as it was", () => {
  expect(closed()).toBeNull();
  expect(closed(close("day@20261122T0700Z", { taskBlob: sha("older") }))).toBe(3);
  expect(closed(close("day@20261121T0700Z"))).toBe(3);
  expect(closed(close("day@20261121T0700Z", { taskBlob: sha("older") }))).toBeNull();
  expect(closed(close("day@20261121T0700Z", { taskBlob: null }))).toBeNull();
  expect(closed(close("other"))).toBeNull();
  expect(closed(close("day@20261121T0700Z"), close("day@20261120T0700Z", { pull: 4 }))).toBe(4);
});

test("a park, a close of an agent, one without a pull, and pullbeat's own replacing of a pull say nothing", () => {
  expect(closed(control("park", "day@20261122T0700Z", { pull: 3 }))).toBeNull();
  expect(closed(close("@ada"))).toBeNull();
  expect(closed(close("day@20261122T0700Z", { pull: null }))).toBeNull();
  expect(closed(close("day@20261121T0700Z", { who: "pullbeat", why: "superseded by day@1" }))).toBeNull();
  expect(closed(close("day@20261121T0700Z", { who: "ann", why: "superseded by nothing" }))).toBe(3);
  expect(closed(close("day@20261121T0700Z", { who: "pullbeat", why: "its branch was deleted" }))).toBe(3);
});

test("a pull without a task, or without a unit, was never closed before", () => {
  const of = snapshot({ tasks: { day: {} }, controls: [close("day")] });
  const { task, author } = pull(9, "day");
  expect(closedBefore(of, { unit: null, task: null, author })).toBeNull();
  expect(closedBefore(of, { unit: null, task, author })).toBeNull();
});
