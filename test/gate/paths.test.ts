import { expect, test } from "vitest";
import type { TextChange } from "../../src/domain/change.ts";
import type { GateInput } from "../../src/gate/gate.ts";
import { paths } from "../../src/gate/paths.ts";
import { editMatter } from "../../src/store/edit.ts";
import { attempt, change, DONE, effectText, newTask, own, report, TASK } from "./bench.ts";

const rule = async (input: GateInput) => paths.judge(input);

const ANSWERED = `${TASK}\n## Answer\n\nNo.\n\nann, 2026-11-22\n`;

const EFFECT = "board/effects/pause-roofing-us.md";

const proposes = (effect: TextChange, effects = ["campaign.pause"]): GateInput =>
  attempt({ spec: { effects }, changes: [own(DONE), report, effect] });

const fine: Record<string, GateInput> = {
  "a product and the task's own end": attempt(),
  "the end with a result": attempt({
    changes: [own(editMatter(TASK, { status: "done", result: "pass" })), report],
  }),
  "a changed body of the task's own file": attempt({ changes: [own(`${DONE}- [x] done\n`), report] }),
  "a new task": attempt({
    there: ["board/T-cccc-old.md", "archive/T-bbbb.md", "board/notes/archive/T-bbbb.md"],
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask())],
  }),
  "a deleted product": attempt({ changes: [own(DONE), change("reports/old.md", "x\n", null)] }),
  "an append to a product that may only grow": attempt({
    spec: { produces: [{ path: "log.csv", mode: "append" }] },
    changes: [own(DONE), change("log.csv", "a,b\n", "a,b\nc,d\n")],
  }),
  "the first lines of such a product": attempt({
    spec: { produces: [{ path: "log.csv", mode: "append" }] },
    changes: [own(DONE), change("log.csv", null, "a,b\n")],
  }),
  "a product whose name only differs in its case from another one, as it did before": attempt({
    there: ["reports/A.md"],
    changes: [own(DONE), change("reports/a.md", "x\n", "y\n")],
  }),
  "a question in the task's body": attempt({ kind: "question", changes: [own(`${TASK}\n## Question\n`)] }),
  "an answer that stays as people gave it": attempt({
    changes: [own(editMatter(`${ANSWERED}\n## Log\n\nDone.\n`, { status: "done" }), ANSWERED), report],
  }),
  "an effect by an agent that may propose some": proposes(change(EFFECT, null, effectText())),
  "a question in a duty's file": attempt({
    kind: "question",
    task: { every: "hourly" },
    changes: [own(`${TASK}\n## Question\n`)],
  }),
  "a duty that leaves its file alone": attempt({ task: { every: "hourly" }, changes: [report] }),
};

test.each(Object.entries(fine))("%s stays inside the fence", async (_, input) => {
  expect(await rule(input)).toMatchObject({ ruling: "pass", details: [] });
});

const product = (path: string, more: Parameters<typeof change>[3] = {}) =>
  attempt({ spec: { produces: ["**", "*"] }, changes: [own(DONE), change(path, null, "x\n", more)] });

const front = (before: string, after: string): GateInput =>
  attempt({ changes: [own(DONE.replace(before, after)), report] });

const attacks: Record<string, GateInput> = {
  "an effect by an agent that may propose none": proposes(change(EFFECT, null, effectText()), []),
  "an effect that was there, changed": proposes(change(EFFECT, effectText(), effectText({ target: "all" }))),
  "an effect where no effect stands": proposes(change("board/effects/a/b.md", null, effectText())),
  "an answer in a person's name": attempt({
    changes: [own(`${DONE}\n## Answer\n\nYes, spend it.\n\nann, 2026-11-22\n`), report],
  }),
  "an answer beside a question": attempt({
    kind: "question",
    changes: [own(`${TASK}\n## Question\n\n> May I?\n\n## Answer\n\nYes.\n`)],
  }),
  "an answer that is turned round": attempt({
    changes: [own(editMatter(ANSWERED.replace("No.", "Yes."), { status: "done" }), ANSWERED), report],
  }),
  "a path outside the products": attempt({ changes: [own(DONE), change("prices.md", "1\n", "2\n")] }),
  "a product's name in other letters": attempt({ changes: [own(DONE), change("Reports/a.md", null, "x\n")] }),
  "a folder below a product's glob": attempt({ changes: [own(DONE), change("reports/x/y.md", null, "x\n")] }),
  "the config": product(".github/pullbeat.yml"),
  "a spec, its own included": product("agents/writer.md"),
  "a directive": product("board/directives/mine.md"),
  "the archive": product("board/archive/2026-11/T-cccc-x.md"),
  "a path that the config protects": attempt({
    config: { protect: ["reports/final/**"] },
    spec: { produces: ["**"] },
    changes: [own(DONE), change("reports/final/x.md", null, "x\n")],
  }),
  "instructions for other agents": product("docs/AGENTS.md"),
  "git's own attributes": product(".gitattributes"),
  "git's own folder": product("x/.git/config"),
  "a path out of the repository": product("../x.md"),
  "an absolute path": product("/etc/passwd"),
  "a symbolic link": product("reports/link.md", { newMode: "120000" }),
  "a submodule": product("reports/sub", { newMode: "160000", after: null }),
  "a new executable": product("reports/run.md", { newMode: "100755" }),
  "a changed mode": attempt({
    changes: [own(DONE), change("reports/a.md", "x\n", "x\n", { newMode: "100755" })],
  }),
  "its own file, turned into what nobody can read": attempt({
    changes: [change("board/T-aaaa-write.md", TASK, null, { newMode: "100644", binary: true }), report],
  }),
  "a link that becomes a file": attempt({
    changes: [own(DONE), change("reports/a.md", "x\n", "x\n", { oldMode: "120000" })],
  }),
  "another task's file": attempt({ changes: [own(DONE), change("board/T-cccc-x.md", TASK, DONE)] }),
  "another task's title": attempt({
    changes: [
      own(DONE),
      report,
      change("board/T-bbbb-next.md", newTask(), newTask({ title: "Something else" })),
    ],
  }),
  "another task's file, deleted": attempt({ changes: [own(DONE), change("board/T-cccc-x.md", TASK, null)] }),
  "its own file, deleted": attempt({ changes: [change("board/T-aaaa-write.md", TASK, null), report] }),
  "a new task whose name is not its id": attempt({
    changes: [own(DONE), report, change("board/T-cccc-next.md", null, newTask())],
  }),
  "a new task without an id": attempt({
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask({ id: "" }))],
  }),
  "a new task with two ids": attempt({
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask({ title: "x\nid: T-cccc" }))],
  }),
  "a new task with an id that people choose": attempt({
    changes: [own(DONE), report, change("board/pricing-next.md", null, newTask({ id: "pricing" }))],
  }),
  "a new task with the id of another one": attempt({
    there: ["board/T-bbbb-old.md"],
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask())],
  }),
  "a new task with the id of one in the archive": attempt({
    there: ["board/archive/2026-10/T-bbbb-old.md"],
    changes: [own(DONE), report, change("board/T-bbbb-next.md", null, newTask())],
  }),
  "two new tasks with one id": attempt({
    changes: [
      own(DONE),
      report,
      change("board/T-bbbb-next.md", null, newTask()),
      change("board/T-bbbb.md", null, newTask()),
    ],
  }),
  "a task below a folder of the board": attempt({
    changes: [own(DONE), report, change("board/x/T-bbbb-next.md", null, newTask())],
  }),
  "a title changed with the end": front("Write it", "Write less"),
  "another agent named with the end": front("agent: writer", "agent: editor"),
  "a promise taken back": front("produces: [reports/a.md]", "produces: []"),
  "Ann's comment taken out": front("# Ann's comment\n", ""),
  "a field added": front("agent: writer", "agent: writer\npriority: urgent"),
  "a task dropped instead of done": front("status: done", "status: dropped"),
  "front matter that is gone": attempt({ changes: [own("Done.\n"), report] }),
  "a front matter that ends early": front("status: done", "---\nstatus: done"),
  "a duty's order, rewritten": attempt({
    task: { every: "hourly" },
    changes: [own(TASK.replace("Write it.", "Praise it.")), report],
  }),
  "an empty line below a duty's order": attempt({
    task: { every: "hourly" },
    changes: [own(`${TASK}\n`), report],
  }),
  "a duty that ends itself": attempt({ task: { every: "hourly" }, changes: [own(DONE), report] }),
  "a question that also says done": attempt({ kind: "question", changes: [own(DONE)] }),
  "a question with a product": attempt({ kind: "question", changes: [own(`${TASK}\nWhy?\n`), report] }),
  "an append-only product that lost a line": attempt({
    spec: { produces: ["log.csv", { path: "log.csv", mode: "append" }] },
    changes: [own(DONE), change("log.csv", "a,b\nc,d\n", "a,b\ne,f\n")],
  }),
  "an append-only product with other line endings": attempt({
    spec: { produces: [{ path: "log.csv", mode: "append" }] },
    changes: [own(DONE), change("log.csv", "a,b\n", "a,b\r\nc,d\r\n")],
  }),
  "an append-only product, deleted": attempt({
    spec: { produces: [{ path: "log.csv", mode: "append" }] },
    changes: [own(DONE), change("log.csv", "a,b\n", null)],
  }),
  "a name that differs from another only in case": attempt({
    there: ["reports/A.md"],
    changes: [own(DONE), change("reports/a.md", null, "x\n")],
  }),
  "a folder that differs from another only in case": attempt({
    spec: { produces: ["**/*.md"] },
    there: ["Reports/b.md"],
    changes: [own(DONE), change("reports/a.md", null, "x\n")],
  }),
  "two new names that differ only in case": attempt({
    changes: [own(DONE), change("reports/b.md", null, "x\n"), change("reports/B.md", null, "x\n")],
  }),
};

test.each(Object.entries(attacks))("%s leaves the fence", async (_, input) => {
  const verdict = await rule(input);
  expect(verdict).toMatchObject({ ruling: "fail", mendable: true });
  expect(verdict.details.length).toBeGreaterThan(0);
});

test("a task's file that goes is told as such", async () => {
  const gone = change("board/T-aaaa-write.md", TASK, null);
  expect((await rule(attempt({ changes: [gone, report] }))).details).toEqual([
    "board/T-aaaa-write.md: the task's own file is deleted; it stays where it is",
  ]);
});
