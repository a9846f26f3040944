import type { Change } from "../domain/change.ts";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Repo } from "../port/repo.ts";
import { parseSections } from "./diff.ts";
import type { Git } from "./git.ts";
import { readCommits, type Objects } from "./objects.ts";

/** Two versions of something: commits or trees. */
export interface Pair {
  from: Sha;
  to: Sha;
}

/** The diffs of pairs of commits. */
export async function diffCommits(
  { git, objects }: { git: Git; objects: Objects },
  pairs: readonly Pair[],
): Promise<Change[][]> {
  const ids = pairs.flatMap((p) => [p.from, p.to]);
  const commits = await readCommits(objects, ids);
  const tree = (id: Sha): Sha => commits.get(id)?.tree ?? id;
  return diffTrees(
    git,
    pairs.map((p) => ({ from: tree(p.from), to: tree(p.to) })),
  );
}

/** The diffs of pairs of trees, in one process. Two trees that are one are not asked about: an answer of titles alone has no end. */
export async function diffTrees(git: Git, pairs: readonly Pair[]): Promise<Change[][]> {
  const asked = pairs.filter((p) => p.from !== p.to);
  if (asked.length === 0) return pairs.map(() => []);
  const input = asked.map((p) => `${p.from} ${p.to}\n`).join("");
  const said = await git.run(["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames"], {
    input,
  });
  const sections = parseSections(said.out);
  if (sections.length !== asked.length)
    throw new Fault("git", `git diff-tree answered ${sections.length} of ${asked.length} questions`);
  const answers = sections.values();
  return pairs.map((p) => (p.from === p.to ? [] : (answers.next().value?.changes ?? [])));
}

type History = Awaited<ReturnType<Repo["history"]>>;

const LOG = [
  "--glob-pathspecs",
  "log",
  "--first-parent",
  "--diff-merges=first-parent",
  "--raw",
  "-z",
  "--no-abbrev",
  "--no-renames",
  "--format=%H %ct",
];

/** First-parent commits that touch paths, newest first; a merge is one change. */
export async function readHistory(
  git: Git,
  { tip, paths, since }: { tip: Sha; paths: readonly string[]; since: Date },
): Promise<History> {
  const said = await git.run([...LOG, `--since=${since.toISOString()}`, tip, "--", ...paths]);
  return parseSections(said.out).map(({ title, changes }) => {
    const [id, seconds] = title.split(" ");
    return { id: Sha.parse(id), at: new Date(Number(seconds) * 1000), changes };
  });
}
