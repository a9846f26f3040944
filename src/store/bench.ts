import { mkdir } from "node:fs/promises";
import { Fault } from "../domain/fault.ts";
import type { Sha } from "../domain/id.ts";
import type { Airlock } from "../port/airlock.ts";
import type { Repo } from "../port/repo.ts";
import { gitAt, noRepository } from "./folder.ts";
import { checkVersion, lastWords, type Environment } from "./git.ts";
import { localRepo } from "./repo.ts";

/** Objects of a repository that has no remote: for work that must not write, and need not read further. */
export async function openBench(
  dir: string,
  env: Environment,
): Promise<Repo & { airlock: Airlock; close(): void }> {
  const git = await gitAt(dir, env);
  await checkVersion(git);
  const found = await git.run(["rev-parse", "--absolute-git-dir"], { ok: "any" });
  if (found.code !== 0) throw noRepository(dir, found.err);
  const local = localRepo({ dir, gitDir: found.out.toString().trim(), env });
  return {
    ...local.repo,
    airlock: local.airlock,
    close: () => local.close(),
    defaultBranch: none,
    fetch: none,
    merged: none,
    fetchOne: none,
    push: none,
  };
}

function none(): never {
  throw new Fault("broken", "a job that works asked for the remote: it has none");
}

/** Brings exactly these commits, each without its history, into a folder; makes a repository of it where there is none. */
export async function fetchCommits(
  dir: string,
  { url, commits, env }: { url: string; commits: readonly Sha[]; env: Environment },
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const git = await gitAt(dir, env);
  const bytes = commits[0]?.length === 64 ? ["--object-format=sha256"] : [];
  await git.run(["init", "--quiet", ...bytes]);
  const flags = ["--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  const said = await git.run(["fetch", ...flags, "--end-of-options", url, ...commits], { ok: "any" });
  if (said.code === 0) return;
  throw new Fault("remote", `the commits to work on could not be fetched: ${lastWords(said.err)}`, {
    expected: "a remote that gives out commits by their ids",
  });
}
