import { backoff, TRIES } from "../domain/plan/backoff.ts";
import { Fault } from "../domain/fault.ts";
import { randomId } from "../domain/id.ts";
import { ordered, type Order } from "../domain/control/order.ts";
import { controlPath, type Control } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { FileDraft } from "../port/repo.ts";
import { recordText } from "./journal.ts";
import { land } from "./land.ts";
import { read } from "./read.ts";
import type { World } from "./world.ts";

/** Writes a person's verbs into the journal, where plan, publish and merge read them: they hold at once. */
export async function order(world: World, said: Order): Promise<Control[]> {
  const { verb, targets, who } = said;
  for (let n = 1; n <= TRIES; n++) {
    const snapshot = await read(world);
    const controls = ordered(snapshot, said);
    if (controls.length === 0) return [];
    const files = controlFiles(world, snapshot, controls);
    const subject = `${who}: ${verb} ${targets.join(" ")}`;
    if (await land(world, snapshot, { subject, files, updates: [] })) return controls;
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row`, {
    next: `pullbeat ${verb} again in a minute: nothing was written`,
  });
}

/** Within a second the clock puts nothing in order: the names of the files do. */
export function controlFiles(
  { clock }: Pick<World, "clock">,
  { journal }: Pick<Snapshot, "journal">,
  controls: readonly Control[],
): FileDraft[] {
  return controls.map((c, i) => {
    const before = journal.controls.filter((other) => other.at === c.at).length + i;
    return {
      path: controlPath(c, String(before).padStart(4, "0") + randomId(clock.chance, 6)),
      content: recordText(c),
    };
  });
}
