import { createHash } from "node:crypto";
import type { Entry, Mode } from "../src/domain/change.ts";
import { Config } from "../src/domain/config.ts";
import { AgentName, Sha, Unit } from "../src/domain/id.ts";
import { Spec, type AgentFile } from "../src/domain/spec.ts";
import { Task, type TaskFile } from "../src/domain/board/task.ts";
import { combine, type Verdict } from "../src/domain/verdict/verdict.ts";
import type { Edits, Job, Step, Tree } from "../src/port/engine.ts";
import type { OpenDesk } from "../src/port/tool.ts";
import { toolbox } from "../src/tool/index.ts";

/** Contents by path; a pair gives another mode than that of a plain file. */
export type TreeFiles = Readonly<Record<string, string | Uint8Array | readonly [Mode, string]>>;

const at = (): { line: number; column: number } => ({ line: 1, column: 1 });
const blobOf = (content: string | Uint8Array): Sha =>
  Sha.parse(createHash("sha1").update(content).digest("hex"));

export function treeOf(files: TreeFiles): Tree {
  const entries: Entry[] = [];
  const contents = new Map<string, Uint8Array>();
  for (const [path, file] of Object.entries(files)) {
    const [mode, content] =
      typeof file === "string" || file instanceof Uint8Array ? ["100644" as const, file] : file;
    entries.push({ path, mode, blob: blobOf(content) });
    contents.set(path, Buffer.from(content));
  }
  return { entries, read: (path) => Promise.resolve(contents.get(path) ?? null) };
}

export const TASK = `---
id: T-8k2f
title: Grade the roofing page
agent: lp-tester
---
## Brief

Grade it.
`;

/** A small repository in which the agent `lp-tester` reads `pages/**` and writes `reports/lp/*.md`. */
export const FILES: TreeFiles = {
  "board/T-8k2f-roofing.md": TASK,
  "pages/roofing.md": "# Roofing\n\nCall us today.\n",
  "reports/lp/old.md": "# Old report\n",
  "sheets/log.csv": "page,grade\nhome,B\n",
  "agents/lp-tester.md": "the spec\n",
  "agents/ceo.md": "another spec\n",
  "secret/keys.txt": "hunter2\n",
};

export const agentOf = (spec: Partial<Record<keyof Spec, unknown>> = {}): AgentFile => ({
  spec: Spec.parse({
    name: "lp-tester",
    description: "Grades landing pages",
    engine: { kind: "scripted", script: "demo.jsonl" },
    reads: ["pages/**"],
    produces: ["reports/lp/*.md", { path: "sheets/log.csv", mode: "append" }],
    escalates: [{ id: "missing-page", when: "the page does not exist" }],
    ...spec,
  }),
  body: "Grade pages honestly.\n",
  path: "agents/lp-tester.md",
  blob: blobOf("the spec\n"),
  at,
});

export const taskOf = (task: Partial<Record<keyof Task, unknown>> = {}): TaskFile => ({
  task: Task.parse({ id: "T-8k2f", title: "Grade the roofing page", agent: "lp-tester", ...task }),
  body: "## Brief\n\nGrade it.\n",
  path: "board/T-8k2f-roofing.md",
  blob: blobOf(TASK),
  at,
});

export const PASS: Verdict = combine([
  { gate: "paths", ruling: "pass", sentence: "fine", details: [], mendable: true },
]);

export const fails = (gate: string, mendable: boolean): Verdict =>
  combine([{ gate, ruling: "fail", sentence: `${gate} says no`, details: ["a.md:1: wrong"], mendable }]);

export interface TestJob extends Job {
  /** Every set of edits that was judged. */
  judged: Edits[];
  watched: Step[];
}

export interface JobOptions {
  files?: TreeFiles;
  base?: TreeFiles;
  spec?: Partial<Record<keyof Spec, unknown>>;
  task?: Partial<Record<keyof Task, unknown>>;
  config?: Record<string, unknown>;
  /** Verdicts in order; the last one stays. Without any, everything passes. */
  verdicts?: readonly Verdict[];
  /** The same for questions. */
  answers?: readonly Verdict[];
  round?: number;
  signal?: AbortSignal;
  clock?: () => number;
  /** Why nothing may be asked, by condition. */
  barred?: Readonly<Record<string, string>>;
}

/** A work order over a tree in memory, with a judge that says what it is told to. */
export function jobOf(options: JobOptions = {}): TestJob {
  const { files = FILES, verdicts = [PASS] } = options;
  const judged: Edits[] = [];
  const watched: Step[] = [];
  let dice = 0;
  let asked = 0;
  return {
    unit: Unit.parse("T-8k2f"),
    attempt: 1,
    round: options.round ?? 1,
    task: taskOf(options.task),
    agent: agentOf(options.spec),
    config: Config.parse({ version: 1, ...options.config }),
    colleagues: [AgentName.parse("ceo"), AgentName.parse("writer")],
    taken: new Set(["T-8k2f", "T-7a2c"]),
    tree: treeOf(files),
    base: treeOf(options.base ?? files),
    prompt: [
      { role: "system", content: "You grade pages." },
      { role: "user", content: "Grade the roofing page." },
    ],
    shown: [],
    asked: [],
    now: new Date("2026-11-22T07:00:00Z"),
    chance: (below) => dice++ % below,
    clock: options.clock ?? (() => 0),
    compose: (fields, body) =>
      `---\n${Object.entries(fields)
        .map(([k, v]) => `${k}: ${typeof v === "string" ? v : JSON.stringify(v)}\n`)
        .join("")}---\n${body}`,
    barred: (condition) => options.barred?.[condition] ?? null,
    judge(edits) {
      judged.push(new Map(edits));
      return Promise.resolve(verdicts[Math.min(judged.length, verdicts.length) - 1] ?? PASS);
    },
    judgeQuestion: () =>
      Promise.resolve(options.answers?.[Math.min(asked++, (options.answers?.length ?? 1) - 1)] ?? PASS),
    watch: (step) => void watched.push(step),
    signal: options.signal ?? new AbortController().signal,
    judged,
    watched,
  };
}

export const deskOf = (options: JobOptions = {}): OpenDesk => toolbox.open(jobOf(options));
