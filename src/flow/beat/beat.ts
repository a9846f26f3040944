import { Fault, sentence } from "../../domain/fault.ts";
import { instantOf, Sha, type AgentName } from "../../domain/id.ts";
import type { PlannedBeat, Try } from "../../domain/plan/plan.ts";
import type { Attempt, BeatRecord } from "../../domain/record.ts";
import { roundReasons } from "../../domain/pull/said.ts";
import { newestPull, type Claim, type Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import { barred } from "../../domain/board/question.ts";
import { concluded, type Finished } from "./attempt.ts";
import { discreetAttempt } from "./discreet.ts";
import type { FinishedBeat } from "./publish.ts";
import { saidTo } from "../said.ts";
import { toil } from "./toil.ts";
import { unworked } from "./unworked.ts";
import type { World } from "../world.ts";

/** One wake-up of one agent: its tries, one after another. Reads only what the snapshot's commits hold. */
export async function beat(
  world: World,
  snapshot: Snapshot,
  planned: PlannedBeat,
  claims: readonly Claim[],
): Promise<FinishedBeat> {
  const started = world.clock.now();
  const agent = snapshot.fleet.agents.get(planned.agent);
  const works: Finished[] = [];
  const attempts: Attempt[] = [];
  if (agent !== undefined)
    for (const t of planned.tries) {
      const now = withAttempts(snapshot, { planned, started, attempts });
      const done = await unbroken(now, t, () => attempt(world, now, { planned, agent, t }));
      attempts.push(...done.attempts);
      works.push(...done.works);
    }
  world.watch({ kind: "ends", agent: planned.agent });
  const record = worked(recordOf(snapshot, planned, started), attempts, world.clock.now());
  return { record, claims, works };
}

/** The record of a beat whose attempts are over. */
export function worked(
  begun: Omit<BeatRecord, "outcome">,
  attempts: readonly Attempt[],
  ended: Date,
): BeatRecord {
  const some = attempts.some((a) => a.outcome !== "failed");
  return {
    ...begun,
    outcome: some ? "worked" : "failed",
    reason: some ? begun.reason : (attempts.at(-1)?.reason ?? "nothing could be tried"),
    ended: instantOf(ended),
    attempts: [...attempts],
  };
}

/** The snapshot with what this beat did before: its earlier questions count against what it may still ask. */
export function withAttempts(
  snapshot: Snapshot,
  { planned, started, attempts }: { planned: PlannedBeat; started: Date; attempts: readonly Attempt[] },
): Snapshot {
  if (attempts.length === 0) return snapshot;
  const record: BeatRecord = {
    ...recordOf(snapshot, planned, started),
    outcome: "worked",
    attempts: [...attempts],
  };
  const { journal } = snapshot;
  return { ...snapshot, journal: { ...journal, records: [...journal.records, record] } };
}

/** What every record of this snapshot begins with. */
export function recordOf(
  snapshot: Snapshot,
  planned: Pick<PlannedBeat, "agent" | "slot" | "reason"> & Partial<Pick<PlannedBeat, "wake" | "turn">>,
  started: Date,
): Omit<BeatRecord, "outcome"> {
  const at = instantOf(started);
  return {
    version: 1,
    pullbeat: snapshot.pullbeat,
    agent: planned.agent,
    slot: planned.slot,
    reason: planned.reason,
    wake: planned.wake ?? "slot",
    base: snapshot.base,
    spec: specBlob(snapshot, planned.agent),
    now: instantOf(snapshot.now),
    started: at,
    ended: at,
    chain: snapshot.chain,
    turn: planned.turn ?? 1,
    attempts: [],
  };
}

/** The spec in force; where none can be read, the tip that lacks it. */
const specBlob = (snapshot: Snapshot, agent: AgentName): Sha =>
  Sha.catch(snapshot.base).parse(snapshot.fleet.agents.get(agent)?.blob);

/** How an attempt ended whose engine broke. */
export function broken(error: unknown): { failure: string; reason: string } {
  const code = error instanceof Fault ? error.code : "bug";
  return { failure: `engine/${code}`, reason: `broke: ${sentence(error)}` };
}

/** A try that breaks ends as a failed attempt, in the journal like any other; it takes no other try down. */
async function unbroken(
  snapshot: Snapshot,
  t: Try,
  work: () => Promise<Finished | null>,
): Promise<{ attempts: readonly Attempt[]; works: readonly Finished[] }> {
  try {
    const done = await work();
    return done === null ? { attempts: [], works: [] } : { attempts: [done.attempt], works: [done] };
  } catch (error) {
    const end = broken(error);
    return { attempts: await Promise.all(unworked(snapshot, t, end).map(discreetAttempt)), works: [] };
  }
}

async function attempt(
  world: World,
  snapshot: Snapshot,
  { planned, agent, t }: { planned: PlannedBeat; agent: AgentFile; t: Try },
): Promise<Finished | null> {
  const told = { said: await saidTo(world, snapshot, agent.spec.name), asked: roundReasons(snapshot, t) };
  const asking = { spec: agent.spec, unit: t.unit, task: t.task };
  const done = await toil(world, snapshot, {
    agent,
    t,
    told,
    pulls: newestPull(snapshot),
    barred: (condition) => barred({ ...asking, condition }, snapshot)?.reason ?? null,
  });
  if (done === null) return null;
  const { work, ...place } = done;
  return concluded({ world, snapshot, beat: planned, ...place }, work);
}
