import { createHash } from "node:crypto";
import { Config } from "../../src/domain/config.ts";
import type { Proposed } from "../../src/domain/board/effect.ts";
import type { z } from "zod";
import {
  AgentName,
  Instant,
  Login,
  PullNumber,
  Sha,
  SlotTime,
  TaskId,
  Unit,
  taskOf,
} from "../../src/domain/id.ts";
import type { Pull, Review } from "../../src/domain/pull/pull.ts";
import { Attempt, BeatRecord, Control, Merge, type Verb } from "../../src/domain/record.ts";
import type { Claim, Snapshot } from "../../src/domain/snapshot.ts";
import { Spec, type AgentFile } from "../../src/domain/spec.ts";
import { Task, type TaskFile } from "../../src/domain/board/task.ts";

// Snapshots from literals: only what a test is about is written down, all else has a quiet default.

/** An object id that stands for a text. */
export const sha = (text: string): Sha => Sha.parse(createHash("sha1").update(text).digest("hex"));

export const name = (text: string): AgentName => AgentName.parse(text);
export const unit = (text: string): Unit => Unit.parse(text);
const taskId = (text: string): TaskId => TaskId.parse(text);
const slot = (text: string): SlotTime => SlotTime.parse(text);

const at = (): { line: number; column: number } => ({ line: 1, column: 1 });

type SpecText = Partial<z.input<typeof Spec>>;
type TaskText = Partial<z.input<typeof Task>>;

export const agentFile = (agent: string, spec: SpecText = {}): AgentFile => ({
  spec: Spec.parse({ name: agent, description: "d", engine: { kind: "openai" }, ...spec }),
  body: "",
  path: `agents/${agent}.md`,
  blob: sha(agent),
  at,
});

/** A task lies in `board/<id>.md`; its blob is `sha(id)`. */
export const taskFile = (id: string, task: TaskText = {}): TaskFile => ({
  task: Task.parse({ id, title: `Task ${id}`, agent: "ada", ...task }),
  body: "",
  path: `board/${id}.md`,
  blob: sha(id),
  at,
});

interface Given {
  now?: string;
  from?: string;
  chain?: number;
  config?: Partial<z.input<typeof Config>>;
  agents?: Readonly<Record<string, SpecText>>;
  tasks?: Readonly<Record<string, TaskText>>;
  archived?: Readonly<Record<string, { status: "done" | "dropped"; result?: "pass" | "fail" }>>;
  findings?: Snapshot["fleet"]["findings"];
  records?: readonly BeatRecord[];
  /** What cannot be read in the journal. */
  unread?: Snapshot["journal"]["findings"];
  controls?: readonly Control[];
  merges?: readonly Merge[];
  digest?: Snapshot["journal"]["digest"];
  claims?: readonly Claim[];
  /** Names of work branches. */
  branches?: readonly string[];
  pulls?: readonly Pull[];
  /** Changed paths by branch. */
  changes?: Readonly<Record<string, readonly string[]>>;
  effects?: Readonly<Record<string, readonly Proposed[]>>;
  since?: Readonly<Record<string, string>>;
  newest?: Readonly<Record<string, string | null>>;
  unable?: Readonly<Record<string, string>>;
}

/** Sunday, a minute after the slot of `daily 07:00` in UTC, with Ann on the roster. */
const NOW = "2026-11-22T07:01:00Z";

const mapped = <K extends string, V, W>(
  from: Readonly<Record<string, V>> | undefined,
  make: (key: string, value: V) => readonly [K, W],
): Map<K, W> => new Map(Object.entries(from ?? {}).map(([key, value]) => make(key, value)));

/** A snapshot of a fleet of one agent, `ada`, who works on demand, unless `agents` says otherwise. */
export function snapshot(given: Given = {}): Snapshot {
  const config = Config.parse({ version: 1, roster: [{ login: "ann" }], ...given.config });
  return {
    now: new Date(given.now ?? NOW),
    chain: given.chain ?? 0,
    pullbeat: "0.1.0",
    branch: "main",
    base: sha("base"),
    fleet: {
      config,
      agents: mapped(given.agents ?? { ada: {} }, (key, spec) => [name(key), agentFile(key, spec)]),
      tasks: mapped(given.tasks, (id, task) => [taskId(id), taskFile(id, task)]),
      archived: mapped(given.archived, (id, ended) => [taskId(id), ended]),
      directives: [],
      effects: [],
      entries: [],
      findings: given.findings ?? [],
    },
    journal: {
      head: null,
      records: given.records ?? [],
      controls: given.controls ?? [],
      merges: given.merges ?? [],
      digest: given.digest ?? null,
      hearings: [],
      calibrations: [],
      lastPull: 0,
      from: new Date(given.from ?? "2026-11-22T00:00:00Z"),
      findings: given.unread ?? [],
    },
    claims: given.claims ?? [],
    branches: (given.branches ?? []).map((branch) => ({ name: branch, head: sha(branch), merged: false })),
    pulls: given.pulls ?? [],
    fences: new Map(),
    changes: mapped(given.changes, (branch, paths) => [branch, paths.map(changeOf)]),
    effects: new Map(Object.entries(given.effects ?? {})),
    since: mapped(given.since, (path, time) => [path, new Date(time)]),
    newest: mapped(given.newest, (glob, time) => [glob, time === null ? null : new Date(time)]),
    unable: mapped(given.unable, (agent, why) => [name(agent), why]),
  };
}

const changeOf = (path: string) =>
  ({ path, oldMode: "100644", oldBlob: sha("old"), newMode: "100644", newBlob: sha(path) }) as const;

export const finding = (file: string, message = "unknown key"): Snapshot["fleet"]["findings"][number] => ({
  file,
  line: 3,
  column: 1,
  rule: "spec/unknown-key",
  level: "error",
  message,
});

/** `control("park", "T-aaaa")`, `control("pause", "fleet")`, `control("hold", "@ada")`. */
export function control(verb: Verb, target: string, more: Partial<z.input<typeof Control>> = {}): Control {
  const on =
    target === "fleet"
      ? { kind: "fleet" }
      : target.startsWith("@")
        ? { kind: "agent", agent: target.slice(1) }
        : { kind: "unit", unit: target };
  return Control.parse({
    version: 1,
    verb,
    target: on,
    who: "ann",
    why: "",
    at: "2026-11-22T06:00:00Z",
    until: null,
    taskBlob: null,
    pull: null,
    ...more,
  });
}

export const attempt = (of: string, more: Partial<z.input<typeof Attempt>> = {}): Attempt =>
  Attempt.parse({
    unit: of,
    task: taskOf(unit(of)),
    attempt: 1,
    outcome: "proposed",
    reason: "done",
    failure: null,
    taskBlob: sha("task"),
    proposal: null,
    question: null,
    result: null,
    summary: "",
    engine: { kind: "openai", model: "m", scripted: false },
    spent: { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 0.1, ms: 1 },
    requests: [],
    transcript: null,
    saw: [],
    wrote: [],
    notes: [],
    feedback: [],
    verdict: null,
    ...more,
  });

export const record = (
  agent: string,
  time: string,
  more: Partial<z.input<typeof BeatRecord>> = {},
): BeatRecord =>
  BeatRecord.parse({
    version: 1,
    pullbeat: "0.1.0",
    agent,
    slot: time,
    outcome: "worked",
    reason: "",
    wake: "slot",
    base: sha("base"),
    spec: sha(agent),
    now: "2026-11-22T05:00:00Z",
    started: "2026-11-22T05:00:00Z",
    ended: "2026-11-22T05:01:00Z",
    chain: 0,
    turn: 1,
    attempts: [],
    ...more,
  });

export const merge = (of: string, more: Partial<z.input<typeof Merge>> = {}): Merge =>
  Merge.parse({
    version: 1,
    unit: of,
    task: taskOf(unit(of)),
    agent: "ada",
    kind: "work",
    pull: 1,
    branch: `pullbeat/work/${of}--1`,
    head: sha("head"),
    base: sha("base"),
    merge: sha("merge"),
    at: "2026-11-22T05:00:00Z",
    approvals: [],
    result: null,
    verdict: { ruling: "pass", gates: [] },
    ...more,
  });

/** An open pull of a unit; its branch is that of attempt 1, its head `sha("head")`, its author `pullbeat`. */
export const pull = (number: number, of: string, more: Partial<Pull> = {}): Pull => ({
  title: `Pull ${number}`,
  body: "",
  kind: "work",
  unit: unit(of),
  task: taskOf(unit(of)),
  agent: name("ada"),
  attempt: 1,
  branch: `pullbeat/work/${of}--1`,
  base: sha("older"),
  number: PullNumber.parse(number),
  author: Login.parse("pullbeat"),
  created: Instant.parse("2026-11-21T08:00:00Z"),
  head: sha("head"),
  state: "open",
  reviews: [],
  ended: null,
  ...more,
});

export const review = (by: string, verdict: Review["verdict"], more: Partial<Review> = {}): Review => ({
  id: `${by}-${verdict}`,
  by: Login.parse(by),
  verdict,
  head: sha("head"),
  at: Instant.parse("2026-11-21T09:00:00Z"),
  body: "",
  ...more,
});

/** The claim of an agent's beat, or of a unit; its lease is over unless `more` says otherwise. */
export function claim(agent: string, time: string, of: string | null, more: Partial<Claim> = {}): Claim {
  const ref = of === null ? `refs/pullbeat/beats/${agent}` : `refs/pullbeat/claims/${of}`;
  return {
    ref,
    id: sha(`${ref} ${time}`),
    agent: name(agent),
    slot: slot(time),
    unit: of === null ? null : unit(of),
    attempt: of === null ? null : 1,
    base: sha("base"),
    leaseEnd: Instant.parse("2026-11-22T06:30:00Z"),
    turn: 1,
    reserved: 0,
    ...more,
  };
}

/** A lease that runs at `NOW`. */
export const LIVE = { leaseEnd: Instant.parse("2026-11-22T07:30:00Z") };
