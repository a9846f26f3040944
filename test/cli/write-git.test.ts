import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { json, pullbeat, typed, type Place } from "./cli.ts";

// What becomes of a person's commits, however their clone and the remote stand.

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
  // Within one clone one after the other: what lies there half written is, rightly, edited on the disk alone.
  const pairs = places.map(async (place, i) => [
    await json(place, ["task", "new", `t${i}`, "--id", `new-${i}`]),
    await json(place, ["task", "edit", "one", ...(EDITS[i] ?? [])]),
  ]);
  const runs = (await Promise.all(pairs)).flat();
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
