import { readable } from "../../domain/apart.ts";
import { concerns } from "../../domain/control/control.ts";
import { ofOneBeat } from "../../domain/plan/custody.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { World } from "../world.ts";

/**
 * Ends the claims that a person took away: those of the control's target that stood when it was said, each with all that
 * its beat holds, for a beat that has lost one claim can hand over nothing. Later claims are none of its business, and a
 * beat that has just handed over is over: all its claims end in one push, or none. Returns the refs that ended.
 */
export async function release(world: World, { journal, claims }: Snapshot): Promise<string[]> {
  const controls = journal.controls.filter((c) => c.verb === "release");
  const meant = claims.filter((claim) => controls.some((c) => concerns(c, claim)));
  const commits = await readable(
    meant.map((c) => c.id),
    (ids) => world.repo.commits(ids),
  );
  const ended: string[] = [];
  for (const claim of meant) {
    // What is no claim at all has no time: a person's word about its name ends it.
    const claimed = commits.get(claim.id)?.committer.at.getTime() ?? 0;
    if (ended.includes(claim.ref)) continue;
    if (!controls.some((c) => concerns(c, claim) && Date.parse(c.at) >= claimed)) continue;
    const held = claims.filter((c) => ofOneBeat(c, claim));
    if (await world.repo.push(held.map((c) => ({ ref: c.ref, from: c.id, to: null }))))
      ended.push(...held.map((c) => c.ref));
  }
  return ended;
}
