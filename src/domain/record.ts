import { z } from "zod";
import { Clearance } from "./clearance/decided.ts";
import { AgentName, Instant, Login, PullNumber, Sha, SlotTime, TaskId, Unit } from "./id.ts";
import { PullKind, Review } from "./pull/pull.ts";
import { Result } from "./board/task.ts";
import { Verdict } from "./verdict/verdict.ts";

// The journal outlives versions of pullbeat: readers ignore keys that they do not know.

/** The append-only branch that holds every record. */
export const JOURNAL = "refs/heads/pullbeat/journal";

export const Tokens = z.object({
  input: z.int().nonnegative(),
  cached: z.int().nonnegative(),
  output: z.int().nonnegative(),
});
export type Tokens = z.infer<typeof Tokens>;

/** What an attempt used. `usd` is null when the model's price is not known. */
export const Spent = z.object({
  steps: z.int().nonnegative(),
  tokens: Tokens,
  usd: z.number().nonnegative().nullable(),
  /** Wall-clock milliseconds. */
  ms: z.number().nonnegative(),
});
export type Spent = z.infer<typeof Spent>;

/** An agent's question to a person, under a condition that its spec lists. */
export const Question = z.object({
  condition: z.string(),
  question: z.string(),
  evidence: z.string(),
  recommendation: z.string(),
  /** What happens when nobody answers. */
  silence: z.string(),
});
export type Question = z.infer<typeof Question>;

export const Note = z.object({ kind: z.enum(["observed", "believed", "decided"]), text: z.string() });
export type Note = z.infer<typeof Note>;

const AttemptOutcome = z.enum(["proposed", "clean", "asked", "failed"]);

/** One beat's work on one unit. */
export const Attempt = z.object({
  unit: Unit,
  task: TaskId,
  attempt: z.int().positive(),
  outcome: AttemptOutcome,
  /** One sentence for a person. */
  reason: z.string(),
  /** Stable code of a failure (`budget/steps`, `gate/paths`, `engine/auth` …); the same one twice parks the task. */
  failure: z.string().nullable(),
  /** The task file's version that was worked on. Editing the file makes another. */
  taskBlob: Sha,
  /** Where the proposal lies. Null when there is none. */
  proposal: z
    .object({
      branch: z.string(),
      /** The commit that the pull's diff starts from. */
      base: Sha,
      /** The commit below `head`: `base`, or the branch's head of the round before. */
      parent: Sha,
      head: Sha,
      title: z.string(),
      kind: PullKind,
      /** 1 for the attempt that opens the pull. */
      round: z.int().positive(),
    })
    .nullable(),
  question: Question.nullable(),
  result: Result.nullable(),
  /** The agent's own summary, cleaned. */
  summary: z.string(),
  engine: z.object({ kind: z.string(), model: z.string(), scripted: z.boolean() }),
  spent: Spent,
  /** SHA-256 of each request's bytes, in order. */
  requests: z.array(z.string()),
  /** SHA-256 of the transcript; it lies in `refs/pullbeat/transcripts/<yyyy-mm>`. */
  transcript: z.string().nullable(),
  /** Every blob that was shown. */
  saw: z.array(z.object({ path: z.string(), blob: z.string() })),
  wrote: z.array(z.string()),
  notes: z.array(Note),
  /** Sentences of gates that went back to the agent inside the attempt. */
  feedback: z.array(z.string()),
  /** Older answers of tools that were shortened to make room; absent when none was. */
  shortened: z.int().positive().exactOptional(),
  verdict: Verdict.nullable(),
});
export type Attempt = z.infer<typeof Attempt>;

export const BeatOutcome = z.enum(["worked", "rested", "failed", "missed"]);
export type BeatOutcome = z.infer<typeof BeatOutcome>;

/** Why a beat took place. */
export const Wake = z.enum(["slot", "ready", "changes", "interrupted", "manual"]);
export type Wake = z.infer<typeof Wake>;

/** The facts of one beat: `beats/<yyyy>/<mm>/<dd>/<agent>@<slot>/record.json`. The path is its lock. */
export const BeatRecord = z.object({
  version: z.literal(1),
  pullbeat: z.string(),
  agent: AgentName,
  slot: SlotTime,
  outcome: BeatOutcome,
  reason: z.string(),
  wake: Wake,
  base: Sha,
  /** Blob of the spec that was in force. */
  spec: Sha,
  /** The tick's `now`. */
  now: Instant,
  started: Instant,
  ended: Instant,
  /** Ticks since a person or a slot started the chain. */
  chain: z.int().nonnegative(),
  /** 2 when the first try of this slot was cut off. */
  turn: z.int().positive(),
  attempts: z.array(Attempt),
});
export type BeatRecord = z.infer<typeof BeatRecord>;

export const Verb = z.enum(["pause", "resume", "hold", "park", "unpark", "release", "close", "reassign"]);
export type Verb = z.infer<typeof Verb>;

export const Target = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("fleet") }),
  z.object({ kind: z.literal("agent"), agent: AgentName }),
  z.object({ kind: z.literal("unit"), unit: Unit }),
]);
export type Target = z.infer<typeof Target>;

/** A person's verb, or a park by pullbeat itself: `control/<time>-<id>.json`. The latest wins. */
export const Control = z.object({
  version: z.literal(1),
  verb: Verb,
  target: Target,
  /** A login of the roster, or `pullbeat`. */
  who: z.string(),
  why: z.string(),
  at: Instant,
  until: Instant.nullable(),
  /** The task file's version when it was parked; a newer version is a person's edit and ends the park. */
  taskBlob: Sha.nullable(),
  pull: PullNumber.nullable(),
  /** Of a `reassign`: whom the task's file named when it was said, and who is to do it while the file names them. */
  reassign: z.object({ from: AgentName, to: AgentName }).exactOptional(),
});
export type Control = z.infer<typeof Control>;

export const Approval = z.object({ login: Login, review: z.string(), head: Sha, at: Instant });
export type Approval = z.infer<typeof Approval>;

/** A merge: `merges/<yyyy>/<mm>/<branch's last part>.json`. */
export const Merge = z.object({
  version: z.literal(1),
  unit: Unit.nullable(),
  task: TaskId.nullable(),
  agent: AgentName.nullable(),
  kind: PullKind,
  pull: PullNumber,
  branch: z.string(),
  head: Sha,
  /** The base-branch commit that it was judged against: the merge's first parent. */
  base: Sha,
  merge: Sha,
  at: Instant,
  approvals: z.array(Approval),
  result: Result.nullable(),
  verdict: Verdict,
  /** Missing in merges that were made before there were tiers. */
  clearance: Clearance.exactOptional(),
  /** Paths whose added lines were put behind lines that came there meanwhile; absent when there were none. */
  redone: z.array(z.string()).exactOptional(),
});
export type Merge = z.infer<typeof Merge>;

/** A pull that ended, as it was said: `pulls/<number div 100>/<number>.json`. It outlives the forge's own. */
export const EndedPull = z.object({
  version: z.literal(1),
  number: PullNumber,
  title: z.string(),
  body: z.string(),
  kind: PullKind,
  unit: Unit.nullable(),
  task: TaskId.nullable(),
  agent: AgentName.nullable(),
  attempt: z.int().nonnegative(),
  branch: z.string(),
  base: Sha,
  head: Sha.nullable(),
  author: Login,
  created: Instant,
  state: z.enum(["merged", "closed"]),
  reviews: z.array(Review),
  ended: z.object({ by: z.string(), at: Instant, why: z.string() }),
});
export type EndedPull = z.infer<typeof EndedPull>;

const dayPath = (at: string): string => `${at.slice(0, 4)}/${at.slice(4, 6)}/${at.slice(6, 8)}`;

/** Days are the slot's own; a beat by hand lies under the day on which it ran. */
export function recordPath(record: Pick<BeatRecord, "agent" | "slot" | "now">): string {
  const day = record.slot.startsWith("manual-") ? record.now.replaceAll("-", "") : record.slot;
  return `beats/${dayPath(day)}/${record.agent}@${record.slot}/record.json`;
}

export const controlPath = (control: Control, id: string): string =>
  `control/${control.at.replaceAll(/[-:]/g, "")}-${id}.json`;

export const mergePath = (merge: Pick<Merge, "at" | "branch">): string =>
  `merges/${merge.at.slice(0, 4)}/${merge.at.slice(5, 7)}/${merge.branch.split("/").at(-1)}.json`;

export const endedPath = (number: number): string => `pulls/${Math.floor(number / 100)}/${number}.json`;
