import { expect, test } from "vitest";
import { Directive } from "../../src/domain/board/directive.ts";
import { isDuty, needsOf, Task } from "../../src/domain/board/task.ts";

const least = { id: "T-8k2f", title: "Grade it", agent: "ann" };

test("id, title and agent are enough", () => {
  expect(Task.parse(least)).toMatchObject({
    status: "todo",
    priority: "normal",
    needs: [],
    depth: 0,
    overlap: "wait",
  });
});

test.each([
  ["a derived state", { status: "in review" }],
  ["a key nobody knows", { assignee: "ann" }],
  ["an id that is no file name", { id: "T-8k2f/../x" }],
  ["a day that does not exist", { due: "2026-02-30" }],
  ["a day with a time", { due: "2026-11-25T10:00:00Z" }],
  ["a title over many lines' length", { title: "x".repeat(201) }],
  ["a need on a result that nobody gives", { needs: [{ task: "T-7a1c", result: "maybe" }] }],
  ["a negative depth", { depth: -1 }],
  ["a product outside the repository", { produces: ["/etc/passwd"] }],
  ["a duty closer than five minutes", { every: "every 1m" }],
])("%s is refused", (_, change) => expect(Task.safeParse({ ...least, ...change }).success).toBe(false));

test("needs are tasks, with or without a result", () => {
  const task = Task.parse({ ...least, needs: ["T-7a1c", { task: "T-7b2d", result: "pass" }] });
  expect(needsOf(task)).toEqual([{ task: "T-7a1c" }, { task: "T-7b2d", result: "pass" }]);
});

test("a task with a schedule is a duty", () => {
  expect(isDuty(Task.parse({ ...least, every: "daily 07:00" }))).toBe(true);
  expect(isDuty(Task.parse(least))).toBe(false);
});

test("a directive binds everybody until it says otherwise, and not nobody", () => {
  expect(Directive.parse({ title: "Be brief" }).scope).toBe("all");
  expect(Directive.safeParse({ title: "Be brief", scope: [] }).success).toBe(false);
});
