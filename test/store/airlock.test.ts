import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Sha } from "../../src/domain/id.ts";
import { collectEdits, draftsOf, treeOf } from "../../src/flow/verdict/collect.ts";
import type { Edits } from "../../src/port/engine.ts";
import { makeWorld, type World } from "../world.ts";

const REF = "refs/pullbeat/proposals/abcdefghjkmnpqrs/one--1";
const FILES = {
  "a.md": "# A\n",
  "docs/b.md": "# B\n",
  "docs/deep/er/c.md": "# C\n",
  "pages/x.md": "same\n",
  "data/raw.bin": new Uint8Array([0, 255, 128]),
};

/** Wraps edits on main and unwraps them again. */
async function through(world: World, edits: Edits): Promise<Edits> {
  const parent = Sha.parse((await world.git("rev-parse", "origin/main")).trim());
  const tree = treeOf(world.repo, await world.repo.entries(parent));
  const bundle = await world.repo.airlock.wrap({ ref: REF, parent }, draftsOf(tree, edits));
  return world.repo.airlock.unwrap({ ref: REF, parent }, bundle);
}

const bytes = (edits: Edits): [string, string | null][] =>
  [...edits].map(([path, what]) => [path, what === null ? null : Buffer.from(what).toString("hex")]);

test.each<[string, Edits]>([
  ["a new file in a new folder", new Map([["new/folder/n.md", "# N\n"]])],
  ["a file that is gone", new Map([["a.md", null]])],
  ["the last file of a folder that is gone", new Map([["docs/deep/er/c.md", null]])],
  ["bytes that are no text", new Map([["data/raw.bin", new Uint8Array([0, 1, 254])]])],
  ["an empty file", new Map([["empty.md", ""]])],
  ["a copy of what is there already", new Map([["pages/copy.md", "same\n"]])],
  ["a copy of a whole folder", new Map([["copy/x.md", "same\n"]])],
  [
    "a file in a folder's place",
    new Map<string, string | null>([
      ["docs/deep/er/c.md", null],
      ["docs/deep", "# file\n"],
    ]),
  ],
  [
    "a folder in a file's place",
    new Map<string, string | null>([
      ["a.md", null],
      ["a.md/n.md", "# N\n"],
    ]),
  ],
  ["names that git would quote", new Map([["docs/\u00e4 (1).md", "# \u00e4\n"]])],
])("%s comes out of the airlock as it went in", async (_, edits) => {
  const world = await makeWorld({ files: FILES });
  const sorted = new Map([...edits].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  expect(bytes(await through(world, edits))).toEqual(bytes(sorted));
});

test("a program that may be run stays one, and a plain file stays plain", async () => {
  const world = await makeWorld({ files: FILES });
  await world.git("update-index", "--chmod=+x", "a.md");
  await world.git("commit", "--quiet", "--message", "make it a program");
  await world.git("push", "--quiet", "origin", "HEAD:main");
  const edits = await through(world, new Map([["a.md", "# New\n"]]));
  expect(bytes(edits)).toEqual(bytes(new Map([["a.md", "# New\n"]])));
});

test("whatever an agent may have changed comes out as it went in", async () => {
  const world = await makeWorld({ files: FILES });
  const parent = Sha.parse((await world.git("rev-parse", "origin/main")).trim());
  const tree = treeOf(world.repo, await world.repo.entries(parent));
  const path = fc.constantFrom(
    "a.md",
    "docs/b.md",
    "docs/n.md",
    "pages/x.md",
    "pages/y/z.md",
    "new.md",
    "data/raw.bin",
  );
  const what = fc.oneof(
    fc.constant(null),
    fc.string(),
    fc.uint8Array({ maxLength: 40 }),
    fc.constant("same\n"),
  );
  const changes = fc.dictionary(path, what, { minKeys: 1 });
  await fc.assert(
    fc.asyncProperty(changes, async (record) => {
      const edits: Edits = new Map(Object.entries(record));
      const real = new Set((await collectEdits(tree, edits)).map((c) => c.path));
      const wanted = [...edits].filter(([p]) => real.has(p)).toSorted(([a], [b]) => (a < b ? -1 : 1));
      expect(bytes(await through(world, new Map(wanted)))).toEqual(bytes(new Map(wanted)));
    }),
    { numRuns: 25 },
  );
});
