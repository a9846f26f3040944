import { isDeepStrictEqual } from "node:util";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Decision } from "../../domain/clearance/clearance.ts";
import { conflictReview, isConflict } from "../../domain/pull/review-text.ts";
import { refusedShowing } from "../../domain/pull/showing.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import { merge } from "./merge.ts";
import { clearanceOf, letIn, recordMerge } from "./merged.ts";
import { showing, type Judged as Looked } from "../show.ts";
import { say } from "../verdict/verdict.ts";
import type { World } from "../world.ts";
import { writeAnswer } from "./write-answer.ts";
import { isWork, KEPT, LOST, type PullEnd } from "./pull-end.ts";

/** A pull whose branch stands, with what the gates say of it now. */
export interface Judged extends Looked {
  /** The same as one tells it. */
  told: Verdict;
  decision: Decision;
}

/** Somebody merged it with git: that is in the base branch, and is recorded as theirs. */
export async function takeMerged(world: World, snapshot: Snapshot, judged: Judged): Promise<PullEnd> {
  const ripe = { ...judged, approvals: [], clearance: clearanceOf(snapshot, judged.decision, "button") };
  const landed = await recordMerge(world, snapshot, ripe, { merge: snapshot.base, updates: [] });
  return landed ? { kind: "merged", what: "merged by hand", madeReady: true } : LOST;
}

/** Merges what was decided, or says on the pull why it does not merge. */
export async function mergeNow(
  world: World,
  snapshot: Snapshot,
  judged: Judged,
  decision: Extract<Decision, { kind: "merge" }>,
): Promise<PullEnd> {
  const { pull, head, verdict } = judged;
  if (!(await isStill(world, snapshot, pull))) return LOST;
  const { approvals, by: how } = decision;
  const clearance = clearanceOf(snapshot, decision, how);
  const final =
    pull.kind === "question" ? await writeAnswer(world, snapshot, { pull, head, approvals }) : head;
  const end = await merge(world, snapshot, { pull, head: final, verdict, approvals, clearance });
  const by = approvals.map((a) => a.login).join(", ");
  const verb = pull.kind === "question" ? "answered" : "approved";
  const why = approvals.length === 0 ? letIn(pull, decision) : `${verb} by ${by}`;
  switch (end.kind) {
    case "merged":
      return {
        kind: "merged",
        what: end.astray === null ? why : `${why}, and the fleet is on hold: ${end.astray}`,
        madeReady: isWork(pull),
      };
    case "lost":
      return LOST;
    case "conflict":
      return tellConflict(world, snapshot, judged, end.paths);
    case "refused":
      return tellRefused(world, snapshot, judged, end.why);
    default:
      return end satisfies never;
  }
}

/** A push compares the pull's own ref. Where there is none, it is looked at once more, as late as can be. */
async function isStill({ forge }: World, { fences }: Snapshot, pull: Pull): Promise<boolean> {
  if (fences.has(pull.number)) return true;
  const [now] = await forge.pulls({ only: pull.number });
  return now !== undefined && (now.faults ?? []).length === 0 && isDeepStrictEqual(said(now), said(pull));
}

const said = ({ reviews, state, head }: Pull): unknown => ({ reviews, state, head });

/** The forge's rules stand against it: a person's turn, with the forge's own words. */
async function tellRefused(world: World, snapshot: Snapshot, judged: Judged, why: string): Promise<PullEnd> {
  const shown = showing(snapshot, judged, judged.decision);
  await world.forge.show(judged.pull, refusedShowing(shown, why));
  const text = `pull ${judged.pull.number}: the forge does not merge it: ${why}`;
  world.watch({ kind: "note", text });
  return KEPT;
}

/** Said once for a head; nothing is forced. */
async function tellConflict(
  world: World,
  snapshot: Snapshot,
  judged: Judged,
  paths: readonly string[],
): Promise<PullEnd> {
  const { pull } = judged;
  const { branch } = snapshot;
  const what = `conflicts with ${branch} in ${paths.join(", ")}`;
  const shown = showing(snapshot, judged, { kind: "blocked", reasons: [what] });
  await world.forge.show(pull, { ...shown, turn: true });
  if (pull.reviews.some((r) => r.by === pull.author && r.head === pull.head && isConflict(r))) return KEPT;
  if (!(await say(world, pull, { verdict: "comment", body: conflictReview(branch, paths) }))) return KEPT;
  return { kind: "conflicts", what, madeReady: false };
}
