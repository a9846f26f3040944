import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Trial } from "../port/repo.ts";
import { diffTrees } from "./compare.ts";
import { tokens } from "./diff.ts";
import type { Git } from "./git.ts";
import { MERGING } from "./merge.ts";
import { readCommits, type Objects } from "./objects.ts";

/** The mechanical merges of many pairs, as `mergeCommits` makes one; `git` runs inside the git folder. */
export async function tryMerges(
  { git, objects }: { git: Git; objects: Objects },
  pairs: readonly { ours: Sha; theirs: Sha }[],
): Promise<Trial[]> {
  if (pairs.length === 0) return [];
  const config = MERGING.flatMap((c) => ["-c", c]);
  const merge = ["merge-tree", "--write-tree", "--stdin", "-z", "--name-only", "--no-messages"];
  const input = pairs.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join("");
  const merges = parseMerges((await git.run([...config, ...merge], { input })).out);
  if (merges.length !== pairs.length)
    throw new Fault("git", `git merge-tree answered ${merges.length} of ${pairs.length} questions`);
  const commits = await readCommits(objects, new Set(pairs.map((p) => p.ours)));
  const from = pairs.map(({ ours }) => commits.get(ours)?.tree ?? ours);
  const landed = await diffTrees(
    git,
    merges.map(({ tree }, i) => ({ from: from[i] ?? tree, to: tree })),
  );
  return merges.map((m, i) => ({ ...m, landed: (landed[i] ?? []).map((c) => c.path) }));
}

/** Reads `<status>\0<tree>\0`, a `<path>\0` for each conflict, and `\0` after each merge. Status 1: nothing conflicts. */
function parseMerges(out: Buffer): Omit<Trial, "landed">[] {
  const merges: Omit<Trial, "landed">[] = [];
  const parts = tokens(out).values();
  for (const status of parts) {
    const tree = Sha.parse(parts.next().value);
    const conflicts: string[] = [];
    for (const path of parts) {
      if (path === "") break;
      conflicts.push(path);
    }
    if ((status === "1") !== (conflicts.length === 0))
      throw new Fault("git", `git merge-tree said ${status} of a merge with ${conflicts.length} conflicts`);
    merges.push({ tree, conflicts });
  }
  return merges;
}
