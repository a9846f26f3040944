import { asApproval, counting, people } from "../../domain/clearance/approval.ts";
import type { Clearance } from "../../domain/clearance/decided.ts";
import type { Tier } from "../../domain/clearance/policy.ts";
import { tierOf } from "../../domain/clearance/tier.ts";
import { Fault } from "../../domain/fault.ts";
import { Sha, type Login } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Attempt } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { readTrailers } from "../../domain/text/trailer.ts";
import { combine } from "../../domain/verdict/verdict.ts";
import type { Commit } from "../../port/repo.ts";
import { recordedOn } from "../beat/draft.ts";
import { knownOf } from "../verdict/decide.ts";
import { effectsIn } from "../verdict/effects.ts";
import { known } from "../verdict/past.ts";
import type { World } from "../world.ts";
import { clearanceOf, recordMerge, type Ripe } from "./merged.ts";
import { faultIn, holdFile } from "./merge-there.ts";

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
  const astray = await faultAfterwards(world, pull, made);
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
async function ripeOf(world: World, snapshot: Snapshot, pull: Pull, made: Commit): Promise<Ripe> {
  const last = recordedOn(snapshot, pull).at(-1);
  const asked = last === undefined ? null : last.attempt.proposal;
  const head = made.parents[1] ?? pull.head ?? asked?.head ?? made.id;
  const verdict = last?.attempt.verdict ?? combine([]);
  const seen = { ...pull, head: seenAt(pull, asked, head) };
  const there = await withBrought(world, snapshot, { pull: seen, made });
  const { facts, voices } = await knownOf(world, there, seen);
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

/**
 * The world with what a pull changed that is merged already: the diff that was judged, or else all that its squash brought.
 * A reading leaves that out of what ended; where git cannot say it, it stays unknown.
 */
async function withBrought(
  world: World,
  snapshot: Snapshot,
  { pull, made }: { pull: Pull & { head: Sha }; made: Commit },
): Promise<Snapshot> {
  const [first] = made.parents;
  const diff = async (from: Sha, to: Sha) => (await known(() => world.repo.diffs([{ from, to }])))?.[0];
  const brought =
    (await diff(pull.base, pull.head)) ?? (first === undefined ? undefined : await diff(first, made.id));
  if (brought === undefined) return snapshot;
  const changes = new Map([[pull.branch, brought]]);
  return { ...snapshot, changes, effects: await effectsIn(world, changes) };
}

/**
 * What is wrong with a merge that was found. Of one of our own its message says what was judged; a person who shares the
 * fleet's account has other words on their button. A squash has one parent, and nothing to compare with.
 */
async function faultAfterwards(world: World, pull: Pull, made: Commit): Promise<string | null> {
  const own = isBy(pull, world.forge.account) ? judgedIn(made.message) : null;
  const [base, head] = own ?? made.parents;
  if (base === undefined || head === undefined) return null;
  const merged = await known(() => world.repo.merge(base, head));
  const tree = merged !== undefined && "tree" in merged ? merged.tree : null;
  return faultIn(world, made.id, { base, head, tree });
}

/** The parents that a merge of ours was to have, by its own message; null where it says none. */
function judgedIn(message: string): [base: Sha, head: Sha] | null {
  const trailers = readTrailers(message);
  const [base, head] = (["Pullbeat-Base", "Pullbeat-Head"] as const).map(
    (key) => Sha.safeParse(trailers.get(key)?.[0]).data,
  );
  return base === undefined || head === undefined ? null : [base, head];
}
