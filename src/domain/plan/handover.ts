import { z } from "zod";
import { Claims } from "../verdict/claims.ts";
import { AgentName, Instant, Minute, PullNumber, Sha, SlotTime, TaskId, Unit } from "../id.ts";
import { Note, Question, Spent, Tokens, Wake } from "../record.ts";
import { Result } from "../board/task.ts";

const line = z.string().max(2000);
const text = z.string().max(20_000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256");

const Claim = z.strictObject({
  ref: z.string(),
  id: Sha,
  agent: AgentName,
  slot: SlotTime,
  unit: Unit.nullable(),
  attempt: z.int().positive().nullable(),
  base: Sha,
  leaseEnd: Instant,
  turn: z.int().positive(),
  reserved: z.number().nonnegative(),
});

const Try = z.strictObject({
  unit: Unit,
  task: TaskId,
  attempt: z.int().positive(),
  why: z.enum(["changes", "interrupted", "ready"]),
  branch: z.string(),
  base: Sha,
  parent: Sha,
  pull: PullNumber.nullable(),
  round: z.int().positive(),
});

const Planned = z.strictObject({
  agent: AgentName,
  slot: SlotTime,
  wake: Wake,
  reason: z.string(),
  tries: z.array(Try),
  leaseEnd: Instant,
  turn: z.int().positive(),
  reserved: z.number().nonnegative(),
  takes: z.array(Claim),
});

const Said = z.strictObject({
  pull: z.number().nullable(),
  task: TaskId.nullable(),
  by: z.string(),
  at: z.string(),
  text: z.string(),
});

/** What a beat is told that its base does not hold. */
const Told = z.strictObject({
  /** What people said on this agent's last pulls. */
  said: z.array(Said),
  /** The sentences that started a further round, for each try in order. */
  asked: z.array(z.array(z.string())),
});

/** A claimed beat, and everything that a job without rights needs to work it. */
export const Order = z.strictObject({
  planned: Planned,
  claims: z.array(Claim),
  told: Told,
  /** The job that works it, from 1. */
  shard: z.int().positive(),
});
export type Order = z.infer<typeof Order>;

/** What the plan job hands to those that work and publish: data, whose digest travels apart from it. */
export const PlanFile = z.strictObject({
  version: z.literal(1),
  /** Unique to this plan: what was handed over under another one fits nowhere. */
  id: z.string().regex(/^[a-z2-9]{16}$/),
  pullbeat: z.string(),
  now: Instant,
  at: Minute,
  chain: z.int().nonnegative(),
  branch: z.string(),
  base: Sha,
  /** The highest number that a pull has had, 0 for none. */
  pulls: z.int().nonnegative(),
  orders: z.array(Order),
});
export type PlanFile = z.infer<typeof PlanFile>;

const CAPPED = {
  condition: line,
  question: text,
  evidence: text,
  recommendation: text,
  silence: text,
};

/** How an attempt's work ended, as the job says that did it. */
const End = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("finished"),
    result: Result.nullable(),
    summary: text,
    claims: Claims.exactOptional(),
  }),
  z.strictObject({ kind: z.literal("asked"), question: Question.extend(CAPPED).strict() }),
  z.strictObject({
    kind: z.literal("failed"),
    failure: z
      .string()
      .regex(/^[a-z][a-z0-9-]*(?:\/[a-z0-9-]+)*$/, "expected a failure's code")
      .max(100),
    reason: line,
  }),
]);

/** What an engine says of its work. */
export const Handed = z.strictObject({
  end: End,
  spent: z.strictObject({ ...Spent.shape, tokens: z.strictObject(Tokens.shape) }),
  engine: z.strictObject({
    kind: z.enum(["openai", "command", "scripted", "unknown"]),
    model: z.string().regex(/^[\x20-\x7e]{1,200}$/, "expected a model's name on one line"),
    scripted: z.boolean(),
  }),
  requests: z.array(sha256).max(1000),
  saw: z.array(z.strictObject({ path: z.string().max(1024), blob: Sha })).max(10_000),
  notes: z.array(z.strictObject({ ...Note.shape, text })).max(200),
  feedback: z.array(text).max(500),
  shortened: z.int().nonnegative(),
});

const HandedWork = z.strictObject({
  ...Handed.shape,
  unit: Unit,
  attempt: z.int().positive(),
  /** A bundle with its changes lies beside the record. */
  bundle: z.boolean(),
  /** A transcript lies beside the record. */
  transcript: z.boolean(),
});
export type HandedWork = z.infer<typeof HandedWork>;

/** What one beat hands over. Nothing in it says what it may do: that stands in the claims. */
export const Handover = z.strictObject({
  version: z.literal(1),
  plan: z.string().max(64),
  agent: AgentName,
  slot: SlotTime,
  started: Instant,
  ended: Instant,
  works: z.array(HandedWork).max(50),
});
export type Handover = z.infer<typeof Handover>;

/** The one ref of a bundle. It names plan, unit and attempt, so that a bundle fits once. */
export const proposalRef = (plan: string, { unit, attempt }: { unit: Unit; attempt: number }): string =>
  `refs/pullbeat/proposals/${plan}/${unit}--${attempt}`;

/** Where things lie in the folder that is handed over. */
export const handed = {
  record: (agent: AgentName): string => `${agent}/record.json`,
  bundle: (agent: AgentName, n: number): string => `${agent}/${n}.bundle`,
  transcript: (agent: AgentName, n: number): string => `${agent}/${n}.jsonl`,
};
