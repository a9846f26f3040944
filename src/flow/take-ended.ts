import { instantOf } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { isOver, takeClosed } from "./ending.ts";
import { takeMergedThere } from "./merge-there.ts";
import type { World } from "./world.ts";
import { isWork, LOST, type PullEnd } from "./pull-end.ts";

/**
 * What becomes of a pull that pullbeat has nothing to decide about any more: the journal has it, the forge or a person
 * ended it, or a newer one takes its place. Null: it is open.
 */
export async function takeEnded(world: World, snapshot: Snapshot, pull: Pull): Promise<PullEnd | null> {
  if (await isOver(world, snapshot, pull)) {
    await world.forge.end(pull.number);
    return { kind: "over", what: "was in the journal already", madeReady: false };
  }
  if (pull.state === "merged" && pull.commit !== undefined) {
    const { landed, what } = await takeMergedThere(world, snapshot, pull, pull.commit);
    return landed ? { kind: "merged", what, madeReady: isWork(pull) } : LOST;
  }
  if (pull.state !== "open" || pull.head === null) {
    const what = pull.ended === null ? "its branch is gone" : `closed by ${pull.ended.by}`;
    return (await takeClosed(world, snapshot, pull)) ? { kind: "closed", what, madeReady: false } : LOST;
  }
  const newer = supersededBy(snapshot, pull);
  return newer === null ? null : supersede(world, snapshot, { pull, why: newer });
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
