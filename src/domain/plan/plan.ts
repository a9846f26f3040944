import type { AgentName, Instant, Minute, PullNumber, Sha, SlotTime, TaskId, Unit } from "../id.ts";
import type { BeatOutcome, Wake } from "../record.ts";
import type { Claim } from "../snapshot.ts";

/** One unit that a beat is to try. */
export interface Try {
  unit: Unit;
  task: TaskId;
  attempt: number;
  why: "changes" | "interrupted" | "ready";
  /** The branch that will hold the work; an older one when `why` is `changes`. */
  branch: string;
  /** The commit that the pull's diff starts from. */
  base: Sha;
  /** The commit that the work stands on: `base`, or the branch's head. */
  parent: Sha;
  pull: PullNumber | null;
  round: number;
}

export interface PlannedBeat {
  agent: AgentName;
  slot: SlotTime;
  wake: Wake;
  /** One sentence: why now. */
  reason: string;
  tries: Try[];
  leaseEnd: Instant;
  turn: number;
  /** US dollars set aside for it. */
  reserved: number;
  /** Claims whose lease has ended and that this beat takes over, by compare-and-swap on their ids. */
  takes: Claim[];
}

/** An agent that does not work now, and why. */
export interface Rest {
  agent: AgentName;
  /** The due slot that this closes as rested; null when no slot is due, and then nothing is recorded. */
  slot: SlotTime | null;
  /** Stable: `not-due`, `nothing-ready`, `paused`, `budget`, `stale-input`, `unable`, `chain`, `working`, `broken-spec` … */
  code: string;
  reason: string;
}

/** A slot that ends without a beat. */
export interface Closing {
  agent: AgentName;
  slot: SlotTime;
  outcome: Extract<BeatOutcome, "failed" | "missed">;
  reason: string;
  /** Expired claims that end with it. */
  ends: Claim[];
}

/** A unit that could have been tried, and why it waits for a later beat. */
export interface Skip {
  agent: AgentName;
  unit: Unit;
  reason: string;
}

/** An older occurrence's open pull that is to be closed, because the duty replaces it. */
export interface Supersede {
  unit: Unit;
  pull: PullNumber;
  /** The newer occurrence. */
  by: Unit;
}

/**
 * What would happen now. Data: it can cross a job boundary. Closings and rests are written and stale claims
 * are released before a beat claims anything: a beat may need the same refs.
 */
export interface Plan {
  base: Sha;
  at: Minute;
  chain: number;
  beats: PlannedBeat[];
  rests: Rest[];
  closings: Closing[];
  /** Expired claims to be released: their slot has its record, or their agent does not work now. */
  stale: Claim[];
  skipped: Skip[];
  supersedes: Supersede[];
}
