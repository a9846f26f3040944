import { faultOf, LIMITS, Refused } from "../../domain/airlock.ts";
import {
  handed,
  Handover,
  proposalRef,
  type HandedWork,
  type Order,
  type PlanFile,
} from "../../domain/plan/handover.ts";
import type { Try } from "../../domain/plan/plan.ts";
import type { Attempt } from "../../domain/record.ts";
import { sentence } from "../../domain/fault.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Airlock, Hatch } from "../../port/airlock.ts";
import type { Edits } from "../../port/engine.ts";
import { concluded, type Finished } from "../beat/attempt.ts";
import { recordOf, withAttempts, worked } from "../beat/beat.ts";
import { workOf } from "./handed-work.ts";
import { discreetAttempt } from "../beat/discreet.ts";
import type { FinishedBeat } from "../beat/publish.ts";
import { standAt } from "../beat/toil.ts";
import { unworked } from "../beat/unworked.ts";
import type { World } from "../world.ts";

/** What was handed over, and what it is held against. */
export interface Inbox {
  plan: PlanFile;
  airlock: Pick<Airlock, "unwrap">;
  /** What the job of a shard has left. */
  hatch(shard: number): Pick<Hatch, "take">;
}

/** A beat whose work was done elsewhere, and what of it was not taken in. */
export interface Admitted {
  beat: FinishedBeat;
  refused: { unit: string; code: string; why: string }[];
}

/**
 * Takes a beat in as from a stranger. Everything that publishing knows is known from the plan and the claims; of what
 * was handed over only trees and words are taken. Whatever does not fit ends as a failed attempt with its reason.
 * `snapshot`: its fleet and base are those that the beat was planned on.
 */
export async function admit(
  world: World,
  snapshot: Snapshot,
  { order, inbox }: { order: Order; inbox: Inbox },
): Promise<Admitted> {
  const { planned, claims } = order;
  const refused: Admitted["refused"] = [];
  const attempts: Attempt[] = [];
  const works: Finished[] = [];
  const record = await readRecord(order, inbox);
  for (const [n, t] of planned.tries.entries()) {
    const now = withAttempts(snapshot, { planned, started: snapshot.now, attempts });
    const took =
      record instanceof Refused ? record : await takeIn(world, now, { order, inbox, record, t, n });
    if (took instanceof Refused) {
      refused.push({ unit: t.unit, code: took.code, why: took.message });
      const end = { failure: `airlock/${took.code}`, reason: `not taken in: ${took.message}` };
      attempts.push(...(await Promise.all(unworked(snapshot, t, end).map(discreetAttempt))));
    } else {
      attempts.push(took.attempt);
      works.push(took);
    }
  }
  const { started, ended } = timesOf(snapshot, record, world.clock.now());
  return {
    beat: { record: worked(recordOf(snapshot, planned, started), attempts, ended), claims, works },
    refused,
  };
}

/** A stranger's clock counts only between the plan and now. */
function timesOf(
  { now: earliest }: Snapshot,
  record: Handover | Refused,
  now: Date,
): { started: Date; ended: Date } {
  const within = (at: string, from: Date): Date =>
    new Date(Math.max(from.getTime(), Math.min(now.getTime(), Date.parse(at))));
  if (record instanceof Refused) return { started: earliest, ended: now };
  const started = within(record.started, earliest);
  return { started, ended: within(record.ended, started) };
}

/** Refusals are values here: none of them may stop the beats beside it. */
async function refusable<T>(take: () => Promise<T>): Promise<T | Refused> {
  try {
    return await take();
  } catch (error) {
    return error instanceof Refused ? error : new Refused("broken", sentence(error));
  }
}

const readRecord = ({ planned, shard }: Order, inbox: Inbox): Promise<Handover | Refused> =>
  refusable(async () => {
    const { agent, slot, tries } = planned;
    const bytes = await inbox.hatch(shard).take(handed.record(agent), LIMITS.record);
    if (bytes === null) throw new Refused("missing", "its job handed nothing over");
    const read = Handover.safeParse(jsonOf(bytes));
    if (!read.success) throw new Refused("record", `its record is none: ${faultOf(read.error.issues)}`);
    const record = read.data;
    if (record.plan !== inbox.plan.id) throw new Refused("replay", "its record belongs to another plan");
    if (record.agent !== agent || record.slot !== slot)
      throw new Refused("record", `its record is of another beat; expected ${agent}@${slot}`);
    const units = record.works.map((w) => `${w.unit}--${w.attempt}`);
    const claimed = new Set(tries.map((t) => `${t.unit}--${t.attempt}`));
    const stray = units.find((unit) => !claimed.has(unit));
    if (stray !== undefined)
      throw new Refused("unit", `it tells of ${stray}, which this beat has not claimed`);
    if (new Set(units).size < units.length) throw new Refused("unit", "it tells of one unit twice");
    return record;
  });

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes) ?? "");
  } catch {
    return null;
  }
}

interface Parts {
  order: Order;
  inbox: Inbox;
  record: Handover;
  t: Try;
  n: number;
}

const takeIn = (
  world: World,
  snapshot: Snapshot,
  { order, inbox, record, t, n }: Parts,
): Promise<Finished | Refused> =>
  refusable(async () => {
    const { agent } = order.planned;
    const spec = snapshot.fleet.agents.get(agent);
    const task = snapshot.fleet.tasks.get(t.task);
    const told = record.works.find((w) => w.unit === t.unit);
    if (spec === undefined || task === undefined || told === undefined)
      throw new Refused("missing", `nothing was handed over of ${t.unit}`);
    const hatch = inbox.hatch(order.shard);
    const edits = await editsOf(told, { inbox, hatch, t, path: handed.bundle(agent, n) });
    const transcript = await transcriptOf(told, hatch, handed.transcript(agent, n));
    const stand = await standAt(world, snapshot, t);
    const work = workOf(told, { edits, transcript, spec, config: snapshot.fleet.config });
    return concluded({ world, snapshot, beat: order.planned, stand, task }, work);
  });

async function editsOf(
  { bundle, end }: HandedWork,
  { inbox, hatch, t, path }: { inbox: Inbox; hatch: Pick<Hatch, "take">; t: Try; path: string },
): Promise<Edits> {
  if (!bundle) return new Map();
  if (end.kind !== "finished") throw new Refused("record", "only finished work comes with changes");
  const bytes = await hatch.take(path, LIMITS.bundle);
  if (bytes === null) throw new Refused("missing", "its record speaks of a bundle, and there is none");
  const ref = proposalRef(inbox.plan.id, t);
  return inbox.airlock.unwrap({ ref, parent: t.parent }, bytes);
}

async function transcriptOf(
  { transcript }: HandedWork,
  hatch: Pick<Hatch, "take">,
  path: string,
): Promise<string> {
  if (!transcript) return "";
  const bytes = await hatch.take(path, LIMITS.transcript);
  const text = bytes === null ? null : textOf(bytes);
  if (text === null)
    throw new Refused("transcript", "its record speaks of a transcript, and there is none that can be read");
  return text;
}
