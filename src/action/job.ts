import { instantOf } from "../domain/id.ts";
import { fetched, handedOver, planned, published, settledNow } from "../cli/job.ts";
import { judgedNow } from "../cli/job-judge.ts";
import { appTokenFor } from "../cli/job-token.ts";
import {
  fetchLines,
  handedLines,
  judgeLines,
  planLines,
  publishLines,
  settleLines,
  type Judging,
} from "../cli/job-words.ts";
import type { Shell } from "../cli/shell.ts";
import type { Given } from "./inputs.ts";
import { annotation, command } from "./log.ts";
import { listing, tickTable } from "./summary.ts";

/** What a job has to say, to each of those who listen. */
export interface Told {
  /** For the log; agents' words stand in it as they were said. */
  lines: string[];
  /** Markdown for the run's page. */
  summary: string;
  /** Workflow commands of our own. */
  annotations: string[];
  /** For the jobs that come after. */
  outputs: Record<string, string>;
}

/** A step shows at most ten annotations of a level. */
const MOST = 10;

/** Runs one job of a tick. */
export async function runJob(shell: Shell, { job, options, app }: Omit<Given, "token">): Promise<Told> {
  switch (job) {
    case "plan":
      return planTold(shell, options);
    case "fetch":
      return { ...QUIET, lines: fetchLines(await fetched(shell, options)) };
    case "work":
      return { ...QUIET, lines: handedLines((await handedOver(shell, options)).beats, shell.terminal) };
    case "publish":
      return publishTold(shell, options);
    case "judge":
      return judgeTold(shell, options);
    case "settle":
      return settleTold(shell, options);
    case "token":
      return tokenTold(app);
    default:
      return job satisfies never;
  }
}

const QUIET: Omit<Told, "lines"> = { summary: "", annotations: [], outputs: {} };

/** The runner is told to show the token nowhere, before anything else hears of it. */
async function tokenTold(app: Given["app"]): Promise<Told> {
  const { token, until } = await appTokenFor(app);
  return {
    ...QUIET,
    lines: [`a token of app ${app.id} for this repository, until ${until}`],
    annotations: [command("add-mask", {}, token)],
    outputs: { token },
  };
}

/** The matrix of the jobs that come next; the plan itself goes as an artifact, and only its digest as an output. */
async function planTold(shell: Shell, options: Given["options"]): Promise<Told> {
  const said = await planned(shell, options);
  const matrix = said.shards.map(({ shard, kind, env }) => ({ shard, kind, env }));
  const at = shell.now ?? new Date();
  return {
    lines: planLines(said, shell.now ?? new Date(), shell.terminal),
    summary: tickTable(`Tick of ${instantOf(at)}`, said.beats),
    annotations: [],
    outputs: {
      due: String(said.plan !== null),
      base: said.base,
      digest: said.plan?.digest ?? "",
      matrix: JSON.stringify(matrix),
      ...docketOutputs(said.judging),
    },
  };
}

async function publishTold(shell: Shell, options: Given["options"]): Promise<Told> {
  const said = await published(shell, options);
  const refused = said.refused.map((r) =>
    annotation("error", `Not taken in: ${r.agent}`, `${r.unit} (airlock/${r.code}): ${r.why}`),
  );
  const failed = said.beats
    .filter((b) => b.outcome === "failed" && !said.refused.some((r) => r.agent === b.agent))
    .map((b) => annotation("warning", `Failed: ${b.agent}`, b.reason));
  return {
    lines: publishLines(said, shell.now ?? new Date(), shell.terminal),
    summary: tickTable("Published", said.beats),
    annotations: [...refused.slice(0, MOST), ...failed.slice(0, MOST)],
    outputs: docketOutputs(said.judging),
  };
}

/** The matrix of the jobs that judge; the docket itself goes as an artifact, and only its digest as an output. */
const docketOutputs = (judging: Judging | null): Record<string, string> => ({
  docket: judging?.digest ?? "",
  courts: JSON.stringify(judging?.jobs ?? []),
});

/** The digest of what was said goes out of the job by itself: what is left beside it could be replaced. */
async function judgeTold(shell: Shell, options: Given["options"]): Promise<Told> {
  const { digest, said } = await judgedNow(shell, options);
  const lines = judgeLines(said, shell.terminal);
  return { ...QUIET, lines, summary: listing("Judged", lines), outputs: { digest } };
}

async function settleTold(shell: Shell, options: Given["options"]): Promise<Told> {
  const said = await settledNow(shell, options);
  const lines = settleLines(said, shell.terminal);
  const conflicts = said.conflicts.map((p) => annotation("warning", `Conflict in pull ${p.pull}`, p.what));
  const refused = said.verdicts.refused.map((r) =>
    annotation("error", `Not taken in: ${r.gate}`, `pull ${r.pull} (airlock/${r.code}): ${r.why}`),
  );
  const next = String(Number(options.chain ?? "0") + 1);
  return {
    lines,
    summary: listing("Settled", lines),
    annotations: [...refused.slice(0, MOST), ...conflicts.slice(0, MOST)],
    outputs: { again: String(said.again), next },
  };
}
