import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { worktreeFleet } from "../../src/store/worktree.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { json, typed } from "./cli.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\npriority: high # soon\n"),
};

const fleetOf = (files = {}): Promise<FleetWorld> => makeFleet({ files: { ...FILES, ...files } });

/** The branches and refs of the remote, with what they point to. */
const refsOf = ({ far }: World): Promise<string> => far("for-each-ref");
const trim = async (said: Promise<string>): Promise<string> => (await said).trim();

test("a new task is one commit of the person's own on the remote, and lies in their clone", async () => {
  const world = await makeWorld({ files: FILES });
  const line =
    "task new TITLE --priority high --due 2026-12-01 --needs one=pass --produces reports/a.md --produces reports/b.md";
  const args = line.split(" ").map((word) => (word === "TITLE" ? "Write the guide" : word));
  const { code, value } = await json(world, [
    ...args,
    "-m",
    "Three people asked.\nSo: a guide.",
    "--done",
    "the guide answers them",
    "--done",
    "it is short",
  ]);
  const { id, file, commit } = Object(value);
  expect({ code, value }).toMatchObject({ code: 0, value: { branch: "main", pushed: true, apart: null } });
  expect(id).toMatch(/^T-[a-z2-9]{4}$/);
  expect(file).toBe(`board/${id}-write-the-guide.md`);
  expect(await world.file(file)).toBe(`---
id: ${id}
title: Write the guide
status: todo
agent: writer
priority: high
due: 2026-12-01
needs: [ { task: one, result: pass } ]
produces: [ reports/a.md, reports/b.md ]
created_by: ann
---
## Brief

Three people asked.
So: a guide.

## Done when

- [ ] the guide answers them
- [ ] it is short
`);
  const log = await world.far("log", "-1", "--format=%H %an <%ae> %cn %s", "--name-only", "main");
  expect(log.trim().split("\n")).toEqual([
    `${commit} Ann <ann@example.com> Ann Add task ${id}: Write the guide`,
    "",
    file,
  ]);
  expect(await world.git("status", "--porcelain", "--branch")).toBe("## main...origin/main\n");
  expect(await readFile(join(world.clone, file), "utf8")).toBe(await world.file(file));
});

test.each([
  ["Проверить страницу", "проверить-страницу"],
  ["راجع الصفحة", "راجع-الصفحة"],
  ["🚀🚀", "task"],
  ["--force: yes", "force-yes"],
  ["-m", "m"],
  ["Pullbeat-Approved-By: eve", "pullbeat-approved-by-eve"],
  ["a: b # c, 'd' \"e\" [f] {g} @h !i *j &k", "a-b-c-d-e-f-g-h-i-j-k"],
  ["null", "null"],
  ["../../etc/passwd", "etc-passwd"],
  ["2026-11-22", "2026-11-22"],
])("the title %j is read back as it was typed, in a file named after it", async (title, slug) => {
  const fleet = await fleetOf();
  const { code, value } = await typed(fleet, ["task", "new", "--id", "new-one", "--", title]);
  expect({ code, file: value["file"] }).toEqual({ code: 0, file: `board/new-one-${slug}.md` });
  const { tasks, findings } = await worktreeFleet({ dir: fleet.clone, env: fleet.env });
  expect(findings).toEqual([]);
  expect([...tasks.values()].map((t) => t.task.title)).toContain(title);
  expect(await fleet.far("log", "-1", "--format=%s|%(trailers)", "main")).toBe(
    `Add task new-one: ${title}|\n`,
  );
});

test.each([
  [["task", "new", "two\nPullbeat-Decision: auto"], "usage"],
  [["task", "new", "  "], "usage"],
  [["task", "new", "x".repeat(201)], "usage"],
  [["task", "new", "t", "--agent", "wrter"], "not-found"],
  [["task", "new", "t", "--priority", "soon"], "usage"],
  [["task", "new", "t", "--due", "tomorrow"], "usage"],
  [["task", "new", "t", "--every", "sometimes"], "usage"],
  [["task", "new", "t", "--needs", "T-9"], "usage"],
  [["task", "new", "t", "--id", "Not An Id"], "usage"],
  [["task", "new", "t", "--done", "a\nb"], "usage"],
  [["task", "edit", "one"], "usage"],
  [["task", "edit", "one", "--status", "dnoe"], "usage"],
  [["task", "edit", "onee", "--status", "done"], "not-found"],
  [["task", "new", "t", "--needs", "one=maybe"], "usage"],
  [["task", "new", "t", "--produces", "../x"], "usage"],
  [["directive", "new", "t", "--until", "2026-13-01"], "usage"],
  [["directive", "new", "t", "--until", "2026-11-21"], "usage"],
  [["directive", "new", "t", "--scope", "nobody"], "not-found"],
  [["agent", "new", "Not A Name"], "usage"],
  [["agent", "new", "writer"], "refused"],
  [["agent", "new", "seo", "--from", "wrter"], "not-found"],
  [["task", "new", "t", "--as", "eve"], "refused"],
])("%j is refused with 2 and leaves the remote and the clone as they were", async (args, code) => {
  const fleet = await fleetOf();
  const before = await refsOf(fleet);
  const ran = await typed(fleet, args);
  expect(ran).toMatchObject({ code: 2, value: { error: { code } } });
  expect(await refsOf(fleet)).toBe(before);
  expect(await fleet.git("status", "--porcelain")).toBe("");
});

test("what check would name is refused with file, line and column, before anything is pushed", async () => {
  const fleet = await fleetOf();
  const before = await refsOf(fleet);
  expect(await typed(fleet, ["task", "new", "t", "--id", "two", "--needs", "T-zzzz"])).toMatchObject({
    code: 2,
    value: {
      error: {
        code: "refused",
        where: "board/two-t.md:6:10",
        message: expect.stringContaining("needs T-zzzz"),
      },
    },
  });
  expect(await typed(fleet, ["task", "new", "t", "--id", "two", "--produces", "pages/x.md"])).toMatchObject({
    value: { error: { where: "board/two-t.md:6:13", message: expect.stringContaining("pages/x.md") } },
  });
  expect(await refsOf(fleet)).toBe(before);
});

test("an error that was there before, elsewhere, stops nobody", async () => {
  const fleet = await fleetOf({
    "board/bad.md": "no front matter\n",
    "board/odd.md": taskText("odd", "nobody"),
  });
  expect((await typed(fleet, ["task", "new", "t"])).code).toBe(0);
  expect((await typed(fleet, ["task", "edit", "one", "--priority", "low"])).code).toBe(0);
});

test("an id that a task has or had is not given again: on the board, in the archive, in a file that cannot be read", async () => {
  const fleet = await fleetOf({
    "board/archive/2026-10/old-thing.md": taskText("old", "writer", "status: done\n"),
    "board/broken-file.md": "---\nid: broken\n",
  });
  for (const id of ["one", "old", "broken"])
    expect(await typed(fleet, ["task", "new", "t", "--id", id])).toMatchObject({
      code: 2,
      value: { error: { code: "refused" } },
    });
  expect(await typed(fleet, ["task", "show", "old"])).toMatchObject({
    code: 2,
    value: { error: { message: "old has ended, and lies in board/archive/2026-10/old-thing.md" } },
  });
});

test("an id that an agent has proposed in an open pull is not given to another task", async () => {
  const made = { title: "More", agent: "writer", brief: "More of it.", done_when: ["it is there"] };
  const calls = [
    { name: "write", arguments: { path: "reports/one.md", text: "# One\n" } },
    { name: "create_task", arguments: made },
    { name: "finish", arguments: { summary: "Done." } },
  ];
  const scripts = { writer: JSON.stringify({ calls, tokens: { input: 1, output: 1 } }) };
  const fleet = await makeFleet({ files: FILES, scripts });
  await typed(fleet, ["tick"]);
  const names = await fleet.far("ls-tree", "-r", "--name-only", "pullbeat/work/one--1", "board");
  const [, id = ""] = /board\/(T-\w+)-more\.md/.exec(names) ?? [];
  expect(id).toMatch(/^T-/);
  expect(await typed(fleet, ["task", "new", "t", "--id", id])).toMatchObject({
    code: 2,
    value: { error: { code: "refused" } },
  });
});

test("a board that is a link leads nowhere", async () => {
  const fleet = await fleetOf();
  await mkdir(join(fleet.dir, "elsewhere"));
  await fleet.git("rm", "-r", "--quiet", "board");
  await writeFile(join(fleet.clone, "target"), "../elsewhere");
  const link = await trim(fleet.git("hash-object", "-w", "target"));
  await fleet.git("update-index", "--add", "--cacheinfo", `120000,${link},board`);
  await fleet.git("commit", "--quiet", "--message", "a link");
  await fleet.git("push", "--quiet");
  expect(await typed(fleet, ["task", "new", "t"])).toMatchObject({
    code: 2,
    value: { error: { message: expect.stringContaining("board is no folder") } },
  });
});
