import type { Court } from "../domain/verdict/docket.ts";
import { counted } from "../domain/reason.ts";
import type { JobPlan } from "../flow/job/plan.ts";
import type { PublishReport } from "../flow/job/publish.ts";
import type { SaidRow } from "../flow/job/judge.ts";
import type { JobSettled } from "../flow/job/settle.ts";
import type { HandedBeat } from "../flow/job/work.ts";
import type { Terminal } from "./terminal.ts";
import { tickLines } from "./tick.ts";
import { digestLine, settledLines } from "./words.ts";

/** Of a docket: its name and digest, the jobs that judge, and how many verdicts are waited for. */
export interface Judging {
  id: string;
  digest: string;
  jobs: Court[];
  matters: number;
}

/** What `job plan` says; of the plan itself only its name and digest. */
export type PlanSaid = Omit<JobPlan, "plan" | "hearings"> & {
  plan: { id: string; digest: string } | null;
  judging: Judging | null;
};

export type PublishSaid = Omit<PublishReport, "hearings"> & { judging: Judging | null };

const judgingLines = (judging: Judging | null): string[] =>
  judging === null
    ? []
    : [`asks for ${counted(judging.matters, "verdict")} in ${counted(judging.jobs.length, "job")}`];

/** Who works in which job, and why everybody else rests. */
export function planLines(
  { base, beats, shards, plan, digest, judging }: PlanSaid,
  now: Date,
  terminal: Terminal,
): string[] {
  const jobs = shards.map(
    ({ shard, kind, agents, minutes }) =>
      `job ${shard} (${kind === "model" ? "with the model's key" : "a program, without a key"}, ~${Math.max(1, Math.round(minutes))} min): ${agents.join(", ")}`,
  );
  const idle = plan === null && judging === null;
  const rest = idle ? ["nothing is due: this was the only job of the tick"] : jobs;
  return [...tickLines({ base, beats, digest }, now, terminal), ...rest, ...judgingLines(judging)];
}

export const fetchLines = ({ commits }: { commits: readonly string[] }): string[] => [
  `brought ${counted(commits.length, "commit")}, without history and without a remote`,
];

export const handedLines = (beats: readonly HandedBeat[], { bold }: Terminal): string[] =>
  beats.length === 0
    ? ["this job has no beats"]
    : beats.flatMap(({ agent, slot, works }) => [
        `${bold(agent)} ${slot} is handed over`,
        ...works.map((w) => `  ${w.task} ${w.end}${w.reason === "" ? "" : `: ${w.reason}`}`),
      ]);

export function publishLines(
  { base, beats, refused, judging }: PublishSaid,
  now: Date,
  terminal: Terminal,
): string[] {
  const not = refused.map(({ agent, unit, code, why }) =>
    terminal.red(`not taken in: ${agent}, ${unit} (airlock/${code}): ${why}`),
  );
  return [...tickLines({ base, beats, digest: null }, now, terminal), ...not, ...judgingLines(judging)];
}

/** What the gates of a judging job said. */
export const judgeLines = (said: readonly SaidRow[], { bold, red }: Terminal): string[] =>
  said.length === 0
    ? ["this job has nothing to judge"]
    : said.map(({ pull, gate, ruling, sentence }) => {
        const words = `${ruling}: ${sentence}`;
        return `${bold(gate)} on pull ${pull}: ${ruling === "pass" ? words : red(words)}`;
      });

export const settleLines = (settled: JobSettled, terminal: Terminal): string[] => [
  ...verdictLines(settled.verdicts, terminal),
  ...settledLines(settled),
  ...(settled.digest === null ? [] : [digestLine(settled.digest, terminal)]),
  ...(settled.again ? ["somebody or some gate has something to do now: another tick is wanted"] : []),
];

const verdictLines = ({ heard, refused }: JobSettled["verdicts"], { red }: Terminal): string[] => [
  ...(heard === 0 ? [] : [`took ${counted(heard, "verdict")} in`]),
  ...refused.map(({ pull, gate, code, why }) =>
    red(`not taken in: ${gate} on pull ${pull} (airlock/${code}): ${why}`),
  ),
];
