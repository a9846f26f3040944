import { join } from "node:path";
import { digestOutput, Docket, JUDGE_MINUTES, Outputs } from "../domain/verdict/docket.ts";
import { Fault } from "../domain/fault.ts";
import type { Hearings } from "../flow/job/docket.ts";
import type { Returned } from "../flow/job/admit-verdicts.ts";
import { judgeShard, type SaidRow } from "../flow/job/judge.ts";
import type { JobRoom } from "../wire-jobs.ts";
import type { ExitCode } from "./exit.ts";
import { dataIn, need, roomOf, sha256, shardOf, writeData } from "./job-files.ts";
import { judgeLines, type Judging } from "./job-words.ts";
import { show, type Options, type Shell } from "./shell.ts";

/** Minutes in which a judging job comes to an end by itself, so that what was said is still left. */
const STOP_MINUTES = JUDGE_MINUTES + 5;

/** Writes the docket where the options say; null: there is nothing to judge, or nobody asked for a docket. */
export async function docketWritten(
  hearings: Hearings | null,
  { docket }: Pick<Options, "docket">,
): Promise<Judging | null> {
  if (hearings === null || docket === undefined) return null;
  const digest = await writeData(docket, hearings.docket);
  return { id: hearings.docket.id, digest, jobs: hearings.courts, matters: hearings.docket.matters.length };
}

const docketIn = (options: Options): Promise<Docket> =>
  dataIn({ name: "docket", file: need(options.docket, "--docket <file>"), digest: options.digest }, Docket);

/** Lets the gates of one job judge; what they said lies in a folder, and its digest travels apart from it. */
export async function judgedNow(
  shell: Shell,
  options: Options,
): Promise<{ shard: number; digest: string; said: SaidRow[] }> {
  const docket = await docketIn(options);
  const shard = shardOf(options);
  const room = await roomOf(shell);
  const hatch = room.hatch(need(options.out, "--out <dir>"));
  const { rows, text } = await judgeShard(await room.court(STOP_MINUTES), { docket, shard }, { hatch });
  return { shard, digest: sha256(text), said: rows };
}

/** `pullbeat job judge`: exit code 0 also where a gate fails; settling tells of that. */
export async function jobJudge(shell: Shell, _: readonly string[], options: Options): Promise<ExitCode> {
  const said = await judgedNow(shell, options);
  show(shell, said, () => judgeLines(said.said, shell.terminal));
  return 0;
}

/** What the judging jobs of this run have left; null when none were to judge. */
export async function returnedIn(room: JobRoom, options: Options): Promise<Returned | null> {
  if (options.docket === undefined) return null;
  const dir = need(options.in, "--in <dir>");
  const docket = await docketIn(options);
  const outputs = outputsIn(options.judged ?? "{}");
  const shards = new Set(docket.matters.map((m) => m.shard));
  const digests = [...shards].flatMap((shard): [number, string][] => {
    const digest = outputs[digestOutput(shard)] ?? "";
    return digest === "" ? [] : [[shard, digest]];
  });
  return {
    docket,
    digests: new Map(digests),
    hatch: (shard) => room.hatch(join(dir, `verdicts-${shard}`)),
  };
}

function outputsIn(text: string): Record<string, string> {
  try {
    return Outputs.parse(JSON.parse(text === "" ? "{}" : text)) ?? {};
  } catch (cause) {
    throw new Fault("usage", "--judged wants the outputs of the judging jobs as a JSON object", {
      cause,
      expected: `--judged '{"${digestOutput(1)}": "<sha256>"}'`,
    });
  }
}
