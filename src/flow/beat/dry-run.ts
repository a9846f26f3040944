import type { TextChange } from "../../domain/change.ts";
import { factsOf } from "../../domain/plan/facts.ts";
import { isOccurrence } from "../../domain/plan/duty.ts";
import { instantOf, minuteOf, SlotTime, taskOf, Unit } from "../../domain/id.ts";
import { parkReason } from "../../domain/control/park.ts";
import type { Plan, PlannedBeat, Try } from "../../domain/plan/plan.ts";
import type { Manual } from "../../domain/plan/planner.ts";
import { branchOf } from "../../domain/pull/pull.ts";
import type { Attempt } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import { isDuty } from "../../domain/board/task.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { Edits } from "../../port/engine.ts";
import { planAble } from "../able.ts";
import type { Finished } from "./attempt.ts";
import { beat } from "./beat.ts";
import { collectEdits, treeOf } from "../verdict/collect.ts";
import type { Happening, World } from "../world.ts";

/** What a dry run is about to do. */
export interface Rehearsal {
  snapshot: Snapshot;
  /** What the next tick makes of the agent when nobody asks. */
  unasked: { isDue: boolean; reason: string };
  /** The beat by hand; null when the agent rests. */
  beat: PlannedBeat | null;
  /** Why the plan would let it rest; with a beat, one that was forced. */
  rest: string | null;
  /** It rests because its engine cannot work: no task helps against that. */
  isUnable: boolean;
}

/** One attempt of which nothing left this machine. */
export interface Rehearsed {
  planned: Try;
  attempt: Attempt;
  /** What its commit would change; or, of work that was refused, what it last handed in. */
  changes: TextChange[];
  /** The last word of every gate; null when none was asked. */
  verdict: Verdict | null;
  /** Why its task would be parked. */
  park: string | null;
}

/** The snapshot as it would be if the tip held this spec. */
export function withSpec(snapshot: Snapshot, file: AgentFile): Snapshot {
  const { fleet } = snapshot;
  const agents = new Map([...fleet.agents, [file.spec.name, file]]);
  return {
    ...snapshot,
    fleet: { ...fleet, agents, findings: fleet.findings.filter((f) => f.file !== file.path) },
  };
}

/**
 * Plans a beat by hand that will be published nowhere. With a task it takes place even if the plan is against it: it is
 * no use to wait for a task to be ready in order to try a spec. Only an engine that cannot work cannot be forced.
 */
export async function prepare(world: World, snapshot: Snapshot, by: Manual): Promise<Rehearsal> {
  const unasked = unaskedOf((await planAble(world, snapshot)).plan, by);
  const { plan: planned, snapshot: known } = await planAble(world, snapshot, by);
  const [due] = planned.beats;
  if (due !== undefined) return { snapshot: known, unasked, beat: due, rest: null, isUnable: false };
  const why = unable(world, snapshot, by);
  const rest = why ?? planned.rests[0]?.reason ?? "nothing is planned for it";
  const forced = why === null ? forcedBeat(snapshot, by) : null;
  return { snapshot: known, unasked, beat: forced, rest, isUnable: why !== null };
}

function unaskedOf({ beats, rests }: Plan, { agent }: Manual): Rehearsal["unasked"] {
  const due = beats.find((b) => b.agent === agent);
  if (due !== undefined) return { isDue: true, reason: due.reason };
  return {
    isDue: false,
    reason: rests.find((r) => r.agent === agent)?.reason ?? "nothing is planned for it",
  };
}

function unable(world: World, { fleet }: Snapshot, { agent: name }: Manual): string | null {
  const agent = fleet.agents.get(name);
  return agent === undefined
    ? null
    : (world.engine(agent, fleet.config, treeOf(world.repo, fleet.entries)).unable?.() ?? null);
}

/** A fresh attempt on a task at the tip, whatever stands against it; null when none was named. */
function forcedBeat(snapshot: Snapshot, { agent, id, task }: Manual): PlannedBeat | null {
  const { fleet, base, now } = snapshot;
  const file = task === undefined ? undefined : fleet.tasks.get(taskOf(task));
  if (task === undefined || file === undefined) return null;
  const facts = factsOf(snapshot);
  const isWhole = isDuty(file.task) && !isOccurrence(task);
  const unit = isWhole ? (facts.newest.get(file.task.id) ?? Unit.parse(`${task}@${minuteOf(now)}`)) : task;
  const attempt = 1 + (facts.attempts.get(unit) ?? 0);
  const branch = branchOf(unit, attempt);
  const fresh = { why: "ready", base, parent: base, pull: null, round: 1 } as const;
  return {
    agent,
    slot: SlotTime.parse(`manual-${id}`),
    wake: "manual",
    reason: "asked for by hand",
    tries: [{ unit, task: file.task.id, attempt, branch, ...fresh }],
    leaseEnd: instantOf(now),
    turn: 1,
    reserved: 0,
    takes: [],
  };
}

/** Works the beat's tries one after another, as a tick would; nothing is claimed and nothing is published. */
export async function rehearse(
  world: World,
  { snapshot, beat: planned }: Rehearsal,
  told: (done: Rehearsed) => void,
): Promise<Rehearsed[]> {
  const all: Rehearsed[] = [];
  for (const t of planned?.tries ?? []) {
    if (planned === null || world.stop?.aborted === true) break;
    let judged: Judged | null = null;
    const watch = (happening: Happening): void => {
      if (happening.kind === "judged") judged = happening;
      world.watch(happening);
    };
    const { record, works } = await beat({ ...world, watch }, snapshot, { ...planned, tries: [t] }, []);
    const [attempt] = record.attempts;
    if (attempt === undefined) continue;
    const done = await rehearsed(snapshot, { planned: t, attempt, work: works[0], judged });
    all.push(done);
    told(done);
  }
  return all;
}

type Judged = Extract<Happening, { kind: "judged" }>;

async function rehearsed(
  { journal }: Snapshot,
  done: { planned: Try; attempt: Attempt; work: Finished | undefined; judged: Judged | null },
): Promise<Rehearsed> {
  const { planned, attempt, work, judged } = done;
  const edits: Edits =
    work === undefined || work.edits.size > 0 ? (work?.edits ?? new Map()) : (judged?.edits ?? new Map());
  return {
    planned,
    attempt,
    changes: work === undefined ? [] : await collectEdits(work.stand.tree, edits),
    verdict: attempt.verdict ?? judged?.verdict ?? null,
    park: parkReason(attempt, journal),
  };
}
