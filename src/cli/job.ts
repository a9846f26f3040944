import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../domain/fault.ts";
import { PlanFile } from "../domain/handover.ts";
import { WORK_MINUTES } from "../domain/shard.ts";
import { planJob } from "../flow/job-plan.ts";
import { publishShards, type PublishReport } from "../flow/job-publish.ts";
import { settleJob, type JobSettled } from "../flow/job-settle.ts";
import { workShard, type HandedBeat } from "../flow/job-work.ts";
import type { JobRoom } from "../wire-jobs.ts";
import type { ExitCode } from "./exit.ts";
import { fetchLines, handedLines, planLines, publishLines, settleLines, type PlanSaid } from "./job-words.ts";
import { openingOf, show, type Options, type Shell } from "./shell.ts";

/** Minutes in which a job that works comes to an end by itself, so that what is done is still handed over. */
const STOP_MINUTES = WORK_MINUTES - 8;

type Job = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

const roomOf = async (shell: Shell): Promise<JobRoom> =>
  (await import("../wire-jobs.ts")).jobRoom(openingOf(shell));

/** Plans: the plan goes into a file, and its digest to whoever reads the output. */
export async function planned(shell: Shell, options: Options): Promise<PlanSaid> {
  const file = need(options.plan, "--plan <file>");
  const keyElsewhere = process.env["PULLBEAT_KEY_ELSEWHERE"] === "true";
  const { world } = await (await roomOf(shell)).open({ keyElsewhere });
  const { plan, ...rest } = await planJob(world, chainOf(options));
  if (plan === null) return { ...rest, plan };
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  await writeFile(file, text);
  return { ...rest, plan: { id: plan.id, digest: sha256(text) } };
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
export async function published(shell: Shell, options: Options): Promise<PublishReport> {
  const plan = await planIn(options);
  const dir = need(options.in, "--in <dir>");
  const room = await roomOf(shell);
  const { world, airlock } = await room.open();
  const hatch = (shard: number): ReturnType<typeof room.hatch> => room.hatch(join(dir, `work-${shard}`));
  return publishShards(world, { plan, airlock, hatch });
}

/** Settles what is open. */
export async function settledNow(shell: Shell, options: Options): Promise<JobSettled> {
  const { world } = await (await roomOf(shell)).open();
  return settleJob(world, chainOf(options));
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

const chainOf = ({ chain = "0" }: Options): number => numberOf(chain === "" ? "0" : chain, "--chain");

const shardOf = ({ shard }: Options): number => numberOf(need(shard, "--shard <n>"), "--shard");

/** The plan, once it is sure that it is the one which the plan job wrote: others could put another in its place. */
async function planIn(options: Options): Promise<PlanFile> {
  const file = need(options.plan, "--plan <file>");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Fault("not-found", `there is no plan ${file}`, {
      cause,
      next: "pullbeat job plan --plan plan.json",
    });
  });
  const digest = sha256(text);
  if (digest !== need(options.digest, "--digest <sha256>"))
    throw new Fault("refused", `${file} is not the plan that was made: its SHA-256 is ${digest}`, {
      expected: options.digest ?? "",
    });
  const read = PlanFile.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new Fault(
    "broken",
    `${file} is no plan that this pullbeat reads: ${read.error.issues[0]?.path.join(".") ?? ""} is wrong`,
    {
      expected: "a plan of the same version of pullbeat",
    },
  );
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function need(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw new Fault("usage", `${option} is missing`, { expected: option, next: "pullbeat job --help" });
}

function numberOf(text: string, option: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new Fault("usage", `${option} wants a whole number`, { expected: `${option} 1` });
}
