import { expect, test } from "vitest";
import { makeWorld } from "../world.ts";

test("many small trees are read as git lists them, folders included", async () => {
  const world = await makeWorld();
  const one = await world.commit({ "a.txt": "1", "deep/er/b.txt": "2", "deep/c d.txt": "3" });
  const two = await world.commit({ "a.txt": null, "deep/ü.txt": "4" });
  const trees = await world.repo.trees([one, two]);
  const byPath = (files: readonly { path: string }[] | undefined) =>
    (files ?? []).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const commit of [one, two])
    expect(byPath(trees.get(commit))).toEqual(byPath(await world.repo.entries(commit)));
});
