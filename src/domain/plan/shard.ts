import type { Config } from "../config.ts";
import type { AgentName } from "../id.ts";
import type { PlannedBeat } from "./plan.ts";
import type { BeatRecord } from "../record.ts";
import type { AgentFile } from "../spec.ts";

/** Minutes after which a job that works is stopped by its machine; pullbeat itself stops a little earlier. */
export const WORK_MINUTES = 60;

/** How long claims stand on Actions: the wait for a machine, the work, and publishing. */
export const LEASE_MINUTES = WORK_MINUTES + 45;

/** Jobs that one matrix may hold. */
const MATRIX = 256;

/** One working job of a matrix. */
export interface Shard {
  /** From 1. */
  shard: number;
  /** Only a job of models gets the model's key. A program has a job of its own: it is fenced less. */
  kind: "model" | "program";
  agents: AgentName[];
  /** Variables that its program is to find in its environment. */
  env: string[];
  /** Minutes that it is expected to take. */
  minutes: number;
}

/** Minutes that one attempt of an agent takes: what it took lately, else a quarter of what it may take. */
export function attemptMinutes({ spec }: AgentFile, records: readonly BeatRecord[]): number {
  const took = records
    .filter((r) => r.agent === spec.name)
    .flatMap((r) => r.attempts)
    .filter((a) => a.spent.ms > 0)
    .slice(-10)
    .map((a) => a.spent.ms / 60_000);
  return took.length === 0 ? spec.budget.attempt.minutes / 4 : took.reduce((a, b) => a + b, 0) / took.length;
}

/** A beat with the minutes that it is expected to take. */
export interface Weighed {
  beat: PlannedBeat;
  isProgram: boolean;
  /** Variables that its program asks for. */
  env: readonly string[];
  minutes: number;
}

/** Jobs for so many beats that take so many minutes in all. */
export const shardsFor = (
  beats: number,
  total: number,
  { jobs, minutes }: Pick<Config["actions"], "jobs" | "minutes">,
): number => Math.min(jobs, beats, Math.max(1, Math.ceil(total / minutes)));

/**
 * Few jobs, many beats in each: as many jobs as there is work for, at most `jobs`; the longest beat goes first, each into
 * the job that has least. Programs come each alone. Beats that fit into no matrix are left for the next tick.
 */
export function shardsOf(
  beats: readonly Weighed[],
  { jobs, minutes }: Pick<Config["actions"], "jobs" | "minutes">,
): { shards: Shard[]; left: PlannedBeat[] } {
  const models = beats.filter((b) => !b.isProgram).toSorted((a, b) => b.minutes - a.minutes);
  const total = models.reduce((sum, b) => sum + b.minutes, 0);
  const wanted = shardsFor(models.length, total, { jobs, minutes });
  const shards: Shard[] = Array.from({ length: wanted }, (_, i) => ({
    shard: i + 1,
    kind: "model",
    agents: [],
    env: [],
    minutes: 0,
  }));
  for (const { beat, minutes: more } of models) {
    const least = shards.reduce((a, b) => (b.minutes < a.minutes ? b : a));
    least.agents.push(beat.agent);
    least.minutes += more;
  }
  const programs = beats.filter((b) => b.isProgram);
  const alone = programs.slice(0, MATRIX - wanted);
  for (const { beat, env, minutes: more } of alone)
    shards.push({
      shard: shards.length + 1,
      kind: "program",
      agents: [beat.agent],
      env: [...env],
      minutes: more,
    });
  return { shards, left: programs.slice(alone.length).map((p) => p.beat) };
}
