import type { Voices } from "../../domain/clearance/approval.ts";
import { identity } from "../../domain/change.ts";
import { decide, type Decision, type Evidence, type Facts } from "../../domain/clearance/clearance.ts";
import { byWhom, held, unreadableControl, wantedAgain } from "../../domain/control/control.ts";
import { advisoryGates } from "../../domain/grading/calibration.ts";
import { requiredGates } from "../../domain/verdict/gates.ts";
import type { Sha } from "../../domain/id.ts";
import { closedBefore, usedToday } from "../../domain/clearance/past.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { evidenceMode, type Spec } from "../../domain/spec.ts";
import type { TierFacts } from "../../domain/clearance/tier-facts.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { Commit } from "../../port/repo.ts";
import { isRegenerated } from "../settle/archive.ts";
import { recordedOn } from "../beat/draft.ts";
import { authorsIn } from "./authors.ts";
import { rewritesBrief } from "./brief.ts";
import { foreignIn, known, provenOf, revertedBefore } from "./past.ts";
import { isRoutine } from "../settle/routine.ts";
import type { World } from "../world.ts";

/** Everything about a pull that a decision stands on, but what its gates say. */
export interface Known {
  pull: Pull;
  facts: Facts;
  voices: Voices;
}

/** Gathers what is known of a pull: from the tip, the diff, its branch and the journal. */
export async function knownOf(world: World, snapshot: Snapshot, pull: Pull): Promise<Known> {
  const { head, base } = pull;
  const commits = head === null ? [] : await known(() => world.repo.between(base, head));
  return {
    pull,
    facts: {
      ...(await tierFacts(world, snapshot, { pull, commits })),
      state: pull.state,
      holds: holdsOn(snapshot, pull),
    },
    voices: {
      pull,
      config: snapshot.fleet.config,
      account: world.forge.account,
      ...authorsIn(snapshot, pull, commits ?? []),
      identities: await identitiesOf(world, snapshot, pull),
    },
  };
}

/** Gates that the config and the agent's spec ask for. */
function requiredOf({ fleet, changes, effects }: Snapshot, { agent, task, branch }: Pull): string[] {
  const spec = agent === null ? undefined : fleet.agents.get(agent)?.spec;
  return requiredGates(fleet.config, {
    taskKind: (task === null ? undefined : fleet.tasks.get(task)?.task.kind) ?? null,
    paths: (changes.get(branch) ?? []).map((c) => c.path),
    effects: (effects.get(branch) ?? []).map((e) => e.effect.effect),
    spec: [...provedBy(spec), ...(spec?.gates ?? [])],
  });
}

const provedBy = (spec: Spec | undefined): string[] =>
  spec === undefined || evidenceMode(spec) === "off" ? [] : ["evidence"];

/** What the policy of the tip decides about a pull. */
export function decideOn({ fleet, now }: Snapshot, { facts, voices }: Known, verdict: Verdict): Decision {
  const evidence: Evidence = { ...voices, verdict };
  return decide(fleet.config.policy, facts, evidence, now);
}

interface Branch {
  pull: Pull;
  /** Commits of its branch above its base; undefined when they cannot be read. */
  commits: readonly Commit[] | undefined;
}

async function tierFacts(world: World, snapshot: Snapshot, branch: Branch): Promise<TierFacts> {
  const { fleet, changes } = snapshot;
  const { pull, commits = [] } = branch;
  const file = pull.task === null ? undefined : fleet.tasks.get(pull.task);
  return {
    kind: pull.kind,
    agent: pull.agent,
    taskKind: file?.task.kind ?? null,
    taskPath: file?.path ?? null,
    result: pull.kind === "work" ? (recordedOn(snapshot, pull).at(-1)?.attempt.result ?? null) : null,
    changes: changes.get(pull.branch) ?? null,
    ...effectFacts(snapshot, pull),
    protect: fleet.config.protect,
    ...(await pastFacts(world, snapshot, { pull, commits })),
    regenerated:
      pull.kind === "archive"
        ? isRegenerated(snapshot, pull, commits)
        : await isRoutine(world, snapshot, pull),
    gaps: gapsIn(snapshot, branch),
    required: requiredOf(snapshot, pull),
    advisory: advisoryGates(fleet, snapshot.journal),
  };
}

const effectFacts = (
  { fleet, effects }: Snapshot,
  { branch }: Pull,
): Pick<TierFacts, "effects" | "listed"> => ({
  effects: effects.get(branch) ?? [],
  listed: fleet.config.effects,
});

type Past = Pick<TierFacts, "proven" | "foreign" | "rewritten" | "closed" | "reverted" | "used">;

/** What journal, history and the task's file say of an agent and a task. It is asked only where a grant could let a pull in. */
async function pastFacts(world: World, snapshot: Snapshot, { pull, commits = [] }: Branch): Promise<Past> {
  const used = usedToday(snapshot, pull.agent);
  if (pull.kind !== "work" || snapshot.fleet.config.policy.grant.length === 0)
    return { proven: 0, foreign: 0, rewritten: false, closed: null, reverted: null, used };
  return {
    proven: await provenOf(world, snapshot, pull.agent),
    foreign: foreignIn(snapshot, pull, commits),
    rewritten: await rewritesBrief(world, snapshot, pull),
    closed: closedBefore(snapshot, pull),
    reverted: await revertedBefore(world, snapshot, pull),
    used,
  };
}

/** What ought to be known of a pull and is not. */
function gapsIn(snapshot: Snapshot, { pull, commits }: Branch): string[] {
  const recorded = recordedOn(snapshot, pull);
  const bases = new Set(recorded.map((r) => r.attempt.proposal?.base));
  return [
    ...(commits === undefined ? ["Whose commits its branch holds cannot be read"] : []),
    ...(recorded.length > 0 && !bases.has(pull.base)
      ? [`It says that it starts from ${pull.base.slice(0, 10)}, and its attempts started elsewhere`]
      : []),
  ];
}

/** What each head that somebody decided about would change, as one comparable text. */
async function identitiesOf(
  world: World,
  { changes }: Snapshot,
  pull: Pull,
): Promise<Map<Sha, string | null>> {
  const identities = new Map<Sha, string | null>();
  const own = changes.get(pull.branch);
  if (pull.head === null) return identities;
  identities.set(pull.head, own === undefined ? null : identity(own));
  for (const { head, verdict } of pull.reviews)
    if (verdict !== "comment" && !identities.has(head))
      identities.set(head, await identityAt(world, pull.base, head));
  return identities;
}

/** Null when the commit is not to be had any more: somebody rewrote the branch, and git forgot what it was. */
async function identityAt({ repo }: World, from: Sha, to: Sha): Promise<string | null> {
  const [changes] = (await known(() => repo.diffs([{ from, to }]))) ?? [];
  return changes === undefined ? null : identity(changes);
}

/** What stands against a merge besides gates and reviews. */
export function holdsOn({ journal, fleet, now }: Snapshot, pull: Pull): string[] {
  const hold = held(journal.controls, pull, now);
  const status = pull.task === null ? undefined : fleet.tasks.get(pull.task)?.task.status;
  const other = journal.merges.find(
    (m) =>
      m.kind === "work" &&
      m.unit !== null &&
      m.unit === pull.unit &&
      !wantedAgain(journal.controls, m.unit, m.at),
  );
  const control = unreadableControl(journal);
  return [
    ...(control === null ? [] : [`${control} on pullbeat/journal cannot be read, and may be a hold`]),
    ...(hold === null ? [] : [`on hold${byWhom(hold)}`]),
    ...(pull.faults ?? []),
    ...(status === undefined || status === "todo" ? [] : [`${pull.task} is ${status} at the tip already`]),
    ...(other === undefined ? [] : [`pull ${other.pull} did the same work, and was merged`]),
  ];
}
