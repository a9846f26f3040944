import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cleanLine } from "../domain/text/clean.ts";
import { instantOf } from "../domain/id.ts";
import { sightOf, type Engine as EngineSpec } from "../domain/spec.ts";
import { combine, mendable, problems, type Verdict } from "../domain/verdict/verdict.ts";
import type { Edits, End, Engine, Job, Tree, Work } from "../port/engine.ts";
import { bareEnv } from "./bare.ts";
import { endOf, howEnded } from "./exit.ts";
import { carried, givenTo, hider, type Given } from "./given.ts";
import { refused, startMeter, type Meter } from "./meter.ts";
import { privateTree, type PrivateTree } from "./private-tree.ts";
import { run, type Ended, type Host } from "./program.ts";

/** Runs of the program in one attempt: the first, and those after problems that it may mend. */
const RUNS = 3;

export interface CommandParts {
  program: Extract<EngineSpec, { kind: "command" }>;
  /** The tip: the program's own files are those that people merged, never the proposal's. */
  tip: Tree;
  host: Host;
}

/**
 * The engine that runs a program of the repository in a private work tree: what the agent reads, and the program's files.
 * What it leaves behind is fenced: only regular files count, and the gates judge them. What it does meanwhile is not: it
 * runs with the rights of pullbeat's own process, like a CI script that people merged. A sandbox is out of scope.
 *
 * Its last line on stdout may be `{"summary": "…", "result": "pass" | "fail"}`; otherwise that line is the summary.
 * Exit code 0 finishes. When gates send the work back, it runs again in the same tree, with PULLBEAT_FEEDBACK naming a
 * file that holds the problems, one a line.
 */
export const commandEngine = (parts: CommandParts): Engine => ({
  async work(job) {
    const globs = sightOf(job.agent.spec);
    const tree = await privateTree([
      { tree: job.tree, globs },
      { tree: parts.tip, globs: parts.program.files },
    ]);
    try {
      return await workIn(parts, job, tree);
    } finally {
      await tree.remove();
    }
  },
});

async function workIn(parts: CommandParts, job: Job, tree: PrivateTree): Promise<Work> {
  // A program's own costs are nobody's to know; of the budget, its minutes bind.
  const meter = startMeter(job, () => 0);
  const feedback: string[] = [];
  for (let runs = 1; ; runs++) {
    const ended = await runOnce({ parts, job, tree, meter }, feedback);
    const end = ended.by.kind === "aborted" ? meter.outOfTime() : null;
    const at: Conclusion = { parts, job, tree, last: runs === RUNS };
    const { again, ...done } = await conclude(end ?? endOf(ended), at);
    if (again.length === 0) return workOf(parts, tree, { ...done, feedback, spent: meter.spent() });
    feedback.push(...again);
    job.watch({ kind: "sends-back", problems: again });
  }
}

interface Done {
  end: End;
  edits: Edits;
  /** Problems for one more run; empty when this was the last. */
  again: string[];
}

type Conclusion = Pick<Place, "parts" | "job" | "tree"> & { last: boolean };

/** Reads what a run left behind, and has it judged. */
async function conclude(end: End, at: Conclusion): Promise<Done> {
  if (end.kind !== "finished") return { end, edits: new Map(), again: [] };
  const diff = await at.tree.diff();
  const { edits } = diff;
  const spoilt = spoiled("paths", diff.refused) ?? spoiled("secrets", carried(edits, passedOn(at)));
  if (spoilt !== null) return { end: refused(spoilt), edits: new Map(), again: [] };
  const verdict = await at.job.judge(edits, { summary: end.summary, claims: {} });
  if (verdict.ruling === "pass") return { end, edits, again: [] };
  return { end: refused(verdict), edits, again: mendable(verdict) && !at.last ? problems(verdict) : [] };
}

/** No second run: the tree may not be a tree any more, or what was given in confidence lies in it. */
const spoiled = (gate: "paths" | "secrets", details: string[]): Verdict | null =>
  details.length === 0
    ? null
    : combine([
        {
          gate,
          ruling: "fail",
          sentence: `the program left behind what no pull can carry: ${details.slice(0, 3).join("; ")}`,
          details,
          mendable: false,
        },
      ]);

interface Place {
  parts: CommandParts;
  job: Job;
  tree: PrivateTree;
  meter: Meter;
}

async function runOnce({ parts, job, tree, meter }: Place, feedback: readonly string[]): Promise<Ended> {
  const { program, host } = parts;
  const passed = passedOn({ parts, job });
  const env = { ...cleanEnv(host, job, tree), ...passed, ...(await feedbackEnv(tree, feedback)) };
  job.watch({ kind: "runs", program: nameOf(parts) });
  const ended = await run({ command: program.run, cwd: tree.root, env, signal: meter.signal() }, host);
  meter.count({ input: 0, cached: 0, output: 0 }, { request: 0, reply: 0 });
  const hide = hider(passed);
  const said = { stdout: hide(ended.stdout), stderr: hide(ended.stderr) };
  job.watch({ kind: "ran", how: howEnded(ended), ...said });
  return { ...ended, ...said };
}

const passedOn = ({ parts: { program, host }, job }: Pick<Place, "parts" | "job">): Given =>
  givenTo(program.env, job, host);

const cleanEnv = (host: Host, job: Job, tree: PrivateTree): Record<string, string> => ({
  ...bareEnv(host, tree.home),
  PULLBEAT_TASK: job.unit,
  PULLBEAT_TASK_FILE: job.task.path,
  PULLBEAT_NOW: instantOf(job.now),
});

async function feedbackEnv(tree: PrivateTree, feedback: readonly string[]): Promise<Record<string, string>> {
  if (feedback.length === 0) return {};
  const file = join(tree.home, "feedback.txt");
  await writeFile(file, feedback.map((line) => `${line}\n`).join(""));
  return { PULLBEAT_FEEDBACK: file };
}

const nameOf = ({ program }: CommandParts): string => cleanLine(program.run.join(" "), 120);

function workOf(
  parts: CommandParts,
  tree: PrivateTree,
  done: Pick<Work, "end" | "edits" | "feedback" | "spent">,
): Work {
  return {
    ...done,
    engine: { kind: "command", model: nameOf(parts), scripted: false },
    requests: [],
    transcript: "",
    saw: tree.put,
    notes: [],
    shortened: 0,
  };
}
