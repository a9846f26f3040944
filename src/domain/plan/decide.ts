import { takesRoom, withinRoom } from "./attention.ts";
import type { Custody } from "./custody.ts";
import { recordKey, type Facts } from "./facts.ts";
import { agentOf } from "./halt.ts";
import { instantOf, minuteOf, SlotTime, taskOf, unitOf, type AgentName, type Unit } from "../id.ts";
import { nothingReady, ownWork, untilWhen } from "./idle.ts";
import { staleInput } from "./input.ts";
import { allowance, dearest, type Ledger } from "./ledger.ts";
import type { Manual, Occasion } from "./occasion.ts";
import { choose, survey, type Candidate, type Holding, type Survey } from "./pick.ts";
import type { Plan, PlannedBeat, Rest, Try } from "./plan.ts";
import type { AgentFile, Spec } from "../spec.ts";

/** What agents that were planned before have used up already. */
export interface Desk {
  facts: Facts;
  orphans: ReadonlySet<Unit>;
  ledger: Ledger;
  holding: readonly Holding[];
  /** How many more items may wait for a person; null: no limit. */
  room: number | null;
  plan: Plan;
  by: Manual | undefined;
}

/** Why an agent does not work now, before it is known whether that closes a slot. */
type Reason = Pick<Rest, "code" | "reason">;

/** The beat of an agent, or the first reason against it. */
export function decide(
  agent: AgentName,
  { custody, occasion }: { custody: Custody; occasion: Occasion },
  desk: Desk,
): PlannedBeat | Reason {
  const { facts, ledger } = desk;
  const { fleet, now } = facts.snapshot;
  const able = agentOf(agent, facts);
  if ("halt" in able) return able.halt;
  const { spec } = able.file;
  if (custody.live !== null)
    return {
      code: "working",
      reason: `works at ${custody.live.slot} until ${custody.live.leaseEnd} at most`,
    };
  const stale = staleInput(spec, facts.snapshot);
  if (stale !== null) return { code: "stale-input", reason: stale };
  const allowed = allowance(spec, ledger, { config: fleet.config, now });
  if ("reason" in allowed) return { code: "budget", reason: allowed.reason };
  if (occasion.slot === null && !spec.wakes.includes("ready"))
    return { code: "not-due", reason: untilWhen(spec, facts) };
  const found = wanted(surveyFor(agent, occasion, desk), desk.by);
  const woken = wokenBy(occasion, { spec, found, facts });
  if ("code" in woken) return woken;
  const unable = facts.snapshot.unable.get(agent);
  if (unable !== undefined) return { code: "unable", reason: unable };
  const candidates = withinRoom(found.candidates, desk.room, facts);
  if (candidates.length === 0 && found.candidates.length > 0) return noRoom(facts);
  return beatOf(
    able.file,
    { occasion: woken, found: { ...found, candidates }, most: allowed.attempts },
    desk,
  );
}

const noRoom = ({ snapshot }: Facts): Reason => ({
  code: "attention",
  reason: `${snapshot.fleet.config.limits.attention} items wait for a person, which is as many as may (limits.attention); what is ready would be one more`,
});

function surveyFor(agent: AgentName, { takes }: Occasion, { facts, orphans: foreign }: Desk): Survey {
  const own = new Set(takes.flatMap((c) => (c.unit === null ? [] : [c.unit])));
  return survey(agent, facts, { takes: own, orphans: foreign });
}

/** Of a beat by hand, only the task or occurrence that was asked for. */
function wanted(found: Survey, by: Manual | undefined): Survey {
  const task = by?.task;
  if (task === undefined) return found;
  const asked = ({ unit }: { unit: Unit }): boolean => unit === task || unitOf(taskOf(unit)) === task;
  return { candidates: found.candidates.filter(asked), others: found.others.filter(asked) };
}

/** An open slot is occasion enough. Without one the agent is woken by ready work, but never by work that it made itself. */
function wokenBy(
  occasion: Occasion,
  { spec, found, facts }: { spec: Spec; found: Survey; facts: Facts },
): (Occasion & { slot: SlotTime }) | Reason {
  const { slot } = occasion;
  if (slot !== null) return { ...occasion, slot };
  const { now, chain, fleet } = facts.snapshot;
  const foreign = found.candidates.find((c) => c.why !== "ready" || c.file.task.created_by !== spec.name);
  const [own] = found.candidates;
  if (foreign === undefined)
    return {
      code: "nothing-ready",
      reason: `${own === undefined ? nothingReady(found) : ownWork(own)}; ${untilWhen(spec, facts)}`,
    };
  const { chain: most } = fleet.config.limits;
  if (chain >= most)
    return {
      code: "chain",
      reason: `${foreign.unit} is ready, but ${chain} ticks came without a person or a slot, and ${most} are the most`,
    };
  const minute = SlotTime.parse(minuteOf(now));
  if (facts.recorded.has(recordKey({ agent: spec.name, slot: minute })))
    return {
      code: "same-minute",
      reason: `${foreign.unit} is ready, but its agent began a beat this minute; tick again in a minute`,
    };
  return {
    ...occasion,
    slot: minute,
    wake: foreign.why === "changes" ? "changes" : "ready",
    reason: whyWoken(foreign),
  };
}

const roomTaken = (tries: readonly Try[], facts: Facts): number =>
  tries.filter(({ why, task }) => {
    const file = facts.snapshot.fleet.tasks.get(task);
    return file === undefined || takesRoom({ why, file }, facts);
  }).length;

const whyWoken = ({ why, unit, standing }: Candidate): string =>
  why === "changes" ? standing.reason : `${unit} is ready`;

function beatOf(
  file: AgentFile,
  { occasion, found, most }: { occasion: Occasion & { slot: SlotTime }; found: Survey; most: number },
  desk: Desk,
): PlannedBeat | Reason {
  const { name, budget } = file.spec;
  const { facts, holding } = desk;
  const tasks = Math.min(budget.beat.tasks, most);
  const chosen = choose(file, found.candidates, { most: tasks, holding, facts });
  desk.plan.skipped.push(...chosen.skipped);
  desk.holding = chosen.holding;
  if (desk.room !== null) desk.room -= roomTaken(chosen.tries, facts);
  const { tries } = chosen;
  if (tries.length === 0)
    return { code: "nothing-ready", reason: chosen.skipped[0]?.reason ?? nothingReady(found) };
  const { now, fleet } = facts.snapshot;
  const minutes = tries.length * budget.attempt.minutes + fleet.config.limits.grace;
  return {
    agent: name,
    slot: occasion.slot,
    wake: occasion.wake,
    reason: occasion.reason,
    tries,
    leaseEnd: instantOf(new Date(now.getTime() + minutes * 60_000)),
    turn: occasion.turn,
    reserved: Math.round(tries.length * dearest(file.spec) * 1e6) / 1e6,
    takes: occasion.takes,
  };
}
