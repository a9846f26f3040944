import type { Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { matchesAny } from "../../domain/glob.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { Ears } from "../phone/ears.ts";
import { parkPull, roundsUsed } from "./ending.ts";
import { hear } from "../hearing/hearing.ts";
import { recordedOn } from "../beat/draft.ts";
import { showing, showingUnsaid } from "../show.ts";
import { tellVerdict } from "../verdict/verdict.ts";
import { weigh, type Weighed } from "../verdict/weigh.ts";
import type { World } from "../world.ts";
import { mergeNow, takeMerged, type Judged } from "./merge-now.ts";
import { HEARD, KEPT, LOST, type PullEnd } from "./pull-end.ts";
import { takeEnded } from "./take-ended.ts";
import { takeBackAnswer } from "./write-answer.ts";

/** One pull, as far as it can get now. What a person ended is not judged any more. */
export async function settlePull(world: World, snapshot: Snapshot, pull: Pull, ears: Ears): Promise<PullEnd> {
  const { head } = pull;
  const ended = await takeEnded(world, snapshot, pull);
  if (ended !== null || head === null) return ended ?? KEPT;
  if (await takeBackAnswer(world, snapshot, pull)) return LOST;
  const passed = passedBefore(snapshot, pull);
  if (passed !== null) {
    await world.forge.show(pull, showingUnsaid(snapshot, { pull, head, verdict: passed }));
    return KEPT;
  }
  const read = await weighRead(world, snapshot, pull);
  return read === null ? LOST : settleWeighed(world, read, head, ears);
}

/** A pull of which everything is known that can be known without a program or a grader. */
async function settleWeighed(
  world: World,
  { snapshot, pull, weighed: { due, ...weighed } }: Read,
  head: Sha,
  ears: Ears,
): Promise<PullEnd> {
  const judged = { pull, head, ...weighed };
  if (isMergedByHand(snapshot, judged)) return takeMerged(world, snapshot, judged);
  const heard = await hear(world, snapshot, { pull, matters: due });
  if (heard !== null) return heard ? HEARD : LOST;
  // A person may have said hold where nobody has listened yet.
  if (judged.decision.kind === "merge" && (await ears.listen(snapshot))) return HEARD;
  if (judged.decision.kind === "merge") return mergeNow(world, snapshot, judged, judged.decision);
  await world.forge.show(pull, showing(snapshot, { ...judged, verdict: judged.told }, judged.decision));
  return askOrPark(world, snapshot, judged);
}

/** A pull weighed by what people said of it, and the world with it. */
interface Read {
  snapshot: Snapshot;
  pull: Pull;
  weighed: Weighed;
}

/**
 * Where a pull would merge, and nobody has read yet what people said of it, that is read first, and it is weighed again.
 * Null: it is not any more what was listed.
 */
async function weighRead(world: World, snapshot: Snapshot, pull: Pull): Promise<Read | null> {
  const weighed = await weigh(world, snapshot, pull);
  if (weighed.decision.kind !== "merge" || pull.unread !== true) return { snapshot, pull, weighed };
  const [now] = await world.forge.pulls({ only: pull.number });
  if (now === undefined || now.state !== pull.state || now.head !== pull.head) return null;
  const { reviews, faults = [] } = now;
  const read = { ...pull, reviews, unread: false, ...(faults.length === 0 ? {} : { faults }) };
  const pulls = snapshot.pulls.map((p) => (p.number === pull.number ? read : p));
  const there = { ...snapshot, pulls };
  return { snapshot: there, pull: read, weighed: await weigh(world, there, read) };
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
  if (pull.reviews.length > 0 || isMerged(snapshot, pull) || mayMoveByItself(snapshot, pull)) return null;
  const last = recordedOn(snapshot, pull).findLast((r) => r.attempt.proposal?.head === pull.head);
  if (last === undefined || last.attempt.verdict?.ruling !== "pass") return null;
  const spec = snapshot.fleet.agents.get(last.record.agent)?.blob;
  const task = snapshot.fleet.tasks.get(last.attempt.task)?.blob;
  return spec === last.record.spec && task === last.attempt.taskBlob ? last.attempt.verdict : null;
}

/**
 * A grant is for its kind of task, and whether it speaks for the pull can change with the hour: its day begins anew. A
 * program or a grader may have to judge, or to judge again.
 */
function mayMoveByItself({ fleet }: Snapshot, { task }: Pull): boolean {
  const { gates, policy } = fleet.config;
  const kind = task === null ? undefined : fleet.tasks.get(task)?.task.kind;
  const isMeant = kind !== undefined && policy.grant.some((g) => matchesAny(g.kind, kind));
  return isMeant || Object.values(gates).some((g) => g.kind !== "schema");
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
