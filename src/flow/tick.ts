import { sentence } from "../domain/fault.ts";
import { instantOf } from "../domain/id.ts";
import type { Closing, Plan, PlannedBeat, Rest } from "../domain/plan.ts";
import { plan, type Manual } from "../domain/planner.ts";
import type { Claim, Snapshot } from "../domain/snapshot.ts";
import { beat, recordOf } from "./beat.ts";
import { claim } from "./claim.ts";
import { publish, type FinishedBeat } from "./publish.ts";
import { openPulls } from "./pulls.ts";
import { read } from "./read.ts";
import { idleRow, lostRow, publishedRow, type BeatRow, type TickReport } from "./report.ts";
import { settle, settleFrom } from "./settle.ts";
import type { World } from "./world.ts";

/** One wake-up of the whole fleet: settle what is open, decide who is due, let them work, settle again. */
export async function tick(world: World, by?: Manual): Promise<TickReport> {
  const rows: BeatRow[] = [];
  for (let chain = 0; ; chain++) {
    const { snapshot } = await settleFrom(world, await read(world, chain));
    const planned = plan(snapshot, chain === 0 ? by : undefined);
    if (chain === 0) rows.push(...[...planned.closings, ...planned.rests].map(idleRow));
    await closeSlots(world, snapshot, planned);
    rows.push(...(await workAll(world, snapshot, planned.beats)));
    const again = planned.beats.length > 0 && by === undefined && (await settle(world)).madeReady;
    if (!again) return { base: snapshot.base, beats: rows };
  }
}

/** Slots that end without a beat, in one journal commit; claims whose beat is over; pulls that a newer occurrence replaces. */
async function closeSlots(world: World, snapshot: Snapshot, planned: Plan): Promise<void> {
  const started = snapshot.now;
  const rests = planned.rests.flatMap((r) => restOf(snapshot, r, started));
  const closings = planned.closings.map((c) => closingOf(snapshot, c, started));
  if (rests.length + closings.length > 0) await publish(world, [...rests, ...closings]);
  await release(world, planned.stale);
  for (const { pull, by } of planned.supersedes)
    await world.forge.close(pull, world.forge.account, `superseded by ${by}`, snapshot.now);
}

function restOf(snapshot: Snapshot, rest: Rest, started: Date): FinishedBeat[] {
  if (rest.slot === null) return [];
  const record = recordOf(snapshot, { ...rest, slot: rest.slot }, started);
  return [{ record: { ...record, outcome: "rested" }, claims: [], works: [] }];
}

const closingOf = (snapshot: Snapshot, closing: Closing, started: Date): FinishedBeat => ({
  record: { ...recordOf(snapshot, closing, started), outcome: closing.outcome },
  claims: closing.ends,
  works: [],
});

/** A claim that somebody else ended meanwhile is none of ours any more. */
async function release(world: World, claims: readonly Claim[]): Promise<void> {
  for (const { ref, id } of claims) await world.repo.push([{ ref, from: id, to: null }]);
}

/** Beats side by side, at most `limits.parallel`; each is published as it ends, by one writer. */
async function workAll(world: World, snapshot: Snapshot, beats: readonly PlannedBeat[]): Promise<BeatRow[]> {
  const rows = new Map<PlannedBeat, BeatRow>();
  const broken: unknown[] = [];
  let writer: Promise<void> = Promise.resolve();
  const queue = [...beats];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const planned = next;
      const claims = await claim(world, snapshot, planned);
      if (claims === null) {
        rows.set(planned, lostRow(planned, "another tick holds this agent or its task"));
        continue;
      }
      const done = await unbroken(world, snapshot, planned, claims);
      writer = writer.then(async () => {
        rows.set(planned, await publishOne(world, snapshot, done));
      });
      await writer;
    }
  };
  const workers = Array.from(
    { length: Math.min(snapshot.fleet.config.limits.parallel, queue.length) },
    worker,
  );
  for (const end of await Promise.allSettled(workers)) if (end.status === "rejected") broken.push(end.reason);
  if (broken.length > 0) throw broken[0];
  return beats.flatMap((b) => rows.get(b) ?? []);
}

/** A beat that breaks ends as failed, in the journal like any other; it takes no other beat down. */
async function unbroken(
  world: World,
  snapshot: Snapshot,
  planned: PlannedBeat,
  claims: readonly Claim[],
): Promise<FinishedBeat> {
  const started = world.clock.now();
  try {
    return await beat(world, snapshot, planned, claims);
  } catch (error) {
    const reason = `broke: ${sentence(error)}`;
    const record = recordOf(snapshot, { ...planned, reason }, started);
    return {
      record: { ...record, outcome: "failed", ended: instantOf(world.clock.now()) },
      claims,
      works: [],
    };
  }
}

async function publishOne(world: World, snapshot: Snapshot, done: FinishedBeat): Promise<BeatRow> {
  const published = await publish(world, [done]);
  const pulls = await openPulls(world, snapshot.fleet, published);
  const [only] = published;
  if (only === undefined || only.fate !== "landed")
    return lostRow(done.record, only?.reason ?? "not published");
  return publishedRow(only.record, pulls);
}
