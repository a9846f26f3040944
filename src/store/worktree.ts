import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "../domain/fault.ts";
import type { Entry, Mode } from "../domain/change.ts";
import { Sha } from "../domain/id.ts";
import { pathFault } from "../domain/path.ts";
import { tokens } from "./diff.ts";
import { gatherFleet, type Gathered } from "./fleet.ts";
import { gitAt, noRepository } from "./folder.ts";
import { gitIn, type Environment, type Git } from "./git.ts";
import { CONFIG, kindOf } from "./leaf.ts";

/** Any folder of a checkout, and the process's environment. */
export interface Checkout {
  dir: string;
  env: Environment;
}

/**
 * The fleet as it lies on the disk, tracked or not (ignored files apart). Of files that pullbeat does not parse the
 * entries name the version in the index.
 */
export async function worktreeFleet(checkout: Checkout): Promise<Gathered> {
  const { top, git } = await openTop(checkout);
  const entries = await listFiles(top, git);
  const read = async (files: readonly Entry[]): Promise<Map<Sha, Uint8Array>> =>
    new Map(await Promise.all(files.map(async (f) => [f.blob, await readFile(join(top, f.path))] as const)));
  return gatherFleet({ entries, read }, new Map());
}

/** The folder of the work tree that a folder lies in. */
export const rootOf = async (checkout: Checkout): Promise<string> => (await openTop(checkout)).top;

async function openTop(checkout: Checkout): Promise<{ top: string; git: Git }> {
  const found = await topOf(checkout);
  if ("fault" in found) throw found.fault;
  return found;
}

/** The checkout that a folder lies in, or why it lies in none. */
export async function topOf({ dir, env }: Checkout): Promise<{ top: string; git: Git } | { fault: Fault }> {
  const said = await (await gitAt(dir, env)).run(["rev-parse", "--show-toplevel"], { ok: "any" });
  if (said.code !== 0) return { fault: noRepository(dir, said.err) };
  const top = said.out.toString().replace(/\n$/, "");
  return { top, git: gitIn(top, env) };
}

async function listFiles(top: string, git: Git): Promise<Entry[]> {
  const indexed = await git.run(["ls-files", "-z", "--stage"]);
  const others = await git.run(["ls-files", "-z", "--others", "--exclude-standard"]);
  const known = new Map(
    tokens(indexed.out).map((token) => {
      const [head = "", path = ""] = token.split(/\t(.*)/s);
      return [path, head.split(" ")[1] ?? ""] as const;
    }),
  );
  const paths = [...new Set([...known.keys(), ...tokens(others.out)])]
    .filter((p) => !p.endsWith("/"))
    .toSorted();
  const modes = await Promise.all(paths.map((path) => modeOf(join(top, path))));
  const files = paths.flatMap((path, i) => {
    const mode = modes[i] ?? null;
    return mode === null ? [] : [{ path, mode }];
  });
  const isFresh = (path: string): boolean =>
    kindOf(path) !== null || path.startsWith("board/") || !known.has(path);
  const hashed = files.filter(
    (f) => f.mode.startsWith("100") && pathFault(f.path) === null && isFresh(f.path),
  );
  const blobs = await hash(
    git,
    hashed.map((f) => f.path),
  );
  return files.map((f) => ({ ...f, blob: Sha.parse(blobs.get(f.path) ?? known.get(f.path) ?? UNKNOWN) }));
}

/** Stands for the version of a link that git has not seen, or of a file that cannot be named. */
const UNKNOWN = "0".repeat(40);

/** Null: not there any more, though the index still lists it. */
async function modeOf(path: string): Promise<Mode | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return null;
  if (found.isSymbolicLink()) return "120000";
  if (found.isDirectory()) return "160000";
  return (found.mode & 0o100) === 0 ? "100644" : "100755";
}

/** What git would store, line endings and filters applied. */
async function hash(git: Git, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const input = `${paths.join("\n")}\n`;
  const ids = (await git.run(["hash-object", "--stdin-paths"], { input })).out.toString().split("\n");
  return new Map(paths.map((path, i) => [path, ids[i] ?? UNKNOWN]));
}

/** A file that differs from what the next tick reads. */
export interface Unseen {
  file: string;
  why: "uncommitted" | "not pushed";
}

/**
 * Where the remote's base branch was last seen, by a name of git's. A clone notes what the remote's HEAD is;
 * `git init` and `git remote add` do not, and then the usual names and the branch's upstream are tried.
 */
export async function lastTip(checkout: Checkout, remote: string): Promise<string> {
  const { git } = await openTop(checkout);
  const ours = `refs/remotes/${remote}`;
  const names = [`${ours}/HEAD`, `${ours}/main`, `${ours}/master`, "@{upstream}"];
  for (const name of names) if (await isCommit(git, name)) return name;
  return `${ours}/HEAD`;
}

/** What somebody wrote and a tick will not see, because it reads the remote. `tip`: where the base branch was last seen. */
export async function unseen(checkout: Checkout, tip: string): Promise<Unseen[]> {
  const { git } = await openTop(checkout);
  const paths = ["--", "agents", "board", CONFIG];
  const status = await git.run([
    "--no-optional-locks",
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    "--untracked-files=all",
    ...paths,
  ]);
  const uncommitted = new Set(tokens(status.out).map((token) => token.slice(3)));
  const pushed = await isCommit(git, tip);
  const ahead = (await isCommit(git, "HEAD"))
    ? await git.run(
        pushed
          ? ["diff", ...NAMES, `${tip}...HEAD`, ...paths]
          : ["ls-tree", "-r", "-z", "--name-only", "HEAD", ...paths],
      )
    : null;
  const committed = ahead === null ? [] : tokens(ahead.out).filter((file) => !uncommitted.has(file));
  return [
    ...[...uncommitted].map((file) => ({ file, why: "uncommitted" as const })),
    ...committed.map((file) => ({ file, why: "not pushed" as const })),
  ].toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

const NAMES = ["--name-only", "-z", "--no-renames", "--no-ext-diff"];

const isCommit = async (git: Git, name: string): Promise<boolean> =>
  (
    await git.run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], {
      ok: "any",
    })
  ).code === 0;
