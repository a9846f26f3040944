import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  AgentName,
  dateOf,
  Instant,
  instantOf,
  Login,
  Minute,
  minuteOf,
  mintTaskId,
  Sha,
  SlotTime,
  TaskId,
  taskOf,
  Unit,
  unitOf,
} from "../../src/domain/id.ts";

test.each([
  ["an agent", "lp-tester", AgentName],
  ["a task", "T-8k2f", TaskId],
  ["a task", "launch-roofing", TaskId],
  ["a unit", "T-8k2f@20261122T0700Z", Unit],
  ["a slot", "manual-8k2f", SlotTime],
  ["a login", "octo-cat", Login],
  ["an object", "0".repeat(64), Sha],
])("%s can be called %s", (_, text, type) => expect(type.safeParse(text).success).toBe(true));

const HOSTILE = [
  "",
  "../x",
  "a/b",
  "a.lock",
  "-x",
  "x-",
  "a--b",
  "a b",
  "a\nb",
  "a\n",
  "@{-1}",
  "a:b",
  "a^",
  "T-8K2F",
  "T-a",
  "é",
  "a\u202Eb",
  "HEAD~1",
];

test.each(HOSTILE)("%j is no name, no task and no unit", (text) => {
  for (const type of [AgentName, TaskId, Unit]) expect(type.safeParse(text).success).toBe(false);
});

test("ids are short enough for a file and a ref", () => {
  expect(AgentName.safeParse("a".repeat(41)).success).toBe(false);
  expect(TaskId.safeParse("a".repeat(49)).success).toBe(false);
});

test("a unit is a task, or one occurrence of a duty", () => {
  const task = TaskId.parse("T-8k2f");
  const unit = unitOf(task, Minute.parse("20261122T0700Z"));
  expect(unit).toBe("T-8k2f@20261122T0700Z");
  expect([taskOf(unit), taskOf(unitOf(task))]).toEqual([task, task]);
});

test("a minute names its instant, and back", () => {
  const minutes = fc.integer({ min: 0, max: Date.UTC(9999, 0) / 60_000 });
  fc.assert(
    fc.property(minutes, fc.nat(59_999), (minute, rest) => {
      const at = new Date(minute * 60_000 + rest);
      expect(dateOf(minuteOf(at)).getTime()).toBe(minute * 60_000);
      expect(Math.floor(at.getTime() / 1000)).toBe(new Date(Instant.parse(instantOf(at))).getTime() / 1000);
    }),
  );
});

test("a fresh id is not taken, has no look-alikes, and grows when short ones run out", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(30)), (numbers) => {
      const chance = (below: number): number => (numbers.next().value ?? 0) % below;
      expect(mintTaskId(chance, new Set())).toMatch(/^T-[a-hjkmnp-z2-9]{4}$/);
    }),
  );
  const shortTaken = { has: (id: TaskId): boolean => id.length < 8 };
  expect(mintTaskId(() => 0, shortTaken)).toBe("T-aaaaaa");
});
