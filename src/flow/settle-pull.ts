import { withAnswers } from "../domain/answer.ts";
import { instantOf, type Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { Decision } from "../domain/clearance.ts";
import type { Clearance } from "../domain/decided.ts";
import { matchesAny } from "../domain/glob.ts";
import type { Approval } from "../domain/record.ts";
import { conflictReview, isConflict } from "../domain/review-text.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { composeMessage } from "../domain/trailer.ts";
import type { Verdict } from "../domain/verdict.ts";
import { withTexts } from "./collect.ts";
import { isOver, parkPull, roundsUsed, takeClosed } from "./ending.ts";
import { hear } from "./hearing.ts";
import { signature } from "./journal.ts";
import { writeOne } from "./land.ts";
import { merge, recordedOn, recordMerge, letIn } from "./merge.ts";
import { say, tellVerdict } from "./verdict.ts";
import { weigh } from "./weigh.ts";
import type { World } from "./world.ts";

/** Something became of a pull. `over`: it had ended before, and only lingered. */
export interface Step {
  kind: "merged" | "closed" | "parked" | "conflicts" | "judged" | "over";
  /** One sentence. */
  what: string;
  /** An agent may have something to do now. */
  madeReady: boolean;
}

/**
 * `lost`: somebody moved something meanwhile, so everything must be read and decided again. `heard`: programs of gates
 * judged, and what they said is in the journal now.
 */
export type PullEnd = Step | { kind: "kept" } | { kind: "lost" } | { kind: "heard" };

const KEPT = { kind: "kept" } as const;
const LOST = { kind: "lost" } as const;
const HEARD = { kind: "heard" } as const;

/** A pull whose branch stands, with what the gates say of it now. */
interface Judged {
  pull: Pull;
  head: Sha;
  verdict: Verdict;
  /** The same as one tells it. */
  told: Verdict;
  decision: Decision;
}

/** One pull, as far as it can get now. What a person ended is not judged any more. */
export async function settlePull(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd> {
  const { head } = pull;
  if (await isOver(world, snapshot, pull)) {
    await world.forge.end(pull.number);
    return { kind: "over", what: "was in the journal already", madeReady: false };
  }
  if (pull.state !== "open" || head === null) {
    const what = pull.ended === null ? "its branch is gone" : `closed by ${pull.ended.by}`;
    return (await takeClosed(world, snapshot, pull)) ? { kind: "closed", what, madeReady: false } : LOST;
  }
  const newer = supersededBy(snapshot, pull);
  if (newer !== null) return supersede(world, snapshot, { pull, why: newer });
  if (isSettled(snapshot, pull)) return KEPT;
  const { due, ...weighed } = await weigh(world, snapshot, pull);
  const judged = { pull, head, ...weighed };
  if (isMergedByHand(snapshot, judged)) return takeMerged(world, snapshot, judged);
  const heard = await hear(world, snapshot, { pull, matters: due });
  if (heard !== null) return heard ? HEARD : LOST;
  if (judged.decision.kind === "merge") return mergeNow(world, snapshot, judged, judged.decision);
  return askOrPark(world, snapshot, judged);
}

/** Only the newest digest is still of use: an older one that nobody merged gives way. */
function supersededBy({ journal }: Snapshot, { kind, branch }: Pull): string | null {
  if (kind !== "digest" || journal.digest === null || journal.digest.branch === branch) return null;
  return `superseded by the digest of ${journal.digest.date}`;
}

async function supersede(
  world: World,
  snapshot: Snapshot,
  { pull, why }: { pull: Pull; why: string },
): Promise<PullEnd> {
  const ended = { by: world.forge.account, at: instantOf(world.clock.now()), why };
  return (await takeClosed(world, snapshot, { ...pull, ended }))
    ? { kind: "closed", what: why, madeReady: false }
    : LOST;
}

/** A proposal of ours that stands in the base branch without our doing: somebody merged it with git. */
function isMergedByHand(snapshot: Snapshot, { pull, head }: Judged): boolean {
  const ours = recordedOn(snapshot, pull).some((r) => r.attempt.proposal?.head === head);
  return ours && isMerged(snapshot, pull);
}

const isMerged = ({ branches }: Snapshot, { branch }: Pull): boolean =>
  branches.some((b) => b.name === branch && b.merged);

/**
 * Nothing can have become of it: nobody has said a word since its head was published, and spec and task at the tip are
 * those that it passed by. So pulls that wait for a person cost an idle tick nothing.
 */
function isSettled(snapshot: Snapshot, pull: Pull): boolean {
  if (pull.reviews.length > 0 || isMerged(snapshot, pull) || mayMoveByItself(snapshot, pull)) return false;
  const last = recordedOn(snapshot, pull).findLast((r) => r.attempt.proposal?.head === pull.head);
  if (last === undefined || last.attempt.verdict?.ruling !== "pass") return false;
  const spec = snapshot.fleet.agents.get(last.record.agent)?.blob;
  const task = snapshot.fleet.tasks.get(last.attempt.task)?.blob;
  return spec === last.record.spec && task === last.attempt.taskBlob;
}

/**
 * A grant is for its kind of task, and whether it speaks for the pull can change with the hour: its day begins anew. A
 * program may have to judge, or to judge again.
 */
function mayMoveByItself({ fleet }: Snapshot, { task }: Pull): boolean {
  const { gates, policy } = fleet.config;
  const kind = task === null ? undefined : fleet.tasks.get(task)?.task.kind;
  const isMeant = kind !== undefined && policy.grant.some((g) => matchesAny(g.kind, kind));
  return isMeant || Object.values(gates).some((g) => g.kind === "command");
}

async function takeMerged(world: World, snapshot: Snapshot, judged: Judged): Promise<PullEnd> {
  const ripe = { ...judged, approvals: [], clearance: clearanceOf(snapshot, judged.decision, "button") };
  const landed = await recordMerge(world, snapshot, ripe, { merge: snapshot.base, updates: [] });
  return landed ? { kind: "merged", what: "merged by hand", madeReady: true } : LOST;
}

async function mergeNow(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict }: Judged,
  decision: Extract<Decision, { kind: "merge" }>,
): Promise<PullEnd> {
  const { approvals, by: how } = decision;
  const clearance = clearanceOf(snapshot, decision, how);
  const final =
    pull.kind === "question" ? await writeAnswer(world, snapshot, { pull, head, approvals }) : head;
  const end = await merge(world, snapshot, { pull, head: final, verdict, approvals, clearance });
  const by = approvals.map((a) => a.login).join(", ");
  switch (end.kind) {
    case "merged":
      return {
        kind: "merged",
        what:
          approvals.length === 0
            ? letIn(pull, decision)
            : `${pull.kind === "question" ? "answered" : "approved"} by ${by}`,
        madeReady: pull.kind !== "archive" && pull.kind !== "digest",
      };
    case "lost":
      return LOST;
    case "conflict":
      return tellConflict(world, snapshot, { pull, paths: end.paths });
    default:
      return end satisfies never;
  }
}

const CONFIG = ".github/pullbeat.yml";

/** How a merge was decided, as the journal keeps it. */
const clearanceOf = ({ fleet }: Snapshot, { tier, rules }: Decision, by: Clearance["by"]): Clearance => ({
  tier,
  by,
  rules,
  policy: fleet.entries.find((e) => e.path === CONFIG)?.blob ?? null,
});

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
  { branch }: Snapshot,
  { pull, paths }: { pull: Pull; paths: readonly string[] },
): Promise<PullEnd> {
  if (pull.reviews.some((r) => r.by === pull.author && r.head === pull.head && isConflict(r))) return KEPT;
  await say(world, pull, { verdict: "comment", body: conflictReview(branch, paths) });
  return { kind: "conflicts", what: `conflicts with ${branch} in ${paths.join(", ")}`, madeReady: false };
}

async function askOrPark(
  world: World,
  snapshot: Snapshot,
  { pull, told: verdict }: Judged,
): Promise<PullEnd> {
  const isNews = await tellVerdict(world, snapshot, { pull, verdict });
  const why = roundsUsed(snapshot, pull, verdict);
  if (why !== null)
    return (await parkPull(world, snapshot, pull, why))
      ? { kind: "parked", what: why, madeReady: false }
      : LOST;
  if (!isNews) return KEPT;
  return { kind: "judged", what: `the gates say: ${verdict.ruling}`, madeReady: verdict.ruling === "fail" };
}
