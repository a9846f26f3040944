import { lastClose } from "../../domain/control/control.ts";
import { instantOf, Login } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Control } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { recordedOn } from "../beat/draft.ts";
import { isOver, takeClosed } from "./ending.ts";
import { takeMergedThere } from "./take-merged-there.ts";
import type { World } from "../world.ts";
import { isWork, KEPT, LOST, type PullEnd } from "./pull-end.ts";

/**
 * What becomes of a pull that pullbeat has nothing to decide about any more: the journal has it, the forge or a person
 * ended it, or a newer one takes its place. Null: it is open.
 */
export async function takeEnded(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd | null> {
  if (await isOver(world, snapshot, pull)) {
    await world.forge.end(pull.number);
    return { kind: "over", what: "was in the journal already", madeReady: false };
  }
  if (pull.state === "merged") return takeMerged(world, snapshot, pull);
  if (pull.state !== "open" || pull.head === null) {
    const what = pull.ended === null ? "its branch is gone" : `closed by ${pull.ended.by}`;
    return (await takeClosed(world, snapshot, pull)) ? { kind: "closed", what, madeReady: false } : LOST;
  }
  const closed = await closeByWord(world, snapshot, pull);
  if (closed !== null) return closed;
  const newer = supersededBy(snapshot, pull);
  return newer === null ? null : supersede(world, snapshot, { pull, why: newer });
}

async function takeMerged(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd> {
  const { commit } = pull;
  if (commit === undefined) return (await closeByWord(world, snapshot, pull)) ?? tellGone(world, pull);
  const { landed, what } = await takeMergedThere(world, snapshot, pull, commit);
  return landed ? { kind: "merged", what, madeReady: isWork(pull) } : LOST;
}

/** Ends a pull that a person dropped by a verb; null where nobody did. */
async function closeByWord(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd | null> {
  const word = closeOf(snapshot, pull);
  if (word === null) return null;
  const by = Login.safeParse(word.who).data ?? world.forge.account;
  return endNow(world, snapshot, { ...pull, ended: { by, at: word.at, why: word.why } });
}

/** Whoever took a merge out of the base branch again says what becomes of it: it is neither in nor closed. */
function tellGone({ watch }: World, { number, unit, faults = [] }: Pull): PullEnd {
  const next = unit === null ? "put it back" : `put it back, or \`pullbeat close ${unit}\``;
  watch({ kind: "note", text: `pull ${number}: ${faults.at(-1) ?? "its merge is gone"}; ${next}` });
  return KEPT;
}

/**
 * The `close` by which a person dropped this pull: it names it, or was said when its first attempt had ended. A pull that
 * came later, because somebody unparked or edited the task, is another.
 */
function closeOf(snapshot: Snapshot, pull: Pull): Control | null {
  const word = pull.unit === null ? null : lastClose(snapshot.journal.controls, pull.unit);
  if (word === null) return null;
  if (word.pull !== null) return word.pull === pull.number ? word : null;
  const [first] = recordedOn(snapshot, pull);
  return first !== undefined && Date.parse(first.record.ended) <= Date.parse(word.at) ? word : null;
}

/** Only the newest digest is still of use: an older one that nobody merged gives way. */
function supersededBy({ journal }: Snapshot, { kind, branch }: Pull): string | null {
  if (kind !== "digest" || journal.digest === null || journal.digest.branch === branch) return null;
  return `superseded by the digest of ${journal.digest.date}`;
}

const supersede = (
  world: World,
  snapshot: Snapshot,
  { pull, why }: { pull: Pull; why: string },
): Promise<PullEnd> =>
  endNow(world, snapshot, {
    ...pull,
    ended: { by: world.forge.account, at: instantOf(world.clock.now()), why },
  });

async function endNow(
  world: World,
  snapshot: Snapshot,
  pull: Pull & { ended: NonNullable<Pull["ended"]> },
): Promise<PullEnd> {
  const { by, why } = pull.ended;
  const what = by === world.forge.account ? why : `closed by ${by}${why === "" ? "" : `: ${why}`}`;
  return (await takeClosed(world, snapshot, pull)) ? { kind: "closed", what, madeReady: false } : LOST;
}
