import { Sha } from "../domain/id.ts";
import type { Merged } from "../port/repo.ts";
import { diffTrees } from "./compare.ts";
import { tokens } from "./diff.ts";
import type { Git } from "./git.ts";
import { readCommits, type Objects } from "./objects.ts";

/** The same on every machine, whatever a person's configuration says. */
export const MERGING = ["merge.renames=true", "merge.renameLimit=1000", "merge.directoryRenames=false"];

/**
 * The mechanical merge of two commits. `git` runs inside the git folder, where no `.gitattributes` of the checkout can
 * choose a merge driver. Where git followed a rename, and so took their change to a path that they never touched, that
 * path is a conflict: what was approved is a change of certain paths.
 */
export async function mergeCommits(
  { git, objects }: { git: Git; objects: Objects },
  ours: Sha,
  theirs: Sha,
): Promise<Merged> {
  const config = MERGING.flatMap((c) => ["-c", c]);
  const merge = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const said = await git.run([...config, ...merge], { ok: [0, 1] });
  const [first, ...conflicts] = tokens(said.out);
  const tree = Sha.parse(first);
  const root = Sha.parse((await git.run(["merge-base", ours, theirs])).out.toString().trim());
  if (said.code !== 0) return { conflicts, partial: { root, tree } };
  const commits = await readCommits(objects, [root, ours, theirs]);
  const treeOf = (id: Sha): Sha => commits.get(id)?.tree ?? id;
  const [theirChange = [], landed = []] = await diffTrees(git, [
    { from: treeOf(root), to: treeOf(theirs) },
    { from: treeOf(ours), to: tree },
  ]);
  const touched = new Set(theirChange.map((c) => c.path));
  const strays = landed.map((c) => c.path).filter((path) => !touched.has(path));
  return strays.length === 0 ? { tree } : { conflicts: strays, partial: null };
}
