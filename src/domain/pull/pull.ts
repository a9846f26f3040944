import { z } from "zod";
import { AgentName, Instant, Login, type PullNumber, Sha, TaskId, Unit } from "../id.ts";
import { GateVerdict } from "../verdict/verdict.ts";

export const ReviewVerdict = z.enum(["approve", "request-changes", "comment", "answer"]);
export type ReviewVerdict = z.infer<typeof ReviewVerdict>;

/** What one account said about one head. */
export const Review = z.object({
  id: z.string().min(1),
  by: Login,
  verdict: ReviewVerdict,
  /** The head that was looked at. A review without one counts for nothing. */
  head: Sha,
  /** Where the pull said that it started from: what was looked at is the change from there. Missing in old reviews. */
  base: Sha.exactOptional(),
  at: Instant,
  body: z.string(),
});
export type Review = z.infer<typeof Review>;

/** `work` carries a proposal, `question` an escalation, `archive` and `digest` are pullbeat's own. */
export const PullKind = z.enum(["work", "question", "archive", "digest"]);
export type PullKind = z.infer<typeof PullKind>;

/** What makes a pull; everything else about it follows from its branch and what people say. */
export const PullDraft = z.object({
  title: z.string().min(1).max(256),
  body: z.string().max(65_536),
  kind: PullKind,
  unit: Unit.nullable(),
  task: TaskId.nullable(),
  agent: AgentName.nullable(),
  attempt: z.int().nonnegative(),
  /** The head branch. A pull is found by it and its author, never by its title. */
  branch: z.string().refine((name) => readBranch(name) !== null, "expected the branch of a proposal"),
  /** The commit that its first attempt read: the diff is `base..head`. */
  base: Sha,
});
export type PullDraft = z.infer<typeof PullDraft>;

/** A pull as any forge shows it. */
export interface Pull extends PullDraft {
  number: PullNumber;
  author: Login;
  created: Instant;
  /** Where the branch stands now; null when somebody deleted it. */
  head: Sha | null;
  state: "open" | "closed" | "merged";
  /** In the order in which the forge took them: clocks of people differ. */
  reviews: Review[];
  /** Whether its reviews were left unread: the forge still waits for everybody who could decide. They are read before it merges. */
  unread?: boolean;
  /** Who ended it on the forge, when, and what they said. */
  ended: { by: Login; at: Instant; why: string } | null;
  /** The base branch's commit by which it was merged on the forge. */
  commit?: Sha;
  /** What people said that could not be read. A pull with faults does not merge. */
  faults?: readonly string[];
  /** What it had beside it when that was noted on it last, as the forge tells; absent where nothing is noted. */
  beside?: string;
  /** Open pulls that it conflicts with, where somebody has looked (see radar.ts). */
  conflicts?: readonly PullNumber[];
  /** Open pulls that propose an effect on the same target, where somebody has looked. */
  acts?: readonly PullNumber[];
  /** What of gates and people is missing, where somebody has looked. */
  missing?: Missing;
}

/** What keeps a pull from merging now. Nothing of either: its gates passed, and who had to approve it did. */
export const Missing = z.object({
  /** Gates that do not let it pass. */
  gates: z.array(GateVerdict.pick({ gate: true, ruling: true, sentence: true })),
  /** The word that it waits for, in one sentence; null where none is missing. */
  word: z.string().nullable(),
});
export type Missing = z.infer<typeof Missing>;

/** What a forge shows beside a pull: how it stands, and whose turn it is. */
export interface Showing {
  head: Sha;
  /** `pass`: nothing but a person's act is missing. `fail`: a gate failed. `wait`: something else stands against it. */
  standing: "pass" | "fail" | "wait";
  /** A few words. */
  title: string;
  /** Reasons and gates, line by line. */
  text: string;
  /** A person's turn. */
  turn: boolean;
  /** People whose review is waited for; nobody else is disturbed. */
  people: readonly Login[];
}

/** What a pull has beside it, for its own text. */
export interface Note {
  /** Tells one note from another; empty when there is nothing to note. */
  key: string;
  lines: readonly string[];
}

/** Where a pull lies in the remote: a ref that moves with each word said, as it was read. What ends the pull compares it. */
export interface Fence {
  ref: string;
  id: Sha;
}

/** Below it lie the branches of all proposals. */
export const BRANCHES = "pullbeat/work/";

/** `pullbeat/work/<unit>--<attempt>`: the branch of the attempt that opens the pull. */
export const branchOf = (unit: Unit, attempt: number): string => `${BRANCHES}${unit}--${attempt}`;

/** The unit and attempt that a work branch names; null for any other branch. */
export function readBranch(branch: string): { unit: Unit; attempt: number } | null {
  const match = /^pullbeat\/work\/(.+)--([1-9]\d*)$/.exec(branch);
  const unit = Unit.safeParse(match?.[1]);
  return unit.success ? { unit: unit.data, attempt: Number(match?.[2]) } : null;
}
