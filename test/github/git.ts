import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** git on the far side, in the bare repository itself. */
export interface FarGit {
  /** The commit that a ref or an abbreviated id names; null when there is none. */
  commit(name: string): Promise<string | null>;
  /** True when `tip` holds `commit` already. */
  holds(tip: string, commit: string): Promise<boolean>;
  /** How many commits `head` has that `base` has not. */
  ahead(base: string, head: string): Promise<number>;
  /** The tree of git's own merge; null for a conflict. */
  mergedTree(base: string, head: string): Promise<string | null>;
  tree(commit: string): Promise<string>;
  /** The first-parent commit of `tip` that brought `commit` in. */
  broughtBy(tip: string, commit: string): Promise<string>;
  write(made: {
    tree: string;
    parents: readonly string[];
    message: string;
    by: string;
    at: string;
  }): Promise<string>;
  /** A compare-and-swap on a branch; false when it moved. */
  move(branch: string, from: string, to: string | null): Promise<boolean>;
  files(commit: string, path: string): Promise<string | null>;
}

export function farGit(origin: string): FarGit {
  const call = promisify(execFile);
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_COMMITTER_NAME: "GitHub",
    GIT_COMMITTER_EMAIL: "noreply@github.com",
  };
  const git = async (args: readonly string[], more: Record<string, string> = {}): Promise<string> =>
    (
      await call("git", [...args], { cwd: origin, env: { ...env, ...more }, maxBuffer: 2 ** 28 })
    ).stdout.trim();
  const orNull = (said: Promise<string>): Promise<string | null> => said.catch(() => null);
  return {
    commit: (name) => orNull(git(["rev-parse", "--verify", "--quiet", `${name}^{commit}`])),
    holds: async (tip, commit) => (await orNull(git(["merge-base", "--is-ancestor", commit, tip]))) !== null,
    ahead: async (base, head) => Number(await git(["rev-list", "--count", `${base}..${head}`])),
    mergedTree: async (base, head) =>
      (await orNull(git(["merge-tree", "--write-tree", "--no-messages", base, head])))?.split("\n")[0] ??
      null,
    tree: (commit) => git(["rev-parse", `${commit}^{tree}`]),
    async broughtBy(tip, commit) {
      const later = await git(["rev-list", "--first-parent", "--ancestry-path", `${commit}..${tip}`]);
      return later.split("\n").at(-1) || tip;
    },
    write: ({ tree, parents, message, by, at }) =>
      git(["commit-tree", tree, ...parents.flatMap((p) => ["-p", p]), "-m", message], {
        GIT_AUTHOR_NAME: by,
        GIT_AUTHOR_EMAIL: `${by}@users.noreply.github.com`,
        GIT_AUTHOR_DATE: at,
        GIT_COMMITTER_DATE: at,
      }),
    async move(branch, from, to) {
      const ref = `refs/heads/${branch}`;
      const args = to === null ? ["update-ref", "-d", ref, from] : ["update-ref", ref, to, from];
      return (await orNull(git(args))) !== null;
    },
    files: (commit, path) => orNull(git(["cat-file", "blob", `${commit}:${path}`])),
  };
}
