import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { pathFault } from "../../src/domain/path.ts";
import { gitIn } from "../../src/store/git.ts";
import { openRepo } from "../../src/store/repo.ts";
import { makeWorld } from "../world.ts";
import { draft, MAIN, refOf, write } from "./draft.ts";

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test("a commit without parents, tree and files is empty", async () => {
  const { repo } = await makeWorld();
  const id = await write(repo, { message: "claim T-8k2f\n" });
  expect(await repo.entries(id)).toEqual([]);
  expect((await repo.commits([id])).get(id)).toEqual({
    id,
    tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    parents: [],
    author: { name: "pullbeat", email: "pullbeat@example.com" },
    committer: { name: "pullbeat", email: "pullbeat@example.com", at: new Date("2026-11-22T07:00:00Z") },
    message: "claim T-8k2f\n",
  });
});

test("files lie over the first parent's tree, or over the tree that is given", async () => {
  const { repo, commit } = await makeWorld();
  const main = await refOf(repo, MAIN);
  const [first] = await repo.entries(main);
  const other = await commit({ "other.md": "o" });
  const tree = (await repo.commits([main])).get(main)?.tree;
  if (first === undefined || tree === undefined) throw new Error("no first commit");
  const files = [{ path: "x", content: "1" }];
  const [over, given, moved] = await repo.write([
    draft({ parents: [other], files }),
    draft({ parents: [other, main], tree, files }),
    draft({
      parents: [main],
      files: [
        { path: first.path, content: null },
        { path: "moved.yml", content: null, blob: first.blob },
      ],
    }),
  ]);
  const paths = async (id = main): Promise<string[]> => (await repo.entries(id)).map((e) => e.path);
  expect(await paths(over)).toEqual([".github/pullbeat.yml", "other.md", "x"]);
  expect(await paths(given)).toEqual([".github/pullbeat.yml", "x"]);
  expect(await paths(moved)).toEqual(["moved.yml"]);
  expect((await repo.commits([given ?? main])).get(given ?? main)?.parents).toEqual([other, main]);
});

test("a file gives way to a folder of its name, and a folder to a file", async () => {
  const { repo, commit } = await makeWorld();
  const parent = await commit({ a: "file", "b/c": "in a folder" });
  const id = await write(repo, {
    parents: [parent],
    files: [
      { path: "a/new", content: "1" },
      { path: "a", content: null },
      { path: "b", content: "2" },
      { path: "b/c", content: null },
    ],
  });
  expect((await repo.entries(id, ["a", "b"])).map((e) => e.path)).toEqual(["a/new", "b"]);
});

test("any bytes and any message come back as they were", async () => {
  const { repo } = await makeWorld();
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
  const message = 'Grüße 🦆\n\ndata 5\nM 100644 inline "x"\ndone\n';
  const id = await write(repo, { message, files: [{ path: "bin", mode: "100755", content: bytes }] });
  const [entry] = await repo.entries(id);
  if (entry === undefined) throw new Error("no entry");
  expect(entry.mode).toBe("100755");
  expect(Buffer.from((await repo.blobs([entry.blob])).get(entry.blob) ?? []).equals(Buffer.from(bytes))).toBe(
    true,
  );
  expect((await repo.commits([id])).get(id)?.message).toBe(message);
});

test("odd file names come back as they were", async () => {
  const { repo } = await makeWorld();
  const part = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((s) => !s.includes("/"));
  const path = fc
    .array(part, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join("/").normalize("NFC"))
    .filter((p) => pathFault(p) === null);
  const nasty = [
    "Ünï/çödé 🦆.md",
    "a'b$(id)`x`;&.md",
    "%2e%2e/a",
    "#!@{}[]=,.md",
    "a.lock",
    "日本語/ファイル",
  ];
  await fc.assert(
    fc.asyncProperty(path, fc.string(), async (name, content) => {
      const id = await write(repo, { files: [{ path: name, content }] });
      const [entry] = await repo.entries(id);
      expect(entry?.path).toBe(name);
      expect(text([...(await repo.blobs(entry === undefined ? [] : [entry.blob])).values()][0])).toBe(
        content,
      );
    }),
    { numRuns: 40, examples: nasty.map((name): [string, string] => [name, "x"]) },
  );
});

test("a name that would leave the tree or enter .git is refused before git sees it", async () => {
  const { repo } = await makeWorld();
  const bad = [
    "",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../b",
    "./a",
    ".git/config",
    "x/.GIT/hooks",
    "git~1",
    ".git. ",
    ".g\u200cit",
    "a\\.git\\b",
    "a\0b",
    ".git::$INDEX_ALLOCATION",
  ];
  for (const path of bad)
    await expect(
      repo.write([draft({ files: [{ path, content: "x" }] })]),
      JSON.stringify(path),
    ).rejects.toMatchObject({ code: "broken" });
  await write(repo, {
    files: [
      { path: ".gitignore", content: "x" },
      { path: "a/.github/x.git", content: "y" },
    ],
  });
});

test("a name on a commit cannot forge another line of it", async () => {
  const { repo } = await makeWorld();
  const id = await write(repo, { who: { name: "A\nparent 1 <x> 1", email: "a>b\n@c" } });
  const commit = (await repo.commits([id])).get(id);
  expect(commit?.author).toEqual({ name: "Aparent 1 x 1", email: "ab@c" });
  expect(commit?.parents).toEqual([]);
});

test("writing leaves no ref, no lock and no file behind, also when it fails", async () => {
  const { repo, git, clone } = await makeWorld();
  const main = await refOf(repo, MAIN);
  const state = async () => [
    await git("for-each-ref"),
    await readdir(join(clone, ".git")),
    await readdir(join(clone, ".git", "objects", "pack")),
  ];
  const before = await state();
  await repo.write(Array.from({ length: 20 }, (_, i) => draft({ message: `${i}\n` })));
  await expect(repo.write([draft(), draft({ tree: main })])).rejects.toMatchObject({
    code: "git",
    message: expect.stringContaining("Not a tree"),
  });
  expect(await state()).toEqual(before);
});

test("a repository with SHA-256 names is written to as any other", async () => {
  const { dir, env } = await makeWorld();
  const at = join(dir, "sha256");
  const git = gitIn(dir, env);
  await git.run(["init", "--quiet", "--object-format=sha256", at]);
  await gitIn(at, env).run(["remote", "add", "origin", "../nowhere.git"]);
  const repo = await openRepo({ dir: at, remote: "origin", env });
  onTestFinished(() => repo.close());
  const id = await write(repo, { files: [{ path: "a", content: "1" }] });
  expect(id).toHaveLength(64);
  expect((await repo.entries(id)).map((e) => e.path)).toEqual(["a"]);
  expect((await gitIn(at, env).run(["for-each-ref"])).out.toString()).toBe("");
});

test("the same draft makes the same commit, and nothing to write starts nothing", async () => {
  const { repo } = await makeWorld();
  expect(await write(repo)).toBe(await write(repo));
  expect(await repo.write([])).toEqual([]);
});
