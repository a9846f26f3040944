import type { Config } from "../config.ts";
import { zoneOf } from "../plan/duty.ts";
import { dateOf, type AgentName } from "../id.ts";
import type { BeatRecord } from "../record.ts";
import { slotsBetween } from "../time/schedule.ts";
import { attemptMinutes, shardsFor } from "../plan/shard.ts";
import type { Snapshot } from "../snapshot.ts";
import type { AgentFile } from "../spec.ts";
import { isDuty } from "../board/task.ts";
import { cronsFor } from "./cron.ts";
import type { Workload } from "./files.ts";
import { gradersFor, judgingMinutes } from "./judging.ts";

const DAYS = 30;
const DAY = 86_400_000;

/** Minutes until a job that has started can begin with its work: machine, checkout, history. */
const SETUP = 1.5;

/** API calls of GitHub: a tick that finds nothing, a beat that opens a pull, a settle. */
const CALLS = { tick: 2, beat: 4, settle: 10 };

/** What one agent would do in a month, by its slots and by what its beats came to so far. */
interface AgentMonth {
  agent: AgentName;
  /** A grader's judgements count as beats of it. */
  beats: number;
  tokens: number;
  usd: number;
  minutes: number;
  /** True: it has never worked, and its budgets stand for what it would use. */
  atMost: boolean;
}

/** A month of a fleet on Actions, before anybody pays for it. Ticks that begin because something became ready, or a gate is to judge again, come on top. */
export interface Month {
  days: number;
  crons: string[];
  ticks: number;
  /** Ticks in which no slot is due. */
  idle: number;
  jobs: number;
  /** Billed minutes: each job counts in whole ones. */
  minutes: number;
  beats: number;
  tokens: number;
  usd: number;
  calls: number;
  agents: AgentMonth[];
}

/** What a month is counted from. */
interface MonthFacts {
  now: Date;
  fleet: Workload;
  journal: Pick<Snapshot["journal"], "records">;
}

/** Counts the month that begins now. */
export function monthOf(snapshot: MonthFacts): Month {
  const { now, fleet } = snapshot;
  const crons = cronsFor(fleet, now);
  const until = new Date(now.getTime() + DAYS * DAY);
  const ticks = crons
    .flatMap((cron) => slotsBetween(`cron "${cron}"`, "UTC", now, until))
    .map(dateOf)
    .toSorted(byTime);
  const beats = [...fleet.agents.values()].flatMap((agent) =>
    dueOf(snapshot, agent, until).map((at) => ({ at, agent })),
  );
  const filled = ticks.map((tick, i) => {
    const from = ticks[i - 1] ?? now;
    const due = beats.filter((b) => b.at > from && b.at <= tick).map((b) => b.agent);
    return [...new Set(due)];
  });
  const costs = filled.map((agents) => jobsOf(agents, snapshot));
  const judged = beats.flatMap((b) => gradersFor(b.agent, fleet));
  const agents = [...fleet.agents.values()].map((a) => {
    const own = agentMonth(a, beats.filter((b) => b.agent === a).length, snapshot);
    return withJudgements(own, a, judged.filter((g) => g === a).length);
  });
  const worked = filled.filter((f) => f.length > 0).length;
  const count = beats.length;
  return {
    days: DAYS,
    crons,
    ticks: ticks.length,
    idle: ticks.length - worked,
    jobs: costs.reduce((sum, c) => sum + c.length, 0),
    minutes: costs.flat().reduce((sum, m) => sum + Math.ceil(m), 0),
    beats: count,
    tokens: agents.reduce((sum, a) => sum + a.tokens, 0),
    usd: agents.reduce((sum, a) => sum + a.usd, 0),
    calls: ticks.length * CALLS.tick + count * CALLS.beat + worked * CALLS.settle,
    agents: agents.filter((a) => a.beats > 0),
  };
}

const byTime = (a: Date, b: Date): number => a.getTime() - b.getTime();

/** Moments at which an agent has something to do: its duties' occurrences; without any, its own slots. */
function dueOf({ now, fleet }: MonthFacts, { spec }: AgentFile, until: Date): Date[] {
  if (spec.status !== "active") return [];
  const zone = zoneOf(spec, fleet.config);
  const duties = [...fleet.tasks.values()].filter(
    ({ task }) => task.agent === spec.name && isDuty(task) && task.status === "todo",
  );
  const schedules = duties.flatMap(({ task }) => (task.every === undefined ? [] : [task.every]));
  const all = schedules.length > 0 ? schedules : [spec.schedule];
  return all.flatMap((s) => slotsBetween(s, zone, now, until)).map(dateOf);
}

/** Minutes of each job of a tick: plan alone where nobody is due, else plan, shards, publish, what judges, and settle. */
function jobsOf(agents: readonly AgentFile[], { journal, fleet }: MonthFacts): number[] {
  if (agents.length === 0) return [SETUP];
  const minutesOf = (a: AgentFile): number => attemptMinutes(a, journal.records);
  const models = agents.filter((a) => !isProgram(a)).map(minutesOf);
  return [
    SETUP,
    SETUP,
    SETUP,
    ...workOf(models, fleet.config),
    ...agents.filter(isProgram).map((a) => SETUP + minutesOf(a)),
    ...judgingMinutes(agents, fleet).map((m) => SETUP + m),
  ];
}

const isProgram = (a: AgentFile): boolean => a.spec.engine.kind === "command";

function workOf(models: readonly number[], { actions }: Config): number[] {
  const total = models.reduce((a, b) => a + b, 0);
  const jobs = shardsFor(models.length, total, actions);
  return Array.from({ length: jobs }, () => SETUP + total / jobs);
}

function agentMonth(agent: AgentFile, beats: number, { journal }: MonthFacts): AgentMonth {
  const { name, budget } = agent.spec;
  const attempts = attemptsOf(name, journal.records);
  const isModel = agent.spec.engine.kind === "openai";
  const minutes = Math.round(beats * attemptMinutes(agent, journal.records));
  if (attempts.length === 0) {
    const one = isModel ? budget.attempt : { tokens: 0, usd: 0 };
    return { agent: name, beats, minutes, tokens: beats * one.tokens, usd: beats * one.usd, atMost: isModel };
  }
  const mean = (of: (a: (typeof attempts)[number]) => number): number =>
    attempts.reduce((sum, a) => sum + of(a), 0) / attempts.length;
  const tokens = Math.round(beats * mean((a) => a.spent.tokens.input + a.spent.tokens.output));
  return { agent: name, beats, minutes, tokens, usd: beats * mean((a) => a.spent.usd ?? 0), atMost: false };
}

/** A grader's judgements beside its beats; each may take what one attempt of it may. */
function withJudgements(own: AgentMonth, { spec }: AgentFile, judgements: number): AgentMonth {
  if (judgements === 0) return own;
  const { tokens, usd, minutes } = spec.budget.attempt;
  return {
    ...own,
    beats: own.beats + judgements,
    tokens: own.tokens + judgements * tokens,
    usd: own.usd + judgements * usd,
    minutes: own.minutes + Math.round((judgements * minutes) / 4),
    atMost: true,
  };
}

const attemptsOf = (name: AgentName, records: readonly BeatRecord[]): BeatRecord["attempts"] =>
  records
    .filter((r) => r.agent === name)
    .flatMap((r) => r.attempts)
    .filter((a) => a.spent.steps > 0)
    .slice(-20);
