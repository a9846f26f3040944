import { isStopped } from "../domain/control/control.ts";
import type { Plan } from "../domain/plan/plan.ts";
import type { Manual } from "../domain/plan/planner.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { planAble } from "./able.ts";
import { earsOf } from "./phone/ears.ts";
import { read } from "./read.ts";
import { settleFrom } from "./settle/settle.ts";
import type { World } from "./world.ts";

/**
 * Settles what is open and plans. Where beats would begin, or a pause or a hold is in force, it is heard first what people
 * said of late.
 */
export async function settledPlan(
  world: World,
  before: Snapshot,
  by?: Manual,
): Promise<{ plan: Plan; snapshot: Snapshot }> {
  const ears = earsOf(world);
  const { snapshot } = await settleFrom(world, before, ears);
  const planned = await planAble(world, snapshot, by);
  const matters = planned.plan.beats.length > 0 || isStopped(snapshot.journal.controls, snapshot.now);
  if (!matters || !(await ears.listen(snapshot))) return planned;
  const again = await settleFrom(world, await read(world, before.chain), ears);
  return planAble(world, again.snapshot, by);
}
