import { z } from "zod";
import { AgentName, Instant, PullNumber, Sha, TaskId, Unit } from "../id.ts";

/** A case's name: the task that it was, the pull that it came from, and `good` for what must stay right. */
export const CaseId = z
  .string()
  .regex(/^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/, "expected letters, digits and single hyphens")
  .max(80)
  .brand<"CaseId">();
export type CaseId = z.infer<typeof CaseId>;

/** Something that a text says: a few words on one line. */
const Words = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "expected one line");

const pinned = {
  case: CaseId,
  agent: AgentName,
  pull: PullNumber,
  task: TaskId,
  unit: Unit,
  /** The commit that the work began on. Everything that it could see stands there. */
  base: Sha,
  /** Blob of the spec that was in force. */
  spec: Sha,
  /** What the clock said. */
  now: Instant,
  /** SHA-256 of what the replies make, so that a play that makes something else is noticed. */
  makes_sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256"),
  /** Ids of the tasks that it made, in order. */
  made: z.array(TaskId.regex(/^T-/, "expected an id such as T-8k2f")).max(60).default([]),
};

/** What an agent did wrong once. */
const Wrong = z.strictObject({
  ...pinned,
  kind: z.literal("wrong"),
  /** Gates that refused it when the case was added; none: only a person did, or a grader. */
  caught_by: z.array(z.string().min(1).max(64)).max(40).default([]),
  /** Words of the proposal that were wrong: whoever says them again did it again. */
  lacks: z.array(Words).max(20).default([]),
});

/** What an agent did right, and must not lose. */
const Good = z.strictObject({
  ...pinned,
  kind: z.literal("good"),
  /** Files that it must make or change. */
  makes: z.array(z.string().min(1).max(1024)).min(1).max(100),
  /** Words that must stand in one of them each. */
  says: z.array(Words).max(20).default([]),
});

/** The front matter of `agents/<name>.cases/<case>.md`. The replies lie beside it, as `<case>.jsonl`. */
export const Case = z.discriminatedUnion("kind", [Wrong, Good]);
export type Case = z.infer<typeof Case>;

/** A case as it lies in a tree. */
export interface CaseFile {
  case: Case;
  path: string;
  body: string;
}

/** Where an agent's cases lie. The spec's own folder has no name that ends like this, for names hold no dot. */
export const casesFolder = (agent: AgentName): string => `agents/${agent}.cases`;

export const casePath = (agent: AgentName, id: CaseId): string => `${casesFolder(agent)}/${id}.md`;

/** Where the replies of a case lie. */
export const repliesPath = (path: string): string => path.replace(/\.md$/, ".jsonl");

/** The agent and the case that a path names; null for any other path. */
export function readCasePath(path: string): { agent: AgentName; id: CaseId } | null {
  const [, name, stem] = /^agents\/([^/]+)\.cases\/([^/]+)\.md$/.exec(path) ?? [];
  const [agent, id] = [AgentName.safeParse(name), CaseId.safeParse(stem)];
  return agent.success && id.success ? { agent: agent.data, id: id.data } : null;
}

/** What a case of this pull is called. */
export const caseId = ({ task, pull, good }: { task: TaskId; pull: number; good: boolean }): CaseId =>
  CaseId.parse(`${task}-${pull}${good ? "-good" : ""}`);

/** More than that nobody plays for one agent. */
export const MOST_CASES = 200;
