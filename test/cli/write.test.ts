import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { worktreeFleet } from "../../src/store/worktree.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { json, pullbeat, typed, type Place } from "./cli.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\npriority: high # soon\n"),
};

const fleetOf = (files = {}): Promise<FleetWorld> => makeFleet({ files: { ...FILES, ...files } });

/** The branches and refs of the remote, with what they point to. */
const refsOf = ({ far }: World): Promise<string> => far("for-each-ref");
const trim = async (said: Promise<string>): Promise<string> => (await said).trim();

/** A second clone, in which somebody else works. */
async function other(world: World, name = "bea"): Promise<(...args: string[]) => Promise<string>> {
  const dir = join(world.dir, name);
  await world.git("clone", "--quiet", world.origin, dir);
  return (...args) => world.git("-C", dir, ...args);
}

async function pushed(
  git: (...args: string[]) => Promise<string>,
  path: string,
  text: string,
): Promise<void> {
  const top = await trim(git("rev-parse", "--show-toplevel"));
  await writeFile(join(top, path), text);
  await git("add", path);
  await git("commit", "--quiet", "--message", `write ${path}`);
  await git("push", "--quiet");
}

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

test("what is staged, changed or new in the folder stays exactly so, and out of the commit", async () => {
  const fleet = await fleetOf({ "notes.md": "one\n", "kept.md": "one\n" });
  const { clone, git } = fleet;
  await writeFile(join(clone, "notes.md"), "staged\n");
  await git("add", "notes.md");
  await writeFile(join(clone, "notes.md"), "changed again\n");
  await writeFile(join(clone, "kept.md"), "changed\n");
  await writeFile(join(clone, "new.md"), "new\n");
  await writeFile(join(clone, "board/two.md"), taskText("two", "writer"));
  const before = await git("status", "--porcelain");
  const staged = await git("diff", "--cached");
  const { value } = await typed(fleet, ["task", "new", "t", "--id", "three"]);
  expect(value).toMatchObject({ pushed: true, apart: null });
  expect(await git("show", "--name-only", "--format=", "main")).toBe("board/three-t.md\n");
  expect(await git("status", "--porcelain")).toBe(before);
  expect(await git("diff", "--cached")).toBe(staged);
  expect(await readFile(join(clone, "notes.md"), "utf8")).toBe("changed again\n");
});

test("a clone that is behind gets the others' commits with its own", async () => {
  const fleet = await fleetOf();
  await pushed(await other(fleet), "board/two.md", taskText("two", "writer"));
  expect((await typed(fleet, ["task", "new", "t", "--id", "three", "--needs", "two"])).value).toMatchObject({
    pushed: true,
    apart: null,
  });
  expect(await fleet.git("rev-parse", "HEAD")).toBe(await fleet.far("rev-parse", "main"));
  expect(await fleet.file("board/two.md")).not.toBeNull();
});

test("commits that are not pushed stay here, and it is said what to type", async () => {
  const fleet = await fleetOf();
  await writeFile(join(fleet.clone, "private.md"), "not yet\n");
  await fleet.git("add", "private.md");
  await fleet.git("commit", "--quiet", "--message", "not yet");
  const head = await fleet.git("rev-parse", "HEAD");
  const { value } = await typed(fleet, ["task", "new", "t", "--id", "two"]);
  expect(value).toMatchObject({ pushed: true, apart: expect.stringContaining("git pull --rebase") });
  expect(await fleet.file("private.md")).toBeNull();
  expect(await fleet.git("rev-parse", "HEAD")).toBe(head);
  await fleet.git("pull", "--quiet", "--rebase");
  expect(await readFile(join(fleet.clone, "board/two-t.md"), "utf8")).toBe(
    await fleet.file("board/two-t.md"),
  );
});

test("on another branch the file goes to the base branch, and this branch stays as it is", async () => {
  const fleet = await fleetOf();
  await fleet.git("switch", "--quiet", "--create", "feature");
  const { value } = await typed(fleet, ["task", "new", "t", "--id", "two"]);
  expect(value).toMatchObject({
    branch: "main",
    pushed: true,
    apart: "you are on feature, and it is on main",
  });
  expect(await fleet.file("board/two-t.md")).not.toBeNull();
  expect(await fleet.git("status", "--porcelain", "--branch")).toBe("## feature\n");
});

test("--no-push commits on the branch that one is on, and the remote hears nothing", async () => {
  const fleet = await fleetOf();
  await fleet.git("switch", "--quiet", "--create", "feature");
  const before = await refsOf(fleet);
  const { value } = await typed(fleet, ["task", "new", "t", "--id", "two", "--no-push"]);
  expect(value).toMatchObject({ branch: "feature", pushed: false, commit: expect.any(String) });
  expect(await fleet.git("log", "-1", "--format=%s", "feature")).toBe("Add task two: t\n");
  expect(await refsOf(fleet)).toBe(before);
  expect(await fleet.git("status", "--porcelain")).toBe("");
});

/** A repository without a remote. */
async function alone(world: World): Promise<Place> {
  const clone = join(world.dir, "alone");
  await world.git("init", "--quiet", clone);
  return { ...world, clone };
}

test("without a remote it is a commit here; without a commit there is nothing to add to", async () => {
  const world = await makeWorld({ files: FILES });
  const place = await alone(world);
  expect(await json(place, ["task", "new", "t"])).toMatchObject({
    code: 2,
    value: { error: { code: "refused", next: "pullbeat init" } },
  });
  const git = (...args: string[]): Promise<string> => world.git("-C", place.clone, ...args);
  await git("pull", "--quiet", world.clone, "main");
  const { code, out } = await pullbeat(place, ["task", "new", "t", "--id", "two"]);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(
      /^made two\nboard\/two-t\.md: committed to main as [0-9a-f]{7}, and not pushed\n/,
    ),
  });
  expect(await git("status", "--porcelain")).toBe("");
  expect((await json(place, ["task", "edit", "two", "--priority", "low"])).value).toMatchObject({
    pushed: false,
    onDisk: null,
  });
});

test("a remote that does not answer is said, nothing has happened, and --no-push needs none", async () => {
  const world = await makeWorld({ files: FILES });
  await rename(world.origin, `${world.origin}.gone`);
  expect(await json(world, ["task", "new", "t"])).toMatchObject({
    code: 3,
    value: { error: { code: "remote" } },
  });
  expect(await world.git("status", "--porcelain", "--branch")).toBe("## main...origin/main\n");
  const { value } = await json(world, ["task", "new", "t", "--no-push"]);
  expect(value).toMatchObject({ branch: "main", pushed: false, commit: expect.any(String) });
});

test("a dry run shows the file and changes nothing", async () => {
  const fleet = await fleetOf();
  const before = await refsOf(fleet);
  const lines = [
    ["task", "new", "t"],
    ["task", "edit", "one", "--priority", "low"],
    ["agent", "new", "seo"],
    ["agent", "new", "seo", "--from", "writer"],
    ["directive", "new", "t"],
  ];
  for (const line of lines)
    expect(await typed(fleet, [...line, "--dry-run"])).toMatchObject({
      code: 0,
      value: { commit: null, pushed: false, dryRun: true, text: expect.stringMatching(/^---\n/) },
    });
  expect(await refsOf(fleet)).toBe(before);
  expect(await fleet.git("status", "--porcelain")).toBe("");
});

test("a remote that does not let this person push says so, with the way round, and the clone is unchanged", async () => {
  const fleet = await fleetOf();
  const hook = join(fleet.origin, "hooks/pre-receive");
  await writeFile(hook, "#!/bin/sh\necho main is protected >&2\nexit 1\n");
  await chmod(hook, 0o755);
  expect(await typed(fleet, ["task", "new", "t"])).toMatchObject({
    code: 2,
    value: {
      error: {
        code: "refused",
        message: expect.stringContaining("main is protected"),
        next: expect.stringContaining("--no-push"),
      },
    },
  });
  expect(await fleet.git("status", "--porcelain", "--branch")).toBe("## main...origin/main\n");
});

test("clones that write at the same time all get through, each file once", { timeout: 60_000 }, async () => {
  const world = await makeWorld({ files: FILES });
  const places = await Promise.all(
    ["a", "b", "c"].map(async (name) => {
      await other(world, name);
      return { ...world, clone: join(world.dir, name) };
    }),
  );
  const runs = await Promise.all(
    places.flatMap((place, i) => [
      json(place, ["task", "new", `t${i}`, "--id", `new-${i}`]),
      json(places[(i + 1) % 3] ?? place, ["task", "edit", "one", ...(EDITS[i] ?? [])]),
    ]),
  );
  expect(runs.map((r) => r.code)).toEqual(runs.map(() => 0));
  const names = await world.far("ls-tree", "-r", "--name-only", "main", "board");
  expect(names.trim().split("\n")).toEqual([
    "board/new-0-t0.md",
    "board/new-1-t1.md",
    "board/new-2-t2.md",
    "board/one.md",
  ]);
  expect(await world.file("board/one.md")).toBe(
    taskText("one", "writer", "produces: [reports/one.md]\npriority: low # soon\n")
      .replace("Do one", "Do it")
      .replace("---\n## Brief", "due: 2026-12-01\n---\n## Brief"),
  );
  expect(await trim(world.far("rev-list", "--count", "main"))).toBe("7");
});

const EDITS = [
  ["--priority", "low"],
  ["--due", "2026-12-01"],
  ["--title", "Do it"],
];

test("line endings in the folder are what git's attributes make of them", async () => {
  const fleet = await fleetOf({ ".gitattributes": "board/*.md text eol=crlf\n" });
  await typed(fleet, ["task", "new", "t", "--id", "two"]);
  expect(await fleet.file("board/two-t.md")).not.toContain("\r");
  expect(await readFile(join(fleet.clone, "board/two-t.md"), "utf8")).toContain("\r\n");
  expect(await fleet.git("status", "--porcelain")).toBe("");
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
