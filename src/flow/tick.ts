import { INTERRUPTED } from "../domain/control/park.ts";
import type { Closing, Plan, PlannedBeat, Rest } from "../domain/plan/plan.ts";
import type { Manual } from "../domain/plan/planner.ts";
import type { Claim, Snapshot } from "../domain/snapshot.ts";
import { beat, recordOf } from "./beat/beat.ts";
import { claim } from "./beat/claim.ts";
import { tickDigest, type DigestEnd } from "./digest/digest.ts";
import { publish, type FinishedBeat } from "./beat/publish.ts";
import { openPulls } from "./pulls.ts";
import { settledPlan } from "./planned.ts";
import { read } from "./read.ts";
import { idleRow, lostRow, publishedRow, type BeatRow, type TickReport } from "./report.ts";
import { settle } from "./settle/settle.ts";
import { unworked } from "./beat/unworked.ts";
import type { World } from "./world.ts";

/**
 * One wake-up of the whole fleet: settle what is open, decide who is due, let them work, settle again. The digest
 * comes last, so that it tells of this tick too; what broke a beat does not keep it from coming.
 */
export async function tick(world: World, by?: Manual): Promise<TickReport> {
  const before = await read(world);
  const digest = async (): Promise<DigestEnd | null> => (by === undefined ? tickDigest(world, before) : null);
  try {
    const done = await wake(world, before, by);
    return { ...done, digest: await digest() };
  } catch (error) {
    // The first error is the one to tell; a digest that fails as well is due again in the next tick.
    await digest().catch(() => null);
    throw error;
  }
}

/** Everything of a tick but the digest. */
async function wake(
  world: World,
  before: Snapshot,
  by: Manual | undefined,
): Promise<Omit<TickReport, "digest">> {
  const rows: BeatRow[] = [];
  for (let chain = 0; ; chain++) {
    const now = chain === 0 ? before : await read(world, chain);
    const { plan: planned, snapshot } = await settledPlan(world, now, chain === 0 ? by : undefined);
    if (chain === 0) rows.push(...[...planned.closings, ...planned.rests].map(idleRow));
    await closeSlots(world, snapshot, planned);
    rows.push(...(await workAll(world, snapshot, planned.beats)));
    const again = planned.beats.length > 0 && by === undefined && (await settle(world)).madeReady;
    if (!again) return { base: snapshot.base, beats: rows };
  }
}

/** Slots that end without a beat, in one journal commit; claims whose beat is over; pulls that a newer occurrence replaces. */
export async function closeSlots(world: World, snapshot: Snapshot, planned: Plan): Promise<void> {
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

function closingOf(snapshot: Snapshot, closing: Closing, started: Date): FinishedBeat {
  const { ends, outcome, reason } = closing;
  // What was cut off twice is named: else nothing would tell that it was ever tried, and it would be tried for ever.
  const attempts = ends.flatMap(({ unit, attempt, turn }) =>
    unit === null || attempt === null || turn === 1
      ? []
      : unworked(snapshot, { unit, attempt }, { failure: INTERRUPTED, reason }),
  );
  return { record: { ...recordOf(snapshot, closing, started), outcome, attempts }, claims: ends, works: [] };
}

/** A claim that somebody else ended meanwhile is none of ours any more. */
async function release(world: World, claims: readonly Claim[]): Promise<void> {
  for (const { ref, id } of claims) await world.repo.push([{ ref, from: id, to: null }]);
}

/**
 * Beats side by side, at most `limits.parallel`; each is published as it ends, by one writer. What breaks one of them
 * takes no other down; it is thrown when all have come to their end.
 */
async function workAll(world: World, snapshot: Snapshot, beats: readonly PlannedBeat[]): Promise<BeatRow[]> {
  const rows = new Map<PlannedBeat, BeatRow>();
  const broken: unknown[] = [];
  let writer: Promise<unknown> = Promise.resolve();
  const work = async (planned: PlannedBeat): Promise<BeatRow> => {
    const claims = await claim(world, snapshot, planned);
    if (claims === null)
      return lostRow(planned, "another tick holds this agent or its task, or a person has just stopped it");
    const done = await beat(world, snapshot, planned, claims);
    const row = writer.then(() => publishOne(world, snapshot, done));
    writer = row.catch(() => {});
    return row;
  };
  const queue = [...beats];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await work(next).then(
        (row) => rows.set(next, row),
        (error: unknown) => broken.push(error),
      );
  };
  await Promise.all(Array.from({ length: snapshot.fleet.config.limits.parallel }, worker));
  if (broken.length > 0) throw broken[0];
  return beats.flatMap((b) => rows.get(b) ?? []);
}

async function publishOne(world: World, snapshot: Snapshot, done: FinishedBeat): Promise<BeatRow> {
  const published = await publish(world, [done]);
  const pulls = await openPulls(world, snapshot.fleet, published);
  const [only] = published;
  if (only === undefined || only.fate !== "landed")
    return lostRow(done.record, only?.reason ?? "not published");
  return publishedRow(only.record, pulls);
}
