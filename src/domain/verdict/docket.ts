import { z } from "zod";
import { GateName } from "../clearance/policy.ts";
import { AgentName, Instant, PullNumber, Sha } from "../id.ts";
import { GradedWork } from "./hearing.ts";
import { Spent, Tokens } from "../record.ts";
import { GateVerdict } from "./verdict.ts";

/** Judging jobs that one tick may have: each has an output of its own, and those stand in the workflow by name. */
export const COURTS = 16;

/** Minutes after which a program is stopped in a judging job, whatever its gate allows, so that the job can still speak. */
export const JUDGE_MINUTES = 45;

const digest = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256");

/** What a verdict is bound to. Two of these that differ in anything are not about the same. */
const Bound = z.strictObject({
  pull: PullNumber,
  gate: GateName,
  head: Sha,
  /** The tree that is judged: the head's, or what the base branch would become. */
  judged: Sha,
  /** What is judged, by what, with which settings: the name in the journal. */
  of: digest,
});

/** A gate that is to judge a pull in a job. */
const placed = {
  ...Bound.shape,
  branch: z.string(),
  /** Whose work it is: what that agent may only add to is added again where it conflicts. Null: nobody's. */
  agent: AgentName.nullable(),
  /** The commit that the pull's own changes start from. */
  from: Sha,
  /** The job that hears it, from 1. */
  shard: z.int().min(1).max(COURTS),
};

const Listed = z.discriminatedUnion("kind", [
  z.strictObject({ ...placed, kind: z.literal("command") }),
  z.strictObject({
    ...placed,
    kind: z.literal("grader"),
    work: z.strictObject(GradedWork.shape),
    grader: AgentName,
    /** Blob of its spec. */
    spec: Sha,
  }),
]);
export type Listed = z.infer<typeof Listed>;

/** What the judging jobs of a tick are to hear: data, whose digest travels apart from it. */
export const Docket = z.strictObject({
  version: z.literal(1),
  /** Unique to this docket: what was said under another one counts nowhere. */
  id: z.string().regex(/^[a-z2-9]{16}$/),
  pullbeat: z.string(),
  now: Instant,
  /** The tip: gates, their programs and settings are read from it. */
  base: Sha,
  matters: z.array(Listed).min(1).max(1000),
});
export type Docket = z.infer<typeof Docket>;

/** What a stranger may say at most. */
const CAPPED = z.strictObject({
  ...GateVerdict.shape,
  gate: GateName,
  sentence: z.string().min(1).max(4000),
  details: z.array(z.string().max(4000)).max(200),
});

/** What a grader's word took, as its job says. */
const Took = z.strictObject({
  agent: AgentName,
  spec: Sha,
  engine: z.strictObject({
    kind: z.enum(["openai", "command", "scripted", "unknown"]),
    model: z.string().regex(/^[\x20-\x7e]{1,200}$/, "expected a model's name on one line"),
    scripted: z.boolean(),
  }),
  spent: z.strictObject({ ...Spent.shape, tokens: z.strictObject(Tokens.shape) }),
});
export type Took = z.infer<typeof Took>;

/** What one judging job leaves. Nothing in it says what it may speak of: that stands in the docket. */
export const Heard = z.strictObject({
  version: z.literal(1),
  docket: z.string().max(64),
  shard: z.int(),
  heard: z
    .array(z.strictObject({ ...Bound.shape, verdict: CAPPED, grading: Took.exactOptional() }))
    .max(1000),
});
export type Heard = z.infer<typeof Heard>;

/** Where a judging job's words lie in the folder that it leaves. */
export const HEARD_FILE = "verdicts.json";

/** The output of the judging jobs that holds the SHA-256 of one job's words. */
export const digestOutput = (shard: number): string => `shard${shard}`;

/** The outputs of the judging jobs together; null where no job judged. */
export const Outputs = z.record(z.string(), z.string()).nullable();

/** One judging job of a matrix. */
export interface Court {
  /** From 1. */
  shard: number;
  /** Only a job of models gets the model's key. A program has a job of its own, and none. */
  kind: "model" | "program";
}

/** The first matter on which two differ; null when they are about the same. */
export function differs(a: z.infer<typeof Bound>, b: z.infer<typeof Bound>): string | null {
  const keys = ["pull", "gate", "head", "judged", "of"] as const;
  return keys.find((key) => a[key] !== b[key]) ?? null;
}

/** A word that was not taken in: what the journal holds in its place. It could not tell, so it is asked again later. */
export const notTaken = (
  gate: string,
  { code, message }: { code: string; message: string },
): GateVerdict => ({
  gate,
  ruling: "inconclusive",
  sentence: `its word was not taken in (airlock/${code}): ${message}`,
  details: [],
  mendable: false,
});
