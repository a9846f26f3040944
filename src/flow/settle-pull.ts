import { isDeepStrictEqual } from "node:util";
import { withAnswers } from "../domain/answer.ts";
import type { Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { Approval } from "../domain/record.ts";
import { conflictReview, isConflict } from "../domain/review-text.ts";
import { refusedShowing } from "../domain/showing.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { composeMessage } from "../domain/trailer.ts";
import type { Verdict } from "../domain/verdict.ts";
import { withTexts } from "./collect.ts";
import { decidePull } from "./decide.ts";
import { isOver, parkPull, roundsUsed, takeClosed } from "./ending.ts";
import { signature } from "./journal.ts";
import { writeOne } from "./land.ts";
import { recordedOn } from "./draft.ts";
import { takeMergedThere } from "./merge-there.ts";
import { merge } from "./merge.ts";
import { recordMerge } from "./merged.ts";
import { showing, showingUnsaid, type Judged } from "./show.ts";
import { judgePull, say, tellVerdict } from "./verdict.ts";
import type { World } from "./world.ts";

/** Something became of a pull. `over`: it had ended before, and only lingered. */
export interface Step {
  kind: "merged" | "closed" | "parked" | "conflicts" | "judged" | "over";
  /** One sentence. */
  what: string;
  /** An agent may have something to do now. */
  madeReady: boolean;
}

/** `lost`: somebody moved something meanwhile, so everything must be read and decided again. */
export type PullEnd = Step | { kind: "kept" } | { kind: "lost" };

const KEPT = { kind: "kept" } as const;
const LOST = { kind: "lost" } as const;

/** One pull, as far as it can get now. What a person ended is not judged any more. */
export async function settlePull(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd> {
  const { head } = pull;
  if (await isOver(world, snapshot, pull)) {
    await world.forge.end(pull.number);
    return { kind: "over", what: "was in the journal already", madeReady: false };
  }
  if (pull.state === "merged" && pull.commit !== undefined) {
    const { landed, what } = await takeMergedThere(world, snapshot, pull, pull.commit);
    return landed ? { kind: "merged", what, madeReady: pull.kind !== "archive" } : LOST;
  }
  if (pull.state !== "open" || head === null) {
    const what = pull.ended === null ? "its branch is gone" : `closed by ${pull.ended.by}`;
    return (await takeClosed(world, snapshot, pull)) ? { kind: "closed", what, madeReady: false } : LOST;
  }
  const passed = passedBefore(snapshot, pull);
  if (passed !== null) {
    await world.forge.show(pull, showingUnsaid(world, snapshot, { pull, head, verdict: passed }));
    return KEPT;
  }
  const judged = { pull, head, verdict: await judgePull(world, snapshot, pull) };
  if (isMergedByHand(snapshot, judged)) return takeMerged(world, snapshot, judged);
  const decision = await decidePull(world, snapshot, judged);
  if (decision.kind === "merge") return mergeNow(world, snapshot, judged, decision.approvals);
  await world.forge.show(pull, showing(snapshot, judged, decision));
  return askOrPark(world, snapshot, judged);
}

/** A proposal of ours that stands in the base branch without our doing: somebody merged it with git. */
function isMergedByHand(snapshot: Snapshot, { pull, head }: Judged): boolean {
  const ours = recordedOn(snapshot, pull).some((r) => r.attempt.proposal?.head === head);
  return ours && isMerged(snapshot, pull);
}

const isMerged = ({ branches }: Snapshot, { branch }: Pull): boolean =>
  branches.some((b) => b.name === branch && b.merged);

/**
 * What the gates said, where nothing can have become of it since: nobody has said a word after its head was published,
 * and spec and task at the tip are those that it passed by. So pulls that wait for a person cost an idle tick nothing.
 */
function passedBefore(snapshot: Snapshot, pull: Pull): Verdict | null {
  if (pull.reviews.length > 0 || isMerged(snapshot, pull)) return null;
  const last = recordedOn(snapshot, pull).findLast((r) => r.attempt.proposal?.head === pull.head);
  if (last === undefined || last.attempt.verdict?.ruling !== "pass") return null;
  const spec = snapshot.fleet.agents.get(last.record.agent)?.blob;
  const task = snapshot.fleet.tasks.get(last.attempt.task)?.blob;
  return spec === last.record.spec && task === last.attempt.taskBlob ? last.attempt.verdict : null;
}

async function takeMerged(world: World, snapshot: Snapshot, judged: Judged): Promise<PullEnd> {
  const ripe = { ...judged, approvals: [] };
  const landed = await recordMerge(world, snapshot, ripe, { merge: snapshot.base, updates: [] });
  return landed ? { kind: "merged", what: "merged by hand", madeReady: true } : LOST;
}

async function mergeNow(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict }: Judged,
  approvals: readonly Approval[],
): Promise<PullEnd> {
  if (!(await isStill(world, snapshot, pull))) return LOST;
  const final =
    pull.kind === "question" ? await writeAnswer(world, snapshot, { pull, head, approvals }) : head;
  const end = await merge(world, snapshot, { pull, head: final, verdict, approvals });
  const by = approvals.map((a) => a.login).join(", ");
  const how = `${pull.kind === "question" ? "answered" : "approved"} by ${by}`;
  switch (end.kind) {
    case "merged":
      return {
        kind: "merged",
        what: end.astray === null ? how : `${how}, and the fleet is on hold: ${end.astray}`,
        madeReady: pull.kind !== "archive",
      };
    case "lost":
      return LOST;
    case "conflict":
      return tellConflict(world, snapshot, { pull, head, verdict }, end.paths);
    case "refused":
      return tellRefused(world, snapshot, { pull, head, verdict }, { why: end.why, approvals });
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
async function tellRefused(
  world: World,
  snapshot: Snapshot,
  judged: Judged,
  { why, approvals }: { why: string; approvals: readonly Approval[] },
): Promise<PullEnd> {
  const shown = showing(snapshot, judged, { kind: "merge", approvals: [...approvals] });
  await world.forge.show(judged.pull, refusedShowing(shown, why));
  world.watch(`pull ${judged.pull.number}: the forge does not merge it: ${why}`);
  return KEPT;
}

/** pullbeat's own commit on the question: the answers, in the task's file. It is merged in the same push or never seen. */
async function writeAnswer(
  world: World,
  snapshot: Snapshot,
  { pull, head, approvals }: { pull: Pull; head: Sha; approvals: readonly Approval[] },
): Promise<Sha> {
  const asked = await withTexts(world.repo, snapshot.changes.get(pull.branch) ?? []);
  const answers = pull.reviews.filter((r) => approvals.some((a) => a.review === r.id));
  const by = approvals.map((a) => a.login).join(", ");
  return writeOne(world, {
    parents: [head],
    files: asked.map(({ path, after }) => ({ path, content: withAnswers(after ?? "", answers) })),
    message: composeMessage(`Answer by ${by} to ${pull.unit ?? pull.title}`, "", []),
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
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
  await world.forge.show(pull, {
    ...showing(snapshot, judged, { kind: "blocked", reasons: [what] }),
    turn: true,
  });
  if (pull.reviews.some((r) => r.by === pull.author && r.head === pull.head && isConflict(r))) return KEPT;
  if (!(await say(world, pull, { verdict: "comment", body: conflictReview(branch, paths) }))) return KEPT;
  return { kind: "conflicts", what, madeReady: false };
}

async function askOrPark(world: World, snapshot: Snapshot, { pull, verdict }: Judged): Promise<PullEnd> {
  const told = await tellVerdict(world, snapshot, { pull, verdict });
  const why = roundsUsed(snapshot, pull, verdict);
  if (why !== null)
    return (await parkPull(world, snapshot, pull, why))
      ? { kind: "parked", what: why, madeReady: false }
      : LOST;
  if (!told) return KEPT;
  return { kind: "judged", what: `the gates say: ${verdict.ruling}`, madeReady: verdict.ruling === "fail" };
}
