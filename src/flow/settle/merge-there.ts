import { asApproval, counting, people } from "../../domain/clearance/approval.ts";
import type { Clearance } from "../../domain/clearance/decided.ts";
import { Fault } from "../../domain/fault.ts";
import { instantOf, randomId, type Login, type Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { controlPath, type Attempt, type Control } from "../../domain/record.ts";
import type { Tier } from "../../domain/clearance/policy.ts";
import { refusedShowing } from "../../domain/pull/showing.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { tierOf } from "../../domain/clearance/tier.ts";
import { combine } from "../../domain/verdict/verdict.ts";
import type { ForgeMerge } from "../../port/forge.ts";
import type { Commit, FileDraft } from "../../port/repo.ts";
import { knownOf } from "../verdict/decide.ts";
import { recordedOn } from "../beat/draft.ts";
import { recordText } from "../journal.ts";
import type { MergeEnd } from "./merge.ts";
import { clearanceOf, recordMerge, type Ripe } from "./merged.ts";
import { showing } from "../show.ts";
import type { World } from "../world.ts";

/** What a merge must be: these two parents, and git's own tree. */
interface Due {
  base: Sha;
  head: Sha;
  tree: Sha;
}

/**
 * The forge merges, pinned to the head that was judged. It does not let us pin the base branch, so the merge is looked
 * at afterwards: anything but the judged parents and git's own tree puts the whole fleet on hold.
 */
export async function mergeThere(
  world: World,
  snapshot: Snapshot,
  ripe: Ripe,
  { message, tree }: { message: string; tree: Sha },
): Promise<MergeEnd> {
  const { pull, head } = ripe;
  const ref = `refs/heads/${pull.branch}`;
  const from = pull.head;
  const isMoved = from !== null && from !== head;
  if (isMoved && !(await world.repo.push([{ ref, from, to: head }]))) return { kind: "lost" };
  const made = await ask(world, snapshot, ripe, message);
  if (!("commit" in made)) {
    if (isMoved) await world.repo.push([{ ref, from: head, to: from }]);
    return "moved" in made ? { kind: "lost" } : { kind: "refused", why: made.refused };
  }
  const refs = await world.repo.fetch();
  const astray = await faultIn(world, made.commit, { base: snapshot.base, head, tree });
  const left = refs.has(ref) ? { ...pull, head } : { ...pull, head: null };
  const done = await recordMerge(
    world,
    snapshot,
    { ...ripe, pull: left },
    {
      merge: made.commit,
      updates: [],
      files: astray === null ? [] : [holdFile(world, pull, astray)],
    },
  );
  return done ? { kind: "merged", astray } : { kind: "lost" };
}

/**
 * The check on the head may still stand in the way: where the forge says no, everything is shown as it is now, its no
 * included, and then it is asked again.
 */
async function ask(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict }: Ripe,
  message: string,
): Promise<ForgeMerge> {
  const { forge } = world;
  if (forge.merge === null) throw new Fault("broken", "this forge merges nothing");
  const first = await forge.merge(pull.number, { head, message });
  if (!("refused" in first)) return first;
  const shown = showing(snapshot, { pull, head, verdict }, { kind: "merge" });
  await forge.show(pull, refusedShowing(shown, first.refused));
  return forge.merge(pull.number, { head, message });
}

/** What is wrong with a merge; null when it is the one that was decided about. */
async function faultIn({ repo }: World, id: Sha, { base, head, tree }: Due): Promise<string | null> {
  const made = (await repo.commits([id])).get(id);
  const [first, second, ...more] = made?.parents ?? [];
  if (made === undefined || more.length > 0 || second !== head)
    return `${id.slice(0, 10)} is not the merge of ${head.slice(0, 10)}`;
  if (first !== base)
    return `${id.slice(0, 10)} stands on ${first?.slice(0, 10)}, and ${base.slice(0, 10)} was judged`;
  return made.tree === tree ? null : `the tree of ${id.slice(0, 10)} is not the merge of its parents`;
}

/** Nothing else merges until a person has looked. */
function holdFile(world: World, pull: Pull, astray: string): FileDraft {
  const control: Control = {
    version: 1,
    verb: "hold",
    target: { kind: "fleet" },
    who: "pullbeat",
    why: `pull ${pull.number} was not merged as judged: ${astray}`,
    at: instantOf(world.clock.now()),
    until: null,
    taskBlob: null,
    pull: pull.number,
  };
  return { path: controlPath(control, randomId(world.clock.chance, 6)), content: recordText(control) };
}

/** What became of a pull that stands as merged on the forge. */
export interface Taken {
  /** One sentence. */
  what: string;
  landed: boolean;
}

/**
 * A pull that was merged on the forge, and is not in the journal: by a person's button, which is their decision and is
 * recorded as theirs; or by ourselves, before a crash. A merge of two parents must be git's own in either case.
 */
export async function takeMergedThere(world: World, snapshot: Snapshot, pull: Pull, id: Sha): Promise<Taken> {
  const made = (await world.repo.commits([id])).get(id);
  if (made === undefined) throw new Fault("git", `the merge ${id} of pull ${pull.number} is not to be had`);
  const ripe = await ripeOf(world, snapshot, pull, made);
  const by = pull.ended?.by ?? "git";
  const isButton = ripe.clearance.by === "button";
  const astray = await faultAfterwards(world, made);
  const [base] = made.parents;
  const landed = await recordMerge(world, snapshot, ripe, {
    merge: id,
    ...(base === undefined ? {} : { base }),
    updates: [],
    ...(isButton ? { ended: { by, why: "merged with the button" } } : {}),
    files: astray === null ? [] : [holdFile(world, pull, astray)],
  });
  const how = isButton ? `merged by ${by}` : `approved by ${ripe.approvals.map((a) => a.login).join(", ")}`;
  return { landed, what: astray === null ? how : `${how}, and the fleet is on hold: ${astray}` };
}

/** What a merge stood on that is there already. A person's button needs no approval besides. */
async function ripeOf(world: World, snapshot: Snapshot, pull: Pull, { id, parents }: Commit): Promise<Ripe> {
  const last = recordedOn(snapshot, pull).at(-1);
  const asked = last === undefined ? null : last.attempt.proposal;
  const head = parents[1] ?? pull.head ?? asked?.head ?? id;
  const verdict = last?.attempt.verdict ?? combine([]);
  const seen = { ...pull, head: seenAt(pull, asked, head) };
  const { facts, voices } = await knownOf(world, snapshot, seen);
  const ruling = tierOf(snapshot.fleet.config.policy, facts);
  const ripe = { pull, head, verdict };
  if (!isBy(pull, world.forge.account))
    return { ...ripe, approvals: [], clearance: clearanceOf(snapshot, ruling, "button") };
  const approvals = counting(voices, ruling.tier === "dual" ? 2 : 1).map(asApproval);
  const by = decidedBy(ruling.tier, approvals.length, people(voices).length);
  return { ...ripe, approvals, clearance: clearanceOf(snapshot, ruling, by) };
}

/** People answered the question that was asked; pullbeat's own commit with their answer stands on top of it. */
const seenAt = ({ kind }: Pull, asked: Attempt["proposal"], head: Sha): Sha =>
  kind === "question" ? (asked?.head ?? head) : head;

const isBy = ({ ended }: Pull, account: Login): boolean => ended?.by.toLowerCase() === account.toLowerCase();

/** Who must have decided about a merge of our own, of which only the approvals are known any more. */
function decidedBy(tier: Tier, approvals: number, able: number): Clearance["by"] {
  if (approvals === 0) return "auto";
  if (tier !== "dual") return "human";
  return able === 1 ? "dual(solo)" : "dual";
}

/** A squash has one parent, and nothing to compare with. */
async function faultAfterwards({ repo }: World, { id, tree, parents }: Commit): Promise<string | null> {
  const [base, head] = parents;
  if (base === undefined || head === undefined) return null;
  const merged = await repo.merge(base, head);
  return "tree" in merged && merged.tree === tree
    ? null
    : `the tree of ${id.slice(0, 10)} is not the merge of its parents`;
}
