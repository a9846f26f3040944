import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Sha } from "../../src/domain/id.ts";
import { openRepo } from "../../src/store/repo.ts";
import { makeWorld } from "../world.ts";
import { MAIN, refOf, write } from "./draft.ts";

const CLAIM = "refs/pullbeat/claims/T-8k2f";

test("fetch answers with the remote's own ref names and forgets what is gone there", async () => {
  const { repo, git, far } = await makeWorld();
  const main = await refOf(repo, MAIN);
  const id = await write(repo);
  await git(
    "push",
    "-q",
    "origin",
    `${id}:${CLAIM}`,
    `${id}:refs/heads/pullbeat/journal`,
    `${id}:refs/heads/other`,
  );
  expect(Object.fromEntries(await repo.fetch())).toEqual({
    [MAIN]: main,
    [CLAIM]: id,
    "refs/heads/pullbeat/journal": id,
  });
  await far("update-ref", "-d", CLAIM);
  expect((await repo.fetch()).has(CLAIM)).toBe(false);
});

test("transcripts come only when asked for, and stay out of the refs", async () => {
  const { repo, git } = await makeWorld();
  const month = "refs/pullbeat/transcripts/2026-11";
  const id = await write(repo, { files: [{ path: "a.jsonl", content: "{}\n" }] });
  expect(await repo.fetchOne(month)).toBe(null);
  await git("push", "-q", "origin", `${id}:${month}`);
  expect((await repo.fetch()).has(month)).toBe(false);
  expect(await repo.fetchOne(month)).toBe(id);
  expect((await repo.fetch()).size).toBe(1);
  expect(await repo.fetchOne(month)).toBe(id);
});

test("a git that is too old is named before anything is tried", async () => {
  const { clone, env, dir } = await makeWorld();
  await writeFile(join(dir, "git"), "#!/bin/sh\necho git version 2.34.1\n", { mode: 0o755 });
  const old = { ...env, PATH: `${dir}:${env["PATH"]}` };
  await expect(openRepo({ dir: clone, remote: "origin", env: old })).rejects.toMatchObject({
    code: "git",
    message: "git version 2.34.1 is too old",
  });
});

test("the base branch is what the remote's HEAD names, noted in the clone or not", async () => {
  const { repo, git, env, clone } = await makeWorld();
  expect(await repo.defaultBranch()).toBe("main");
  await git("remote", "set-head", "origin", "--delete");
  const fresh = await openRepo({ dir: clone, remote: "origin", env });
  expect(await fresh.defaultBranch()).toBe("main");
});

test("a remote without the base branch is named, with the command that makes one", async () => {
  const { clone, env } = await makeWorld();
  const repo = await openRepo({ dir: clone, remote: "origin", branch: "trunk", env });
  await expect(repo.fetch()).rejects.toMatchObject({
    code: "git",
    message: "the remote origin has no branch trunk",
    next: expect.stringContaining("git push -u origin trunk"),
  });
});

test("a remote that is gone is a fault with git's own words", async () => {
  const { repo, git, dir } = await makeWorld();
  await git("remote", "set-url", "origin", `${dir}/nowhere.git`);
  const gone = { code: "remote", message: expect.stringContaining("does not appear to be a git repository") };
  await expect(repo.fetch()).rejects.toMatchObject(gone);
  await expect(repo.push([{ ref: CLAIM, from: null, to: await write(repo) }])).rejects.toMatchObject(gone);
});

test("a folder that cannot be used says what to do", async () => {
  const { clone, env, dir, git, far } = await makeWorld();
  await expect(openRepo({ dir, remote: "origin", env })).rejects.toMatchObject({
    code: "git",
    next: /git init/,
  });
  await expect(openRepo({ dir: `${dir}/no`, remote: "origin", env })).rejects.toMatchObject({ code: "git" });
  await expect(openRepo({ dir: clone, remote: "upstream", env })).rejects.toMatchObject({
    next: "git init --bare ../x.git && git remote add upstream ../x.git && git push -u upstream main",
  });
  await far("commit-tree", "HEAD^{tree}", "-m", "x");
  await git("commit", "-q", "--allow-empty", "-m", "second");
  await git("push", "-q", "origin", "main");
  await git("clone", "-q", "--depth", "1", `file://${dir}/origin.git`, `${dir}/shallow`);
  await expect(openRepo({ dir: `${dir}/shallow`, remote: "origin", env })).rejects.toMatchObject({
    next: "git fetch --unshallow origin",
  });
});

test("a variable of a hook that runs us does not lead us into another repository", async () => {
  const { clone, env, dir } = await makeWorld();
  const repo = await openRepo({
    dir: clone,
    remote: "origin",
    env: { ...env, GIT_DIR: dir, EDITOR: "vi", PAGER: "less" },
  });
  expect((await repo.fetch()).size).toBe(1);
});

test("replacement refs and hooks of the clone change nothing", async () => {
  const { repo, git, clone, commit } = await makeWorld();
  const main = await refOf(repo, MAIN);
  const lie = await write(repo, { message: "a lie\n" });
  await git("replace", main, lie);
  const next = await commit({ a: "1" });
  await git("update-ref", "refs/remotes/origin/main", main);
  for (const hook of ["pre-push", "reference-transaction"])
    await writeFile(join(clone, ".git/hooks", hook), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  expect((await repo.commits([main])).get(main)?.message).toBe("start the fleet\n");
  expect(await repo.push([{ ref: CLAIM, from: null, to: lie }])).toBe(true);
  expect(Object.fromEntries(await repo.fetch())).toEqual({ [MAIN]: next, [CLAIM]: lie });
});

test("entries of folders, files and paths that do not exist", async () => {
  const { repo, commit } = await makeWorld();
  const tip = await commit({ "board/a.md": "a", "board/x/b.md": "b", "boards.md": "c", ":(top)x": "d" });
  const paths = async (under?: string[]): Promise<string[]> =>
    (await repo.entries(tip, under)).map((e) => e.path);
  expect(await paths()).toEqual([
    ".github/pullbeat.yml",
    ":(top)x",
    "board/a.md",
    "board/x/b.md",
    "boards.md",
  ]);
  expect(await paths(["board"])).toEqual(["board/a.md", "board/x/b.md"]);
  expect(await paths(["board/a.md", "nothing", ":(top)x"])).toEqual([":(top)x", "board/a.md"]);
  expect(await paths([])).toEqual([]);
});

test("a mode or link is told apart in entries and diffs", async () => {
  const { repo, git, commit, clone } = await makeWorld({ files: { "run.sh": "x" } });
  const from = await refOf(repo, MAIN);
  await promisify(execFile)("ln", ["-s", "run.sh", "link"], { cwd: clone });
  await git("update-index", "--chmod=+x", "run.sh");
  await git("add", "link");
  await git("update-index", "--add", "--cacheinfo", `160000,${from},sub`);
  await git("commit", "-qm", "modes");
  await git("push", "-q", "origin", "HEAD:main");
  const to = await refOf(repo, MAIN);
  const [changes] = await repo.diffs([{ from, to }]);
  expect(changes?.map((c) => [c.path, c.oldMode, c.newMode])).toEqual([
    ["link", "000000", "120000"],
    ["run.sh", "100644", "100755"],
    ["sub", "000000", "160000"],
  ]);
  await commit({ "run.sh": null });
});

test("many diffs at once, empty ones among them, come back in their order", async () => {
  const { repo, commit } = await makeWorld();
  const one = await commit({ "a\nb": "1" });
  const two = await commit({ ":c": "2" });
  const three = await commit({ "a\nb": null, ":c": "3" });
  const diffs = await repo.diffs([
    { from: one, to: two },
    { from: two, to: two },
    { from: one, to: one },
    { from: two, to: three },
  ]);
  expect(diffs.map((d) => d.map((c) => c.path))).toEqual([[":c"], [], [], [":c", "a\nb"]]);
  expect(await repo.diffs([{ from: two, to: two }])).toEqual([[]]);
  expect(await repo.diffs([])).toEqual([]);
});

test("history follows first parents, shows merges as one change, and stops at since", async () => {
  const { repo, clock, commit } = await makeWorld();
  clock.pass(60);
  const base = await commit({ "agents/a.md": "1" });
  clock.pass(60);
  const side = await write(repo, {
    parents: [base],
    files: [{ path: "agents/b.md", content: "2" }],
    at: clock.now(),
  });
  const tree = (await repo.commits([side])).get(side)?.tree;
  if (tree === undefined) throw new Error("no tree");
  const tip = await write(repo, { parents: [base, side], tree, at: clock.now(), message: "merge\n" });
  const since = new Date("2026-11-22T07:30:00Z");
  const seen = await repo.history(tip, ["agents/**"], since);
  expect(seen.map((h) => [h.id, h.at.toISOString(), h.changes.map((c) => c.path)])).toEqual([
    [tip, "2026-11-22T09:00:00.000Z", ["agents/b.md"]],
    [base, "2026-11-22T08:00:00.000Z", ["agents/a.md"]],
  ]);
  expect((await repo.history(tip, [], new Date(0))).length).toBe(3);
  expect(await repo.history(tip, ["board"], since)).toEqual([]);
  expect((await repo.between(base, tip)).map((c) => c.id)).toEqual([side, tip]);
});

test("an object that does not exist, or is of another kind, is a fault, and the next read works", async () => {
  const { repo } = await makeWorld();
  const main = await refOf(repo, MAIN);
  const missing = Sha.parse("1".repeat(40));
  await expect(repo.blobs([missing])).rejects.toMatchObject({ code: "git", message: /1{40} is missing/ });
  await expect(repo.blobs([main])).rejects.toMatchObject({ code: "git", message: /is a commit/ });
  expect((await repo.commits([main])).size).toBe(1);
  expect((await repo.blobs([])).size).toBe(0);
});

test("reads at the same time do not mix, and a reader that was closed starts again", async () => {
  const { repo } = await makeWorld({ files: { a: "1", b: "2".repeat(200_000), c: "" } });
  const entries = await repo.entries(await refOf(repo, MAIN), ["a", "b", "c"]);
  const read = async (): Promise<string[]> =>
    Promise.all(
      entries.map(async (e) => Buffer.from((await repo.blobs([e.blob])).get(e.blob) ?? []).toString()),
    );
  expect(await read()).toEqual(["1", "2".repeat(200_000), ""]);
  repo.close();
  expect((await read())[0]).toBe("1");
});

test("10,000 files are read in one batch", async () => {
  const { repo } = await makeWorld();
  const files = Array.from({ length: 10_000 }, (_, i) => ({
    path: `board/t-${i}.md`,
    content: `---\nid: t-${i}\n---\n`,
  }));
  const id = await write(repo, { files });
  const entries = await repo.entries(id);
  const blobs = await repo.blobs(entries.map((e) => e.blob));
  expect(blobs.size).toBe(10_000);
  const last = entries.find((e) => e.path === "board/t-9999.md");
  expect(Buffer.from(blobs.get(last?.blob ?? Sha.parse("0".repeat(40))) ?? []).toString()).toContain(
    "t-9999",
  );
});
