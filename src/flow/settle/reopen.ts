import type { PullNumber } from "../../domain/id.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { reopenDigest } from "../digest/digest-draft.ts";
import { draftFor, recordedOn } from "../beat/draft.ts";
import { firstShowing } from "../show.ts";
import type { World } from "../world.ts";

/**
 * Opens the pulls of work branches that have none: a crash came between the push and the forge. What the journal does
 * not know was not made by the fleet, and is left alone.
 */
export async function reopen(world: World, snapshot: Snapshot): Promise<PullNumber[]> {
  const having = new Set(snapshot.pulls.map((p) => p.branch));
  const opened: PullNumber[] = [];
  for (const { name: branch } of snapshot.branches) {
    const last = having.has(branch) ? undefined : recordedOn(snapshot, { branch }).at(-1);
    if (last === undefined || snapshot.journal.merges.some((m) => m.branch === branch)) continue;
    const draft = await draftFor(world, snapshot.fleet, last);
    if (draft === null)
      world.watch({ kind: "note", text: `${branch} has no pull, and its task is gone from the board` });
    else opened.push(await world.forge.open(draft, firstShowing(snapshot.fleet, last)));
  }
  const digest = await reopenDigest(world, snapshot);
  return digest === null ? opened : [...opened, digest];
}
