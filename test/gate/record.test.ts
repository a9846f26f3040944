import { expect, test } from "vitest";
import type { GateInput } from "../../src/gate/gate.ts";
import { record } from "../../src/gate/record.ts";
import { attempt, change, DONE, newTask, own, report, TASK } from "./bench.ts";

const withTask = (lines: Parameters<typeof newTask>[0], path = "board/T-bbbb-next.md"): GateInput =>
  attempt({ changes: [own(DONE), report, change(path, null, newTask(lines))] });

const fine: Record<string, GateInput> = {
  "the promised artifact and the end": attempt(),
  "an artifact that was there and was changed": attempt({
    changes: [own(DONE), change("reports/a.md", "old\n", "new\n")],
  }),
  "one of two artifacts changed, and the other there": attempt({
    task: { produces: ["reports/a.md", "reports/b.md"] },
    there: ["reports/b.md"],
  }),
  "a new task just above the end of the chain": attempt({
    task: { depth: 2 },
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask({ depth: "3" }))],
  }),
  "a task that promises nothing": attempt({ task: { produces: [] }, changes: [own(DONE)] }),
  "a duty that changed nothing": attempt({
    task: { every: "hourly" },
    changes: [],
    there: ["reports/a.md"],
  }),
  "a question, which ends nothing": attempt({ kind: "question", changes: [own(`${TASK}\nWhy?\n`)] }),
  "somebody's task that goes, which is not for this gate": attempt({
    changes: [own(DONE), report, change("board/T-cccc-old.md", TASK, null)],
  }),
  "a file of which something is noted": {
    ...attempt(),
    inspect: (file) => [{ file, line: 1, column: 1, rule: "task/odd", level: "note", message: "odd" }],
  },
  "a new task": withTask({}),
  "a new task with lists and comments": withTask({ needs: "\n  - T-cccc\n# why\n  - T-dddd", kind: "grade" }),
  "a new task with a list that is not indented": withTask({ needs: "\n- T-cccc" }),
};

test.each(Object.entries(fine))("%s is a true record", async (_, input) => {
  expect(await record.judge(input)).toMatchObject({ ruling: "pass", details: [] });
});

const untrue: Record<string, GateInput> = {
  "no artifact": attempt({ changes: [own(DONE)] }),
  "an artifact that was deleted": attempt({ changes: [own(DONE), change("reports/a.md", "x\n", null)] }),
  "an artifact that was there and was not touched": attempt({
    changes: [own(DONE), change("reports/b.md", null, "x\n")],
    there: ["reports/a.md"],
  }),
  "only one of two artifacts": attempt({ task: { produces: ["reports/a.md", "reports/b.md"] } }),
  "a clean duty without its artifact": attempt({ task: { every: "hourly" }, changes: [] }),
  "a task that does not say done": attempt({ changes: [report] }),
  "a task that still says todo": attempt({ changes: [own(`${TASK}more\n`), report] }),
  "a task file that cannot be read any more": attempt({
    changes: [own(DONE.replace("title:", "titel:")), report],
  }),
  "a new task that cannot be read": withTask({ agent: "" }),
  "a new task with duplicate keys": withTask({ title: "x\ntitle: y" }),
  "a new task in somebody else's name": withTask({ created_by: "ann" }),
  "a new task that hides how deep it is": withTask({ depth: "0" }),
  "a new task without a depth": withTask({ depth: "" }),
  "a new task that is done already": withTask({ status: "done" }),
  "a new task that recurs, and so is never done": withTask({ every: "daily 07:00" }),
  "a new task with a field that is dressed up": withTask({ '"every"': "daily 07:00" }),
  "a new task with a field that stands apart from its colon": withTask({ "status ": "done" }),
  "a new task in one pair of braces": attempt({
    changes: [
      own(DONE),
      report,
      change(
        "board/T-bbbb-next.md",
        null,
        "---\n{ id: T-bbbb, title: x, agent: writer, every: hourly }\n---\n",
      ),
    ],
  }),
  "a new task with an id that is in use": attempt({
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask())],
    there: ["board/T-bbbb-other.md"],
  }),
  "a new task with an id that lies in the archive": attempt({
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask())],
    there: ["board/archive/2026-01/T-bbbb-other.md"],
  }),
  "a task at the end of the chain of tasks": attempt({
    task: { depth: 3 },
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask({ depth: "4" }))],
  }),
};

test.each(Object.entries(untrue))("%s is not a true record", async (_, input) => {
  const verdict = await record.judge(input);
  expect(verdict).toMatchObject({ ruling: "fail", mendable: true });
  expect(verdict.details.length).toBeGreaterThan(0);
});

test("a file that cannot be read is named with its line and column", async () => {
  const verdict = await record.judge(withTask({ agent: "Not A Name" }));
  expect(verdict.details[0]).toMatch(/^board\/T-bbbb-next\.md:\d+:\d+: /);
});

test("of a new task without an id nobody says that it is in use", async () => {
  const nameless = change("board/T-bbbb-next.md", null, newTask({ id: "" }));
  const input = attempt({ changes: [own(DONE), report, nameless], there: ["board/null-and-void.md"] });
  expect((await record.judge(input)).details.join("\n")).not.toContain("in use");
});
