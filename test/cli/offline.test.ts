import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specText, taskText } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { json, pullbeat, type Place } from "./cli.ts";

const FILES = { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "writer") };

/** A repository as `git init` makes it, without a remote. */
async function bare(world: World): Promise<Place> {
  const clone = join(world.dir, "alone");
  await world.git("init", "--quiet", clone);
  return { ...world, clone };
}

const save = async (dir: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  }
};

test("check needs no remote, and in an empty repository says what the first step is", async () => {
  const alone = await bare(await makeWorld());
  expect(await json(alone, ["check"])).toMatchObject({
    code: 1,
    value: {
      counts: { errors: 1 },
      findings: [{ file: ".github/pullbeat.yml", line: 1, column: 1, rule: "config/missing" }],
    },
  });
  await save(alone.clone, { ...FILES, ".github/pullbeat.yml": "version: 1\nroster: [{ login: ann }]\n" });
  const { code, out } = await pullbeat(alone, ["check"]);
  expect(code).toBe(0);
  expect(out).toContain("the next tick will not see this: uncommitted");
});

test("board without a remote shows what the files say, under a warning", async () => {
  const alone = await bare(await makeWorld());
  await save(alone.clone, FILES);
  expect(await json(alone, ["board"])).toMatchObject({
    code: 0,
    value: {
      tasks: [{ id: "one", state: "ready", agent: "writer" }],
      warning: "the repository has no remote named origin",
      unseen: expect.arrayContaining([{ file: "board/one.md", why: "uncommitted" }]),
    },
  });
  expect((await pullbeat(alone, ["board"])).out).toMatch(/^only what lies here, .*no remote named origin\n/);
});

test("board with a remote that does not answer does the same", async () => {
  const world = await makeWorld({ files: FILES });
  await rename(world.origin, `${world.origin}.gone`);
  expect(await json(world, ["board"])).toMatchObject({
    code: 0,
    value: { tasks: [{ id: "one", state: "ready" }], warning: expect.stringContaining("did not answer") },
  });
  expect((await json(world, ["plan"])).code).toBe(3);
});

test("what is committed and not pushed is named, also where the clone never noted the remote's HEAD", async () => {
  const world = await makeWorld({ files: FILES });
  const own = join(world.dir, "own");
  const git = (...args: string[]): Promise<string> => world.git("-C", own, ...args);
  await world.git("init", "--quiet", own);
  await git("remote", "add", "origin", world.origin);
  await git("fetch", "--quiet", "origin");
  await git("reset", "--quiet", "--hard", "origin/main");
  await save(own, { "board/two.md": taskText("two", "writer") });
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "two");
  await save(own, { "board/three.md": taskText("three", "writer") });
  const unseen = [
    { file: "board/three.md", why: "uncommitted" },
    { file: "board/two.md", why: "not pushed" },
  ];
  const there = { ...world, clone: own };
  expect(await json(there, ["board"])).toMatchObject({ value: { unseen } });
  const { value } = await json(there, ["check"]);
  expect(value).toMatchObject({
    findings: expect.arrayContaining(
      unseen.map(({ file }) => expect.objectContaining({ file, rule: "tree/unseen" })),
    ),
  });
  expect(JSON.stringify(value)).not.toContain('"file":"board/one.md","line":1');
});
