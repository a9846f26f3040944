import { instantOf, randomId } from "../../domain/id.ts";
import type { Order, PlanFile } from "../../domain/plan/handover.ts";
import type { PlannedBeat } from "../../domain/plan/plan.ts";
import { roundReasons } from "../../domain/pull/said.ts";
import { attemptMinutes, LEASE_MINUTES, shardsOf, type Shard } from "../../domain/plan/shard.ts";
import { newestPull, type Snapshot } from "../../domain/snapshot.ts";
import { claim } from "../beat/claim.ts";
import { tickDigest, type DigestEnd } from "../digest/digest.ts";
import { docketOf, type Hearings } from "./docket.ts";
import { settledPlan } from "../planned.ts";
import { read } from "../read.ts";
import { dueRow, idleRow, lostRow, type BeatRow } from "../report.ts";
import { saidTo } from "../said.ts";
import { closeSlots } from "../tick.ts";
import type { World } from "../world.ts";

/** What a plan job decided. `plan` null: nobody is due; without `hearings` no further job is needed. */
export interface JobPlan {
  base: string;
  beats: BeatRow[];
  shards: Shard[];
  plan: PlanFile | null;
  /** Only where no other job follows: else the last job of the tick publishes it. */
  digest: DigestEnd | null;
  /** What is to be judged in jobs. Only where nobody works: else publishing finds out, with the new pulls. */
  hearings: Hearings | null;
}

/** The first job of a tick: settles, decides who is due, claims, and says which job works what. Calls no model. */
export async function planJob(world: World, chain: number): Promise<JobPlan> {
  const before = await read(world, chain);
  const { plan: planned, snapshot } = await settledPlan(world, before);
  await closeSlots(world, snapshot, planned);
  const beats = [...planned.closings, ...planned.rests].map(idleRow);
  const { shards, left } = shardsOf(
    planned.beats.map((b) => weigh(snapshot, b)),
    snapshot.fleet.config.actions,
  );
  beats.push(
    ...left.map((b) => lostRow(b, "there is no job left for it in this tick; the next one has room")),
  );
  const orders: Order[] = [];
  for (const beat of planned.beats) {
    const shard = shards.find((s) => s.agents.includes(beat.agent))?.shard;
    if (shard === undefined) continue;
    const order = await take(world, snapshot, { beat, shard });
    if (order === null)
      beats.push(lostRow(beat, "another tick holds this agent or its task, or a person has just stopped it"));
    else {
      orders.push(order);
      beats.unshift(dueRow(order.planned));
    }
  }
  const manned = shards.filter((s) => orders.some((o) => o.shard === s.shard));
  const plan = orders.length === 0 ? null : fileOf(world, snapshot, { orders, at: planned.at });
  const hearings = plan === null ? await docketOf(world, snapshot) : null;
  const digest = plan === null && hearings === null ? await tickDigest(world, before) : null;
  return { base: snapshot.base, beats, shards: manned, plan, digest, hearings };
}

function weigh(snapshot: Snapshot, beat: PlannedBeat): Parameters<typeof shardsOf>[0][number] {
  const agent = snapshot.fleet.agents.get(beat.agent);
  const one = agent === undefined ? 0 : attemptMinutes(agent, snapshot.journal.records);
  const engine = agent?.spec.engine;
  const isProgram = engine?.kind === "command";
  return { beat, isProgram, env: isProgram ? engine.env : [], minutes: one * beat.tries.length };
}

/** Claims a beat for a job that begins when a machine is free. Null: somebody else has it. */
async function take(
  world: World,
  snapshot: Snapshot,
  { beat, shard }: { beat: PlannedBeat; shard: number },
): Promise<Order | null> {
  const leaseEnd = instantOf(new Date(snapshot.now.getTime() + LEASE_MINUTES * 60_000));
  const planned = { ...beat, leaseEnd };
  const claims = await claim(world, snapshot, planned);
  if (claims === null) return null;
  const told = {
    said: await saidTo(world, snapshot, beat.agent),
    asked: beat.tries.map((t) => roundReasons(snapshot, t)),
  };
  return { planned, claims, told, shard };
}

const fileOf = (
  world: World,
  snapshot: Snapshot,
  { orders, at }: Pick<PlanFile, "orders" | "at">,
): PlanFile => ({
  version: 1,
  id: randomId(world.clock.chance, 16),
  pullbeat: snapshot.pullbeat,
  now: instantOf(snapshot.now),
  at,
  chain: snapshot.chain,
  branch: snapshot.branch,
  base: snapshot.base,
  pulls: newestPull(snapshot),
  orders,
});
