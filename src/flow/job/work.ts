import { instantOf, type AgentName } from "../../domain/id.ts";
import {
  Handed,
  handed,
  proposalRef,
  type HandedWork,
  type Handover,
  type Order,
  type PlanFile,
} from "../../domain/plan/handover.ts";
import type { Try } from "../../domain/plan/plan.ts";
import { recordText } from "../journal.ts";
import type { Airlock, Hatch } from "../../port/airlock.ts";
import type { End, Work } from "../../port/engine.ts";
import { broken } from "../beat/beat.ts";
import { collectEdits, draftsOf } from "../verdict/collect.ts";
import { discreet, discreetQuestion, holdsSecret } from "../beat/discreet.ts";
import { judgeEdits } from "../beat/stand.ts";
import { toil, type Moment, type Toiled } from "../beat/toil.ts";
import type { Workshop } from "../world.ts";

/** Where a shard's work goes. */
export interface Outbox {
  airlock: Pick<Airlock, "wrap">;
  hatch: Pick<Hatch, "put">;
}

/** A beat that was handed over, for people who watch. */
export interface HandedBeat {
  agent: string;
  slot: string;
  works: { task: string; end: string; reason: string }[];
}

/**
 * Works the beats of one shard side by side, at most `limits.parallel`, and hands each over as it ends. Needs no remote:
 * all that is read is the base, the commits that earlier rounds stand on, and the plan.
 */
export async function workShard(
  world: Workshop,
  { plan, shard }: { plan: PlanFile; shard: number },
  out: Outbox,
): Promise<HandedBeat[]> {
  const fleet = await world.records.fleet(plan.base);
  const moment: Moment = { now: new Date(plan.now), base: plan.base, fleet };
  const queue = plan.orders.filter((o) => o.shard === shard);
  const done = new Map<Order, HandedBeat>();
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      done.set(next, await handOver(world, { plan, moment, order: next }, out));
  };
  await Promise.all(Array.from({ length: fleet.config.limits.parallel }, worker));
  return plan.orders.flatMap((o) => done.get(o) ?? []);
}

interface Errand {
  plan: PlanFile;
  moment: Moment;
  order: Order;
}

async function handOver(world: Workshop, errand: Errand, out: Outbox): Promise<HandedBeat> {
  const { plan, order } = errand;
  const { agent, slot, tries } = order.planned;
  const started = instantOf(world.clock.now());
  const works: HandedWork[] = [];
  for (const [n, t] of tries.entries()) {
    const work = await handWork(world, errand, { t, n, out }).catch((error: unknown) =>
      failed(t, broken(error)),
    );
    if (work !== null) works.push(work);
  }
  world.watch({ kind: "ends", agent });
  const ended = instantOf(world.clock.now());
  const record: Handover = { version: 1, plan: plan.id, agent, slot, started, ended, works };
  await out.hatch.put(handed.record(agent), recordText(record));
  return {
    agent,
    slot,
    works: works.map(({ unit, end }) => ({ task: unit, end: end.kind, reason: reasonOf(end) })),
  };
}

const reasonOf = (end: HandedWork["end"]): string => (end.kind === "failed" ? end.reason : "");

const failed = (
  { unit, attempt }: Try,
  { failure, reason }: { failure: string; reason: string },
): HandedWork => ({
  unit,
  attempt,
  end: { kind: "failed", failure, reason: reason.slice(0, 2000) },
  bundle: false,
  transcript: false,
  spent: { steps: 0, tokens: { input: 0, cached: 0, output: 0 }, usd: null, ms: 0 },
  engine: { kind: "unknown", model: "unknown", scripted: false },
  requests: [],
  saw: [],
  notes: [],
  feedback: [],
  shortened: 0,
});

/** Works one try, and puts what it made beside the record. Null when its task is not on the board. */
async function handWork(
  world: Workshop,
  { plan, moment, order }: Errand,
  { t, n, out }: { t: Try; n: number; out: Outbox },
): Promise<HandedWork | null> {
  const { agent: name } = order.planned;
  const agent = moment.fleet.agents.get(name);
  if (agent === undefined) return null;
  const told = { said: order.told.said, asked: order.told.asked[n] ?? [] };
  const done = await toil(world, moment, { agent, t, told, pulls: plan.pulls });
  if (done === null) return null;
  const leak = await leakIn(world, moment, { name, done });
  const bundle =
    leak === null ? await bundleOf(done, { ref: proposalRef(plan.id, t), airlock: out.airlock }) : null;
  if (bundle !== null) await out.hatch.put(handed.bundle(name, n), bundle);
  const { transcript } = done.work;
  const kept = transcript !== "" && leak === null && !(await holdsSecret(transcript));
  if (kept) await out.hatch.put(handed.transcript(name, n), transcript);
  const words = await wordsOf(done.work);
  const end = leak === null ? words.end : { kind: "failed" as const, failure: "gate/secrets", reason: leak };
  return { unit: t.unit, attempt: t.attempt, ...words, end, bundle: bundle !== null, transcript: kept };
}

/** What the gate for credentials says of finished work: who may read a repository may read what its jobs hand over. */
async function leakIn(
  world: Workshop,
  { fleet }: Moment,
  { name, done }: { name: AgentName; done: Toiled },
): Promise<string | null> {
  if (done.work.end.kind !== "finished") return null;
  const { gates } = await judgeEdits(world, done.stand, done.work.edits, {
    fleet,
    agent: name,
    kind: "work",
    pulls: null,
  });
  const gate = gates.find((g) => g.gate === "secrets");
  return gate === undefined || gate.ruling === "pass" ? null : gate.sentence;
}

/** Null when there is nothing to carry over. */
async function bundleOf(
  { stand, work }: Toiled,
  { ref, airlock }: { ref: string; airlock: Outbox["airlock"] },
): Promise<Uint8Array | null> {
  if (work.end.kind !== "finished") return null;
  const changed = new Set((await collectEdits(stand.tree, work.edits)).map((c) => c.path));
  if (changed.size === 0) return null;
  const edits = new Map([...work.edits].filter(([path]) => changed.has(path)));
  return airlock.wrap({ ref, parent: stand.planned.parent }, draftsOf(stand.tree, edits));
}

type Words = Omit<HandedWork, "unit" | "attempt" | "bundle" | "transcript">;

/** What an engine said of its work, without what looks like a credential. */
async function wordsOf({
  end,
  spent,
  engine,
  requests,
  saw,
  notes,
  feedback,
  shortened,
}: Work): Promise<Words> {
  return Handed.parse({
    end: await discreetEnd(end),
    spent,
    engine,
    requests,
    saw,
    notes: await Promise.all(notes.map(async ({ kind, text }) => ({ kind, text: await discreet(text) }))),
    feedback: await Promise.all(feedback.map(discreet)),
    shortened,
  });
}

async function discreetEnd(end: End): Promise<End> {
  switch (end.kind) {
    case "finished":
      return { ...end, summary: await discreet(end.summary) };
    case "asked":
      return { kind: "asked", question: await discreetQuestion(end.question) };
    case "failed":
      return { ...end, reason: (await discreet(end.reason)).slice(0, 2000) };
    default:
      return end satisfies never;
  }
}
