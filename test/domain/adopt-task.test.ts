import { expect, test } from "vitest";
import { adoptIn, type Tree } from "../adoption.ts";

/** A task of Backlog.md. */
const task = (front: string, body = "\nDo it.\n"): string => `---\n${front}\n---\n${body}`;
const plain = (id: string, more = ""): string =>
  task(`id: ${id}\ntitle: Mow the lawn\nstatus: To Do\n${more}`);

/** The front matter of what became of one file. */
async function became(file: string, text: string, others: Record<string, string> = {}): Promise<string> {
  const tree: Tree = new Map([[file, text], ...Object.entries(others)]);
  const { created, refused } = await adoptIn(tree, [...tree.keys()], { agent: "ann" });
  const to = created.find((c) => c.from === file)?.to;
  if (to === undefined) return refused.map((r) => `${r.file}:${r.line}:${r.column} ${r.rule}`).join("\n");
  return `${to}\n${(tree.get(to) ?? "").replace(/\n---\n[^]*/, "\n")}`;
}

test.each([
  ["To Do", "status: todo\n"],
  ["In Progress", "status: todo # guessed: the nearest status here"],
  ["Done", "status: done\n"],
  ["Won’t do", "status: dropped # guessed"],
  ["Draft", "status: dropped # guessed"],
])("the status %s is carried over", async (said, expected) => {
  expect(await became("b/tasks/x.md", task(`id: BACK-1\ntitle: A\nstatus: ${said}`))).toContain(expected);
});

test("a column that nobody knows is refused where it stands, not guessed", async () => {
  expect(await became("b/tasks/x.md", task("id: BACK-1\ntitle: A\nstatus: Legal"))).toBe(
    "b/tasks/x.md:4:9 adopt/status",
  );
});

test("the folder has the last word on what has ended", async () => {
  const text = plain("BACK-1", "created_date: '2025-03-04 05:06'");
  expect(await became("b/completed/x.md", text)).toMatch(
    /^board\/archive\/2025-03\/back-1-mow[^]*status: done # guessed/,
  );
  expect(await became("b/archive/tasks/x.md", text)).toMatch(
    /^board\/archive\/2025-03[^]*status: dropped # guessed/,
  );
  expect(await became("b/drafts/x.md", text)).toMatch(
    /^board\/archive\/2025-03[^]*status: dropped # guessed/,
  );
  expect(await became("b/tasks/x.md", text)).toMatch(/^board\/back-1-mow-the-lawn\.md/);
});

test("what ended nobody knows when stays on the board, for pullbeat to archive", async () => {
  expect(await became("b/completed/x.md", plain("BACK-1", "created_date: 13/99/2025"))).toMatch(
    /^board\/back-1/,
  );
});

test.each([
  ["high", "high"],
  ["Medium", "normal"],
  ["low", "low"],
  ["critical", "urgent"],
])("the priority %s becomes %s", async (said, ours) => {
  expect(await became("x.md", plain("BACK-1", `priority: ${said}`))).toContain(`priority: ${ours}\n`);
});

test("needs follow ids through case, dots, zeros and a changed prefix", async () => {
  const text = plain("BACK-9", "dependencies: [BACK-217.3, task-4.1, Back-7, 5, draft-6, back-8.1]");
  const others = {
    "a.md": plain("BACK-217.03"),
    "b.md": plain("BACK-4.1"),
    "c.md": plain("back-7"),
    "d.md": plain("back-5"),
    "e.md": plain("back-6"),
    "f.md": plain("back-8.1"),
    "g.md": plain("back-8.01"),
  };
  expect(await became("x.md", text, others)).toContain(
    "needs: [ back-217-03, back-4-1, back-7, back-5, draft-6, back-8-1 ] # guessed: the board's prefix was another once",
  );
});

test("a need that is nowhere is kept, so that its task does not start too soon", async () => {
  expect(await became("x.md", plain("BACK-9", "dependencies: task-5, task-6"))).toContain(
    "needs: [ task-5, task-6 ]",
  );
});

test.each(["dependencies: { a: 1 }", "dependencies: [[a]]", "dependencies: ['???']"])(
  "dependencies that cannot be read are refused: %s",
  async (line) => {
    expect(await became("x.md", plain("BACK-9", line))).toMatch(/^x\.md:\d+:\d+ adopt\/dependencies$/);
  },
);

test("a task goes to its assignee when that is an agent, else to whoever was named for the rest", async () => {
  const agents = {
    "agents/mower.md": "---\nname: mower\ndescription: Mows\nengine: { kind: openai }\n---\n",
  };
  expect(await became("x.md", plain("BACK-1", "assignee: [somebody, '@Mower']"), agents)).toMatch(
    /agent: mower$/m,
  );
  expect(await became("x.md", plain("BACK-1", "assignee: '@joe'"), agents)).toContain("agent: ann # guessed");
});

test("without --agent a task of nobody we know is refused where its assignee stands, and says what to do", async () => {
  const tree: Tree = new Map([["x.md", plain("BACK-1", "assignee:\n  - '@joe'")]]);
  const { refused, counts } = await adoptIn(tree, ["x.md"]);
  expect(counts).toMatchObject({ given: 1, created: 0, refused: 1 });
  expect(refused[0]).toMatchObject({
    line: 6,
    rule: "adopt/no-agent",
    message: expect.stringContaining("--agent <name>"),
  });
});

test("an agent that comes with the board has its tasks at once, and one that has no spec is named", async () => {
  const mower = "---\nname: Lawn Mower\ndescription: Mows\n---\nYou mow.\n";
  const tree: Tree = new Map([
    ["t.md", plain("BACK-1", "assignee: lawn-mower")],
    ["m.md", mower],
  ]);
  expect((await adoptIn(tree, ["t.md", "m.md"])).counts).toMatchObject({ created: 2, notes: 0 });
  expect(tree.get("board/back-1-mow-the-lawn.md")).toContain("agent: lawn-mower\n");
  const alone: Tree = new Map([["t.md", plain("BACK-2")]]);
  expect((await adoptIn(alone, ["t.md"], { agent: "nia" })).notes).toMatchObject([{ file: "agents/nia.md" }]);
});

test("what has no field here is told once a kind, with how many and where first", async () => {
  const more = "labels: [a, b]\nmilestone: m-1\nreferences: []\ntype: bug";
  const tree: Tree = new Map([
    ["a.md", plain("BACK-1", more)],
    ["b.md", plain("BACK-2", more)],
  ]);
  const { notCarried, notes } = await adoptIn(tree, ["a.md", "b.md"], { agent: "ann" });
  expect(notCarried.map((n) => [n.key, n.files, `${n.file}:${n.line}`])).toEqual([
    ["labels", 2, "a.md:5"],
    ["milestone", 2, "a.md:6"],
    ["type", 2, "a.md:8"],
  ]);
  expect(notes).toHaveLength(1);
});

test("documents, decisions and milestones of a board are no tasks", async () => {
  expect(await became("d.md", task("id: doc-001\ntitle: Guide\nstatus: x"))).toContain("adopt/kind");
  expect(await became("m.md", task("id: m-3\ntitle: GUI"))).toContain("adopt/kind");
});

test("one id is one task: who comes second is refused", async () => {
  const tree: Tree = new Map([
    ["a.md", plain("BACK-1")],
    ["b.md", task("id: back-1\ntitle: B\nstatus: Done", "\nOther.\n")],
  ]);
  const { created, refused } = await adoptIn(tree, ["a.md", "b.md"], { agent: "ann" });
  expect(created).toHaveLength(1);
  expect(refused).toMatchObject([
    { file: "b.md", rule: "adopt/exists", message: expect.stringContaining("a.md") },
  ]);
});

test("half a character in a title does not make text that no file can hold", async () => {
  expect((await became("x.md", task('id: BACK-1\ntitle: "a\\ud800b"\nstatus: Done'))).isWellFormed()).toBe(
    true,
  );
});

test("a day that a task is due by is carried over when it is one", async () => {
  expect(await became("x.md", plain("BACK-1", "due_date: '2026-02-03'"))).toContain("due: 2026-02-03");
  expect(await became("x.md", plain("BACK-1", "due_date: '2026-02-31'"))).not.toContain("due:");
});
