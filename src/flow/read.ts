import type { Change } from "../domain/change.ts";
import { Fault } from "../domain/fault.ts";
import { BRANCHES, readBranch, type Pull } from "../domain/pull.ts";
import { JOURNAL } from "../domain/record.ts";
import type { Snapshot, WorkBranch } from "../domain/snapshot.ts";
import type { Refs, Repo } from "../port/repo.ts";
import type { Sha } from "../domain/id.ts";
import { agesOf } from "./ages.ts";
import { readClaims } from "./claim.ts";
import type { World } from "./world.ts";

/** The only reading of the world before anything is decided. `chain`: ticks since a person or a slot. */
export async function read(world: World, chain = 0): Promise<Snapshot> {
  const { repo, records, forge } = world;
  const now = world.clock.now();
  const branch = await repo.defaultBranch();
  const refs = await repo.fetch();
  const base = refs.get(`refs/heads/${branch}`);
  if (base === undefined) {
    throw new Fault("git", `the remote has no branch ${branch}`, {
      expected: "a base branch with .github/pullbeat.yml on it",
      next: `git push -u origin ${branch}`,
    });
  }
  const [fleet, journal, pulls, claims, branches] = await Promise.all([
    records.fleet(base),
    records.journal(refs.get(JOURNAL) ?? null, now),
    forge.pulls(refs),
    readClaims(repo, refs),
    workBranches(repo, refs, base),
  ]);
  const [changes, { since, newest }] = await Promise.all([
    changesOf(repo, pulls),
    agesOf(world, { base, fleet, journal, now }),
  ]);
  return {
    now,
    chain,
    pullbeat: world.version,
    branch,
    base,
    fleet,
    journal,
    claims,
    branches,
    pulls,
    changes,
    since,
    newest,
  };
}

async function workBranches(repo: Repo, refs: Refs, tip: Sha): Promise<WorkBranch[]> {
  const found = [...refs].flatMap(([ref, head]) => {
    const name = ref.replace(/^refs\/heads\//, "");
    return readBranch(name) === null ? [] : [{ name, head }];
  });
  if (found.length === 0) return [];
  const merged = await repo.merged(tip, BRANCHES);
  return found.map((branch) => ({ ...branch, merged: merged.has(branch.name) }));
}

/** What each open pull changes, from one process for all of them. */
async function changesOf(repo: Repo, pulls: readonly Pull[]): Promise<Map<string, readonly Change[]>> {
  const pairs = pulls.flatMap((p) =>
    p.state === "open" && p.head !== null ? [{ branch: p.branch, from: p.base, to: p.head }] : [],
  );
  const diffs = pairs.length === 0 ? [] : await repo.diffs(pairs);
  return new Map(pairs.map((pair, i) => [pair.branch, diffs[i] ?? []]));
}
