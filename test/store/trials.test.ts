import { expect, test } from "vitest";
import type { Sha } from "../../src/domain/id.ts";
import { makeWorld } from "../world.ts";
import { MAIN, refOf, write } from "./draft.ts";

const LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

test("many merges tried at once come out as each does by itself, whatever their files are called", async () => {
  const odd = "1 b'c [é] 0";
  const { repo } = await makeWorld({ files: { [odd]: LINES, plain: LINES } });
  const parent = await refOf(repo, MAIN);
  const heads: Sha[] = [];
  for (const [path, content] of [
    [odd, LINES.replace("one", "1")],
    [odd, LINES.replace("one", "I")],
    [odd, LINES.replace("seven", "7")],
    ["plain", null],
    ["plain", "else\n"],
    ["1", "a new one\n"],
  ] as const)
    heads.push(await write(repo, { parents: [parent], files: [{ path, content }] }));
  const pairs = heads.flatMap((ours) => heads.map((theirs) => ({ ours, theirs })));
  const tried = await repo.trials(pairs);
  const single = await Promise.all(pairs.map(({ ours, theirs }) => repo.merge(ours, theirs)));
  expect(tried.map((t) => t.conflicts)).toEqual(single.map((m) => ("conflicts" in m ? m.conflicts : [])));
  expect(tried.map((t) => t.tree)).toEqual(single.map((m) => ("tree" in m ? m.tree : m.partial?.tree)));
  expect(tried.filter((t) => t.conflicts.length > 0)).toHaveLength(4);
  // Of 1 and 7 in the same file the second lands; of a head and itself nothing does.
  expect(tried.slice(0, 3).map((t) => t.landed)).toEqual([[], [odd], [odd]]);
});

test("no pairs are no question, and one that cannot be merged is a fault", async () => {
  const { repo } = await makeWorld({ files: { plain: LINES } });
  const parent = await refOf(repo, MAIN);
  const alien = await write(repo, { parents: [] });
  expect(await repo.trials([])).toEqual([]);
  await expect(repo.trials([{ ours: parent, theirs: alien }])).rejects.toMatchObject({ code: "git" });
});
