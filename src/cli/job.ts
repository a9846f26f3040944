import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../domain/fault.ts";
import { PlanFile } from "../domain/handover.ts";
import { WORK_MINUTES } from "../domain/shard.ts";
import { planJob } from "../flow/job-plan.ts";
import { publishShards } from "../flow/job-publish.ts";
import { settleJob } from "../flow/job-settle.ts";
import { workShard } from "../flow/job-work.ts";
import type { JobRoom } from "../wire-jobs.ts";
import type { ExitCode } from "./exit.ts";
import { handedLines, planLines, publishLines, settleLines } from "./job-words.ts";
import { openingOf, show, type Options, type Shell } from "./shell.ts";

/** Minutes in which a job that works comes to an end by itself, so that what is done is still handed over. */
const STOP_MINUTES = WORK_MINUTES - 8;

type Job = (shell: Shell, args: readonly string[], options: Options) => Promise<ExitCode>;

const roomOf = async (shell: Shell): Promise<JobRoom> =>
  (await import("../wire-jobs.ts")).jobRoom(openingOf(shell));

/** `pullbeat job plan`: the plan goes into a file, and its digest to whoever reads the output. */
export const jobPlan: Job = async (shell, _, options) => {
  const file = need(options.plan, "--plan <file>");
  const keyElsewhere = process.env["PULLBEAT_KEY_ELSEWHERE"] === "true";
  const { world } = await (await roomOf(shell)).open({ keyElsewhere });
  const { plan, ...rest } = await planJob(world, numberOf(options.chain ?? "0", "--chain"));
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if (plan !== null) await writeFile(file, text);
  const said = { ...rest, plan: plan === null ? null : { id: plan.id, digest: sha256(text) } };
  show(shell, said, () => planLines(said, shell.terminal));
  return 0;
};

/** `pullbeat job fetch`: all that its job may read. */
export const jobFetch: Job = async (shell, _, options) => {
  const plan = await planIn(options);
  const shard = numberOf(need(options.shard, "--shard <n>"), "--shard");
  const tries = plan.orders.filter((o) => o.shard === shard).flatMap((o) => o.planned.tries);
  const commits = [...new Set([plan.base, ...tries.flatMap((t) => [t.base, t.parent])])];
  const room = await roomOf(shell);
  await room.fetchInto(need(options.from, "--from <url>"), commits);
  show(shell, { commits }, () => [
    `brought ${commits.length} commit(s), without history and without a remote`,
  ]);
  return 0;
};

/** `pullbeat job work`: exit code 0 also where work failed; publishing tells of that. */
export const jobWork: Job = async (shell, _, options) => {
  const plan = await planIn(options);
  const shard = numberOf(need(options.shard, "--shard <n>"), "--shard");
  const room = await roomOf(shell);
  const { world, airlock } = await room.workshop(STOP_MINUTES);
  const hatch = room.hatch(need(options.out, "--out <dir>"));
  const beats = await workShard(world, { plan, shard }, { airlock, hatch });
  show(shell, { shard, beats }, () => handedLines(beats, shell.terminal));
  return 0;
};

/** `pullbeat job publish`: exit code 1 when a beat failed, or something was not taken in. */
export const jobPublish: Job = async (shell, _, options) => {
  const plan = await planIn(options);
  const dir = need(options.in, "--in <dir>");
  const room = await roomOf(shell);
  const { world, airlock } = await room.open();
  const hatch = (shard: number): ReturnType<typeof room.hatch> => room.hatch(join(dir, `work-${shard}`));
  const report = await publishShards(world, { plan, airlock, hatch });
  show(shell, report, () => publishLines(report, shell.terminal));
  return report.beats.some((b) => b.outcome === "failed") ? 1 : 0;
};

/** `pullbeat job settle`. */
export const jobSettle: Job = async (shell, _, options) => {
  const settled = await settleJob(await shell.open(), numberOf(options.chain ?? "0", "--chain"));
  show(shell, settled, () => settleLines(settled, shell.terminal));
  return 0;
};

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
