import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { cleanLine } from "../domain/clean.ts";
import { instantOf } from "../domain/id.ts";
import { sightOf, type Engine as EngineSpec } from "../domain/spec.ts";
import { combine, mendable, problems, type Verdict } from "../domain/verdict.ts";
import type { Edits, End, Engine, Job, Tree, Work } from "../port/engine.ts";
import { endOf } from "./exit.ts";
import { refused, startMeter, type Meter } from "./meter.ts";
import { privateTree, type Diff, type PrivateTree } from "./private-tree.ts";
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
    const { again, ...done } = await conclude(end ?? endOf(ended), { job, tree, last: runs === RUNS });
    if (again.length === 0) return workOf(parts, tree, { ...done, feedback, spent: meter.spent() });
    feedback.push(...again);
  }
}

interface Done {
  end: End;
  edits: Edits;
  /** Problems for one more run; empty when this was the last. */
  again: string[];
}

/** Reads what a run left behind, and has it judged. */
async function conclude(end: End, at: { job: Job; tree: PrivateTree; last: boolean }): Promise<Done> {
  if (end.kind !== "finished") return { end, edits: new Map(), again: [] };
  const diff = await at.tree.diff();
  const { edits } = diff;
  const verdict = diff.refused.length > 0 ? leftBehind(diff) : await at.job.judge(edits);
  if (verdict.ruling === "pass") return { end, edits, again: [] };
  return { end: refused(verdict), edits, again: mendable(verdict) && !at.last ? problems(verdict) : [] };
}

/** No second run: the tree may not be a tree any more. */
const leftBehind = ({ refused: details }: Diff): Verdict =>
  combine([
    {
      gate: "paths",
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
  const passed = passedOn(parts, job);
  const env = { ...cleanEnv(host, job, tree), ...passed, ...(await feedbackEnv(tree, feedback)) };
  job.watch(`runs ${nameOf(parts)}`);
  const ended = await run({ command: program.run, cwd: tree.root, env, signal: meter.signal() }, host);
  meter.count({ input: 0, cached: 0, output: 0 }, { request: 0, reply: 0 });
  const hide = hider(Object.values(passed));
  return { ...ended, stdout: hide(ended.stdout), stderr: hide(ended.stderr) };
}

/** What the spec asks for by name; never the model's key, and nothing that steers git. */
function passedOn({ program, host }: CommandParts, job: Job): Record<string, string> {
  const names = program.env.filter((n) => n !== job.config.engines.openai.key && !n.startsWith("GIT_"));
  return Object.fromEntries(names.flatMap((n) => (host.env[n] === undefined ? [] : [[n, host.env[n]]])));
}

/** Nothing of pullbeat's own environment but the way to programs. */
const cleanEnv = (host: Host, job: Job, tree: PrivateTree): Record<string, string> => ({
  PATH: [dirname(host.node), host.env["PATH"] ?? "/usr/bin:/bin"].join(delimiter),
  HOME: tree.home,
  TMPDIR: tree.home,
  LANG: "C.UTF-8",
  TZ: "UTC",
  // Or else every program in Python leaves files behind that no gate lets pass.
  PYTHONDONTWRITEBYTECODE: "1",
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

/** Takes out of a text what the program was given in confidence. */
const hider =
  (secrets: readonly string[]) =>
  (text: string): string =>
    secrets.filter((s) => s.length >= 6).reduce((t, secret) => t.replaceAll(secret, "[secret]"), text);

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
  };
}
