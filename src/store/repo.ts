import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Repo } from "../port/repo.ts";
import { diffCommits, readHistory } from "./compare.ts";
import { parseEntries } from "./diff.ts";
import { gitAt, noRepository } from "./folder.ts";
import { checkVersion, gitIn, type Environment } from "./git.ts";
import { importCommits } from "./import.ts";
import { mergeCommits } from "./merge.ts";
import { checkRef } from "./names.ts";
import { objectsOf, readCommits } from "./objects.ts";
import { pushRefs } from "./push.ts";
import { fetchRefs, fetchSingle, mergedBranches, readHead } from "./refs.ts";
import { readTrees } from "./trees.ts";

export interface RepoOptions {
  /** Any folder of the clone. */
  dir: string;
  /** The remote's name in the clone. */
  remote: string;
  /** The base branch; without it what the remote's HEAD names. */
  branch?: string;
  /** The process's environment. */
  env: Environment;
}

/** A clone and its remote. `close` ends the reading process, which otherwise ends with ours. */
export async function openRepo({ dir, remote, branch, env }: RepoOptions): Promise<Repo & { close(): void }> {
  const gitDir = await openClone({ dir, remote, env });
  if (branch !== undefined) checkRef(`refs/heads/${branch}`);
  const git = gitIn(dir, env);
  const objects = objectsOf(git);
  const far = { git, name: remote };
  let head: Promise<string> | undefined;
  const base = (): Promise<string> =>
    (head ??= branch === undefined ? readHead(far) : Promise.resolve(branch));
  return {
    defaultBranch: base,
    fetch: async () => fetchRefs(far, await base()),
    merged: (tip, prefix) => mergedBranches(far, { tip, prefix }),
    fetchOne: (ref) => fetchSingle(far, ref),
    push: (updates) => pushRefs(far, updates),
    write: (drafts) => importCommits({ git, gitDir }, drafts),
    merge: (ours, theirs) => mergeCommits({ git: gitIn(gitDir, env), objects }, ours, theirs),
    trees: (commits) => readTrees(objects, commits),
    blobs: (ids) => objects.read("blob", ids),
    commits: (ids) => readCommits(objects, ids),
    entries: async (commit, under) =>
      under?.length === 0
        ? []
        : parseEntries((await git.run([...LS_TREE, commit, "--", ...(under ?? [])])).out),
    diffs: (pairs) => diffCommits({ git, objects }, pairs),
    async patch(from, to) {
      const flags = ["--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"];
      return (await git.run(["diff-tree", "-p", ...flags, from, to])).out.toString();
    },
    history: (tip, paths, since) => readHistory(git, { tip, paths, since }),
    async between(from, to) {
      const listed = await git.run(["rev-list", "--reverse", "--topo-order", `${from}..${to}`]);
      const ids = lines(listed.out).map((id) => Sha.parse(id));
      const commits = await readCommits(objects, ids);
      return ids.flatMap((id) => commits.get(id) ?? []);
    },
    close: () => objects.close(),
  };
}

const LS_TREE = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree"];

const lines = (out: Buffer): string[] =>
  out
    .toString()
    .split("\n")
    .filter((line) => line !== "");

/** Looks whether the clone can be used at all; returns its git folder. */
async function openClone({ dir, remote, env }: Pick<RepoOptions, "dir" | "remote" | "env">): Promise<string> {
  const git = await gitAt(dir, env);
  const [, found, named] = await Promise.all([
    checkVersion(git),
    git.run(["rev-parse", "--absolute-git-dir", "--is-shallow-repository"], { ok: "any" }),
    git.run(["remote"], { ok: "any" }),
  ]);
  const [gitDir, shallow] = lines(found.out);
  if (found.code !== 0 || gitDir === undefined) throw noRepository(dir, found.err);
  if (shallow === "true")
    throw new Fault("git", "the clone is shallow: merges and histories need every commit", {
      expected: "a full clone; on a CI runner, a checkout with `fetch-depth: 0`",
      next: `git fetch --unshallow ${remote}`,
    });
  if (lines(named.out).includes(remote)) return gitDir;
  throw new Fault("git", `the repository has no remote named ${remote}`, {
    expected: "a remote: pullbeat keeps its claims, journal and pulls there",
    next: `git init --bare ../x.git && git remote add ${remote} ../x.git && git push -u ${remote} main`,
  });
}
