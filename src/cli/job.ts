import { join } from "node:path";
import { PlanFile } from "../domain/plan/handover.ts";
import { WORK_MINUTES } from "../domain/plan/shard.ts";
import { planJob } from "../flow/job/plan.ts";
import { publishShards } from "../flow/job/publish.ts";
import { settleJob, type JobSettled } from "../flow/job/settle.ts";
import { workShard, type HandedBeat } from "../flow/job/work.ts";
import type { ExitCode } from "./exit.ts";
import { chainOf, dataIn, need, roomOf, shardOf, writeData } from "./job-files.ts";
import { docketWritten, returnedIn } from "./job-judge.ts";
import {
  fetchLines,
  handedLines,
  planLines,
  publishLines,
  settleLines,
  type PlanSaid,
  type PublishSaid,
} from "./job-words.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** Minutes in which a job that works comes to an end by itself, so that what is done is still handed over. */
const STOP_MINUTES = WORK_MINUTES - 8;

type Job = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

const planIn = ({ plan, digest }: Options): Promise<PlanFile> =>
  dataIn({ name: "plan", file: need(plan, "--plan <file>"), digest }, PlanFile);

/** Plans: plan and docket go into files, and their digests to whoever reads the output. */
export async function planned(shell: Shell, options: Options): Promise<PlanSaid> {
  const file = need(options.plan, "--plan <file>");
  const keyElsewhere = process.env["PULLBEAT_KEY_ELSEWHERE"] === "true";
  const { world } = await (await roomOf(shell)).open({ keyElsewhere });
  const { plan, hearings, ...rest } = await planJob(world, chainOf(options));
  const judging = await docketWritten(hearings, options);
  if (plan === null) return { ...rest, plan, judging };
  return { ...rest, plan: { id: plan.id, digest: await writeData(file, plan) }, judging };
}

/** Brings all that a job may read into its folder. */
export async function fetched(shell: Shell, options: Options): Promise<{ commits: string[] }> {
  const plan = await planIn(options);
  const tries = plan.orders.filter((o) => o.shard === shardOf(options)).flatMap((o) => o.planned.tries);
  const commits = [...new Set([plan.base, ...tries.flatMap((t) => [t.base, t.parent])])];
  const room = await roomOf(shell);
  await room.fetchInto(need(options.from, "--from <url>"), commits);
  return { commits };
}

/** Works a job's beats and leaves them in a folder. */
export async function handedOver(
  shell: Shell,
  options: Options,
): Promise<{ shard: number; beats: HandedBeat[] }> {
  const plan = await planIn(options);
  const shard = shardOf(options);
  const room = await roomOf(shell);
  const { world, airlock } = await room.workshop(STOP_MINUTES);
  const hatch = room.hatch(need(options.out, "--out <dir>"));
  return { shard, beats: await workShard(world, { plan, shard }, { airlock, hatch }) };
}

/** Takes in what the jobs have left. */
export async function published(shell: Shell, options: Options): Promise<PublishSaid> {
  const plan = await planIn(options);
  const dir = need(options.in, "--in <dir>");
  const room = await roomOf(shell);
  const { world, airlock } = await room.open();
  const hatch = (shard: number): ReturnType<typeof room.hatch> => room.hatch(join(dir, `work-${shard}`));
  const { hearings, ...report } = await publishShards(world, { plan, airlock, hatch });
  return { ...report, judging: await docketWritten(hearings, options) };
}

/** Settles what is open, with what this run's judging jobs have left. */
export async function settledNow(shell: Shell, options: Options): Promise<JobSettled> {
  const room = await roomOf(shell);
  const returned = await returnedIn(room, options);
  const { world } = await room.open();
  return settleJob(world, chainOf(options), returned);
}

/** `pullbeat job plan`. */
export const jobPlan: Job = async (shell, _, options) => {
  const said = await planned(shell, options);
  show(shell, said, () => planLines(said, shell.now ?? new Date(), shell.terminal));
  return 0;
};

/** `pullbeat job fetch`. */
export const jobFetch: Job = async (shell, _, options) => {
  const said = await fetched(shell, options);
  show(shell, said, () => fetchLines(said));
  return 0;
};

/** `pullbeat job work`: exit code 0 also where work failed; publishing tells of that. */
export const jobWork: Job = async (shell, _, options) => {
  const said = await handedOver(shell, options);
  show(shell, said, () => handedLines(said.beats, shell.terminal));
  return 0;
};

/** `pullbeat job publish`: exit code 1 when a beat failed, or something was not taken in. */
export const jobPublish: Job = async (shell, _, options) => {
  const said = await published(shell, options);
  show(shell, said, () => publishLines(said, shell.now ?? new Date(), shell.terminal));
  return said.beats.some((b) => b.outcome === "failed") ? 1 : 0;
};

/** `pullbeat job settle`. */
export const jobSettle: Job = async (shell, _, options) => {
  const said = await settledNow(shell, options);
  show(shell, said, () => settleLines(said, shell.terminal));
  return 0;
};
