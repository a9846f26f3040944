import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Airlock } from "../port/airlock.ts";
import type { Repo } from "../port/repo.ts";
import { airlockIn } from "./airlock.ts";
import { diffCommits, readHistory } from "./compare.ts";
import { parseEntries } from "./diff.ts";
import { gitAt, noRepository } from "./folder.ts";
import { checkVersion, gitIn, type Environment, type Git } from "./git.ts";
import { importCommits } from "./import.ts";
import { mergeCommits } from "./merge.ts";
import { checkRef } from "./names.ts";
import { objectsOf, readCommits } from "./objects.ts";
import { pushRefs } from "./push.ts";
import { fetchRefs, fetchSingle, mergedBranches, readHead } from "./refs.ts";
import { readTrees } from "./trees.ts";
import { tryMerges } from "./trials.ts";

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

export interface OpenRepo extends Repo {
  /** The clone's own git folder. */
  gitDir: string;
  /** Where work from jobs without rights is taken in. */
  airlock: Airlock;
  /** Ends the reading process, which otherwise ends with ours. */
  close(): void;
}

/** A clone and its remote. */
export async function openRepo({ dir, remote, branch, env }: RepoOptions): Promise<OpenRepo> {
  const { gitDir, head: noted } = await openClone({ dir, remote, env });
  if (branch !== undefined) checkRef(`refs/heads/${branch}`);
  const local = localRepo({ dir, gitDir, env });
  const far = { git: local.git, name: remote };
  const known = branch ?? noted;
  let head: Promise<string> | undefined;
  const base = (): Promise<string> => (head ??= known === null ? readHead(far) : Promise.resolve(known));
  return {
    ...local.repo,
    gitDir,
    airlock: local.airlock,
    close: () => local.close(),
    defaultBranch: base,
    fetch: async () => fetchRefs(far, await base()),
    merged: (tip, prefix) => mergedBranches(far, { tip, prefix }),
    fetchOne: (ref) => fetchSingle(far, ref),
    push: (updates) => pushRefs(far, updates),
  };
}

/** What needs no remote. */
export type LocalRepo = Omit<Repo, "defaultBranch" | "fetch" | "merged" | "fetchOne" | "push">;

/** The objects of a repository, and what crosses its airlock. */
export function localRepo({ dir, gitDir, env }: { dir: string; gitDir: string; env: Environment }): {
  repo: LocalRepo;
  airlock: Airlock;
  git: Git;
  close(): void;
} {
  const git = gitIn(dir, env);
  const objects = objectsOf(git);
  const repo: LocalRepo = {
    write: (drafts) => importCommits({ git, gitDir }, drafts),
    merge: (ours, theirs) => mergeCommits({ git: gitIn(gitDir, env), objects }, ours, theirs),
    trials: (pairs) => tryMerges({ git: gitIn(gitDir, env), objects }, pairs),
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
  };
  return { repo, git, airlock: airlockIn({ git, gitDir, objects, env }), close: () => objects.close() };
}

/** Every file of a commit, whatever folder one stands in. */
export const LS_TREE = ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree"];

const lines = (out: Buffer): string[] =>
  out
    .toString()
    .split("\n")
    .filter((line) => line !== "");

interface Clone {
  gitDir: string;
  /** The base branch, where the clone has noted what the remote's HEAD names. */
  head: string | null;
}

/** Looks whether the clone can be used at all. */
async function openClone({ dir, remote, env }: Pick<RepoOptions, "dir" | "remote" | "env">): Promise<Clone> {
  const git = await gitAt(dir, env);
  const prefix = `refs/remotes/${remote}/`;
  const asked = ["--absolute-git-dir", "--is-shallow-repository", "--symbolic-full-name", `${prefix}HEAD`];
  const [, found] = await Promise.all([checkVersion(git), git.run(["rev-parse", ...asked], { ok: "any" })]);
  // Where nothing is noted git fails at the last question, and has answered the others.
  const [gitDir, shallow, head = ""] = lines(found.out);
  const isNoted = found.code === 0 && head.startsWith(prefix) && head !== `${prefix}HEAD`;
  if (gitDir === undefined) throw noRepository(dir, found.err);
  if (shallow === "true")
    throw new Fault("git", "the clone is shallow: merges and histories need every commit", {
      expected: "a full clone; on a CI runner, a checkout with `fetch-depth: 0`",
      next: `git fetch --unshallow ${remote}`,
    });
  // A noted HEAD is one that a fetch or a clone brought, so there is such a remote.
  if (isNoted) return { gitDir, head: head.slice(prefix.length) };
  if (lines((await git.run(["remote"])).out).includes(remote)) return { gitDir, head: null };
  throw new Fault("git", `the repository has no remote named ${remote}`, {
    expected: "a remote: pullbeat keeps its claims, journal and pulls there",
    next: `git init --bare ../x.git && git remote add ${remote} ../x.git && git push -u ${remote} main`,
  });
}
