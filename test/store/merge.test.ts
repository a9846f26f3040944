import { expect, test } from "vitest";
import type { Sha } from "../../src/domain/id.ts";
import type { Merged } from "../../src/port/repo.ts";
import { makeWorld, type Files, type World } from "../world.ts";
import { MAIN, refOf, write } from "./draft.ts";

/** What people and an agent did, each on top of the same commit. */
async function fork(world: World, people: Files, agent: Files): Promise<{ base: Sha; head: Sha }> {
  const parent = await refOf(world.repo, MAIN);
  const files = Object.entries(agent).map(([path, content]) => ({ path, content }));
  return { head: await write(world.repo, { parents: [parent], files }), base: await world.commit(people) };
}

async function mergedPaths(world: World, merged: Merged): Promise<string[]> {
  if ("conflicts" in merged) return merged.conflicts.map((c) => `conflict ${c}`);
  const id = await write(world.repo, { tree: merged.tree });
  return (await world.repo.entries(id)).map((e) => e.path).filter((p) => !p.startsWith(".github/p"));
}

const LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

test("changes of different files and of different lines come together", async () => {
  const world = await makeWorld({ files: { a: LINES } });
  const { base, head } = await fork(
    world,
    { a: LINES.replace("one", "1"), b: "b" },
    { a: LINES.replace("seven", "7"), c: "c" },
  );
  const merged = await world.repo.merge(base, head);
  expect(await mergedPaths(world, merged)).toEqual(["a", "b", "c"]);
  const id = await write(world.repo, "tree" in merged ? { tree: merged.tree } : {});
  const [a] = await world.repo.entries(id, ["a"]);
  expect(
    Buffer.from(
      (await world.repo.blobs(a === undefined ? [] : [a.blob])).values().next().value ?? [],
    ).toString(),
  ).toBe(LINES.replace("one", "1").replace("seven", "7"));
});

test("a conflict names every file that is in conflict, and nothing else", async () => {
  const world = await makeWorld({ files: { "a b'c": "1\n", d: "1\n", e: "1\n" } });
  const { base, head } = await fork(
    world,
    { "a b'c": "2\n", d: null, e: "2\n" },
    { "a b'c": "3\n", d: "3\n" },
  );
  expect(await world.repo.merge(base, head)).toMatchObject({ conflicts: ["a b'c", "d"] });
});

test("a folder that people renamed does not carry an agent's new file to another place", async () => {
  const old = { "reports/a.md": LINES, "reports/b.md": `${LINES}b` };
  const world = await makeWorld({ files: old });
  const { base, head } = await fork(
    world,
    {
      "reports/a.md": null,
      "reports/b.md": null,
      ".github/workflows/a.md": LINES,
      ".github/workflows/b.md": `${LINES}b`,
    },
    { "reports/evil.yml": "on: push" },
  );
  expect(await mergedPaths(world, await world.repo.merge(base, head))).toEqual([
    ".github/workflows/a.md",
    ".github/workflows/b.md",
    "reports/evil.yml",
  ]);
});

test("a file that people renamed does not carry an agent's lines to another place", async () => {
  const world = await makeWorld({ files: { "reports/a.md": LINES } });
  const people = { "reports/a.md": null, "agents/a.md": LINES };
  const { base, head } = await fork(world, people, { "reports/a.md": `${LINES}eight\n` });
  expect(await world.repo.merge(base, head)).toMatchObject({ conflicts: ["agents/a.md"] });
});

test("no merge driver of a repository or a clone settles a conflict", async () => {
  const attributes = { ".gitattributes": "* merge=union\n" };
  const world = await makeWorld({ files: { ...attributes, a: "1\n" } });
  const { base, head } = await fork(world, { a: "2\n" }, { a: "3\n", ...attributes });
  await world.git("config", "core.attributesFile", `${world.clone}/.gitattributes`);
  expect(await world.repo.merge(base, head)).toMatchObject({ conflicts: ["a"] });
});

test("commits without a common beginning are a fault, not a merge", async () => {
  const { repo } = await makeWorld();
  await expect(repo.merge(await refOf(repo, MAIN), await write(repo))).rejects.toMatchObject({ code: "git" });
});
