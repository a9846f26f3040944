import type { Change } from "../domain/change.ts";
import { Fault } from "../domain/fault.ts";
import { readBranch, type Pull } from "../domain/pull.ts";
import { JOURNAL } from "../domain/record.ts";
import type { Snapshot, WorkBranch } from "../domain/snapshot.ts";
import type { Refs } from "../port/repo.ts";
import { newestOf, sinceOf } from "./ages.ts";
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
  const fleet = await records.fleet(base);
  const journal = await records.journal(refs.get(JOURNAL) ?? null, now);
  const pulls = await forge.pulls();
  const facts = { base, fleet, journal, now };
  return {
    now,
    chain,
    pullbeat: world.version,
    branch,
    base,
    fleet,
    journal,
    claims: await readClaims(repo, refs),
    branches: workBranches(refs),
    pulls,
    changes: await changesOf(world, pulls),
    since: await sinceOf(world, facts),
    newest: await newestOf(world, facts),
  };
}

function workBranches(refs: Refs): WorkBranch[] {
  return [...refs].flatMap(([ref, head]) => {
    const name = ref.replace(/^refs\/heads\//, "");
    return readBranch(name) === null ? [] : [{ name, head }];
  });
}

/** What each open pull changes, from one process for all of them. */
async function changesOf(world: World, pulls: readonly Pull[]): Promise<Map<string, readonly Change[]>> {
  const pairs = pulls.flatMap((p) =>
    p.state === "open" && p.head !== null ? [{ branch: p.branch, from: p.base, to: p.head }] : [],
  );
  const diffs = pairs.length === 0 ? [] : await world.repo.diffs(pairs);
  return new Map(pairs.map((pair, i) => [pair.branch, diffs[i] ?? []]));
}
