import type { JobPlan } from "../flow/job-plan.ts";
import type { PublishReport } from "../flow/job-publish.ts";
import type { JobSettled } from "../flow/job-settle.ts";
import type { HandedBeat } from "../flow/job-work.ts";
import type { Terminal } from "./terminal.ts";
import { tickLines } from "./tick.ts";
import { digestLine, settledLines } from "./words.ts";

/** What `job plan` says; of the plan itself only its name and digest. */
export type PlanSaid = Omit<JobPlan, "plan"> & { plan: { id: string; digest: string } | null };

/** Who works in which job, and why everybody else rests. */
export function planLines(
  { base, beats, shards, plan, digest }: PlanSaid,
  now: Date,
  terminal: Terminal,
): string[] {
  const jobs = shards.map(
    ({ shard, kind, agents, minutes }) =>
      `job ${shard} (${kind === "model" ? "with the model's key" : "a program, without a key"}, ~${Math.max(1, Math.round(minutes))} min): ${agents.join(", ")}`,
  );
  const rest = plan === null ? ["nothing is due: this was the only job of the tick"] : jobs;
  return [...tickLines({ base, beats, digest }, now, terminal), ...rest];
}

export const fetchLines = ({ commits }: { commits: readonly string[] }): string[] => [
  `brought ${commits.length} commit(s), without history and without a remote`,
];

export const handedLines = (beats: readonly HandedBeat[], { bold }: Terminal): string[] =>
  beats.length === 0
    ? ["this job has no beats"]
    : beats.flatMap(({ agent, slot, works }) => [
        `${bold(agent)} ${slot} is handed over`,
        ...works.map((w) => `  ${w.task} ${w.end}${w.reason === "" ? "" : `: ${w.reason}`}`),
      ]);

export function publishLines(
  { base, beats, refused }: PublishReport,
  now: Date,
  terminal: Terminal,
): string[] {
  const not = refused.map(({ agent, unit, code, why }) =>
    terminal.red(`not taken in: ${agent}, ${unit} (airlock/${code}): ${why}`),
  );
  return [...tickLines({ base, beats, digest: null }, now, terminal), ...not];
}

export const settleLines = (settled: JobSettled, terminal: Terminal): string[] => [
  ...settledLines(settled),
  ...(settled.digest === null ? [] : [digestLine(settled.digest, terminal)]),
  ...(settled.again ? ["something became ready: another tick is wanted"] : []),
];
