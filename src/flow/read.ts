import { peopleOf } from "../domain/clearance/approval.ts";
import type { Change } from "../domain/change.ts";
import type { Config } from "../domain/config.ts";
import { Fault } from "../domain/fault.ts";
import { BRANCHES, readBranch, type Fence, type Pull } from "../domain/pull/pull.ts";
import { JOURNAL } from "../domain/record.ts";
import type { Journal, Snapshot, WorkBranch } from "../domain/snapshot.ts";
import { withReassigned } from "../domain/control/stop.ts";
import type { Forge, Seen } from "../port/forge.ts";
import type { Refs, Repo } from "../port/repo.ts";
import type { PullNumber, Sha } from "../domain/id.ts";
import { agesOf } from "./ages.ts";
import { isArchive } from "./settle/archive.ts";
import { readClaims } from "./beat/claim.ts";
import { recordedOn } from "./beat/draft.ts";
import { effectsIn } from "./verdict/effects.ts";
import { known } from "./verdict/past.ts";
import type { World } from "./world.ts";

/** The same after a step of our own: what people say meanwhile is looked at right before a merge. */
export const readAgain = (world: World, { chain }: Snapshot): Promise<Snapshot> =>
  reading(world, chain, { again: true });

/** The only reading of the world before anything is decided. `chain`: ticks since a person or a slot. */
export const read = (world: World, chain = 0): Promise<Snapshot> => reading(world, chain, {});

async function reading(world: World, chain: number, seen: Pick<Seen, "again">): Promise<Snapshot> {
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
  const written = await records.fleet(base);
  checkForge(forge, written.config);
  const [journal, told, claims, branches] = await Promise.all([
    records.journal(refs.get(JOURNAL) ?? null, now),
    forge.pulls({ ...seen, refs, people: peopleOf(written.config), ended: () => endedPulls(repo, refs) }),
    readClaims(repo, refs),
    workBranches(repo, refs, base),
  ]);
  const fleet = withReassigned(written, journal, now);
  const found = forge.hearsay ? told.map((pull) => asRecorded(pull, journal)) : told;
  const [changes, { since, newest }] = await Promise.all([
    changesOf(repo, found),
    agesOf(world, { base, fleet, journal, now }),
  ]);
  const effects = await effectsIn(world, changes);
  const pulls = await Promise.all(found.map((pull) => withMerge(repo, base, withFaults(pull, changes))));
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
    fences: new Map(found.flatMap((p) => fenceOf(forge.fence(p.number, refs), p))),
    changes,
    effects,
    since,
    newest,
    unable: new Map(),
  };
}

/** The forge was chosen by the config that the clone had seen before. */
function checkForge({ kind }: Forge, { forge }: Config): void {
  if (forge.kind === kind) return;
  throw new Fault(
    "config",
    `the config says now that pulls live on the forge ${forge.kind}, and this began with ${kind}`,
    {
      next: "run it again: the clone has seen the newer config now",
    },
  );
}

/** Numbers of the pulls that the journal has taken over. */
async function endedPulls(repo: Repo, refs: Refs): Promise<Set<number>> {
  const journal = refs.get(JOURNAL);
  const entries = journal === undefined ? [] : await repo.entries(journal, ["pulls"]);
  return new Set(entries.map((e) => Number(/^pulls\/\d+\/(\d+)\.json$/.exec(e.path)?.[1] ?? 0)));
}

/** A pull by what the journal tells of its branch, where a forge lets people edit what the pull tells itself. */
function asRecorded(pull: Pull, journal: Journal): Pull {
  const last = recordedOn({ journal }, pull).at(-1);
  const proposal = last?.attempt.proposal;
  if (last !== undefined && proposal !== null && proposal !== undefined) {
    const { agent } = last.record;
    const { unit, task } = last.attempt;
    return { ...pull, kind: proposal.kind, base: proposal.base, agent, unit, task };
  }
  if (pull.kind === "archive" && isArchive(pull.unit)) return { ...pull, agent: null, task: null };
  return { ...pull, faults: [...(pull.faults ?? []), "the journal does not tell who made it"] };
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

const fenceOf = (fence: Fence | null, { number }: Pull): [PullNumber, Fence][] =>
  fence === null ? [] : [[number, fence]];

type Changes = Map<string, readonly Change[]>;

/** What each open pull changes, from one process for all of them. Left out: those that name commits which are not there. */
async function changesOf(repo: Repo, pulls: readonly Pull[]): Promise<Changes> {
  const pairs = pulls.flatMap((p) =>
    p.state === "open" && p.head !== null ? [{ branch: p.branch, from: p.base, to: p.head }] : [],
  );
  if (pairs.length === 0) return new Map();
  try {
    const diffs = await repo.diffs(pairs);
    return new Map(pairs.map((pair, i) => [pair.branch, diffs[i] ?? []]));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "git") throw error;
    if (pairs.length === 1) return new Map();
    return new Map((await Promise.all(pulls.map((p) => changesOf(repo, [p])))).flatMap((one) => [...one]));
  }
}

/** A pull of which nobody can say what it changes waits for a person, and is in no other pull's way. */
function withFaults(pull: Pull, changes: Changes): Pull {
  if (pull.state !== "open" || pull.head === null || changes.has(pull.branch)) return pull;
  return { ...pull, faults: [...(pull.faults ?? []), `what it changes since ${pull.base} cannot be read`] };
}

/** A merge that the base branch does not hold, since somebody took it out again, is none: a person says what is to become of it. */
async function withMerge(repo: Repo, base: Sha, pull: Pull): Promise<Pull> {
  const { commit, ...rest } = pull;
  if (pull.state !== "merged") return pull;
  const beyond = commit === undefined ? undefined : await known(() => repo.between(base, commit));
  if (beyond?.every((c) => c.id !== commit) === true) return pull;
  const fault = `it was merged, and the base branch does not hold ${commit?.slice(0, 10) ?? "its merge"}`;
  return { ...rest, faults: [...(pull.faults ?? []), fault] };
}
