import type { Snapshot } from "../../domain/snapshot.ts";
import { admit, type Admitted, type Inbox } from "./admit.ts";
import { docketOf, type Hearings } from "./docket.ts";
import { openPulls } from "../pulls.ts";
import { publish } from "../beat/publish.ts";
import { read } from "../read.ts";
import { lostRow, publishedRow, type BeatRow } from "../report.ts";
import type { World } from "../world.ts";

/** What a publish job did: a row for each beat of its plan, and what it did not take in. */
export interface PublishReport {
  base: string;
  beats: BeatRow[];
  refused: ({ agent: string } & Admitted["refused"][number])[];
  /** What is to be judged in jobs before the tick is settled. */
  hearings: Hearings | null;
}

/**
 * Takes in what the working jobs of a plan have left, and publishes it beat by beat: one that breaks takes no other
 * down. The first error is thrown when all have come to their end.
 */
export async function publishShards(world: World, inbox: Inbox): Promise<PublishReport> {
  const { plan } = inbox;
  const report: PublishReport = { base: plan.base, beats: [], refused: [], hearings: null };
  const broken: unknown[] = [];
  const snapshot = await asPlanned(world, inbox);
  for (const order of plan.orders) {
    try {
      const { beat, refused } = await admit(world, snapshot, { order, inbox });
      report.refused.push(...refused.map((r) => ({ agent: order.planned.agent, ...r })));
      const published = await publish(world, [beat]);
      const pulls = await openPulls(world, snapshot.fleet, published);
      for (const { fate, reason, record } of published)
        report.beats.push(fate === "landed" ? publishedRow(record, pulls) : lostRow(record, reason));
    } catch (error) {
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
  report.hearings = await docketOf(world, await read(world, plan.chain));
  return report;
}

/** The world as it is now, with the fleet, the base and the time that the beats were planned on. */
async function asPlanned(world: World, { plan }: Inbox): Promise<Snapshot> {
  const now = await read(world, plan.chain);
  const fleet = await world.records.fleet(plan.base);
  return { ...now, now: new Date(plan.now), base: plan.base, fleet, pullbeat: plan.pullbeat };
}
