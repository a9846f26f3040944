import type { Change, Entry } from "./change.ts";
import type { Config } from "./config.ts";
import type { DigestRecord } from "./digest/record.ts";
import type { DirectiveFile } from "./board/directive.ts";
import type { EffectFile, Proposed } from "./board/effect.ts";
import type { Finding, Locate } from "./finding.ts";
import type { Calibration } from "./grading/calibration.ts";
import type { Hearing } from "./verdict/hearing.ts";
import type { AgentName, Instant, PullNumber, Sha, SlotTime, TaskId, Unit } from "./id.ts";
import type { Fence, Pull } from "./pull/pull.ts";
import type { BeatRecord, Control, Merge } from "./record.ts";
import type { AgentFile } from "./spec.ts";
import type { Result, TaskFile } from "./board/task.ts";

/** Everything that people and agents wrote, parsed, at one commit. */
export interface Fleet {
  config: Config;
  /** Where a value of the config stands in its file; absent where there is no file. */
  configAt?: Locate;
  agents: ReadonlyMap<AgentName, AgentFile>;
  /** Tasks on the board, done ones included; not the archive. */
  tasks: ReadonlyMap<TaskId, TaskFile>;
  /** Archived tasks that some `needs` on the board names. */
  archived: ReadonlyMap<TaskId, { status: "done" | "dropped"; result?: Result }>;
  directives: readonly DirectiveFile[];
  /** Effects that people, or their policy, let in. */
  effects: readonly EffectFile[];
  /** Every file of the tree. */
  entries: readonly Entry[];
  /** Files that could not be read; each hides only itself. */
  findings: readonly Finding[];
}

export interface Journal {
  /** Null when there is no journal yet. */
  head: Sha | null;
  /** Records since `from`, oldest first. */
  records: readonly BeatRecord[];
  /** All of them, oldest first. */
  controls: readonly Control[];
  /** Merges since `from`, oldest first. */
  merges: readonly Merge[];
  /** The newest digest that was published and can be read. */
  digest: DigestRecord | null;
  /** What gates that judge elsewhere said since `from`, oldest first. */
  hearings: readonly Hearing[];
  /** All of them, oldest first. */
  calibrations: readonly Calibration[];
  /** The highest number of a pull that ended; 0 for none. */
  lastPull: number;
  /** Where the look back begins. Slots before it are nobody's. */
  from: Date;
  findings: readonly Finding[];
}

/** The exclusive right to an agent's one live beat (`unit` null) or to a unit. */
export interface Claim {
  ref: string;
  /** The claim's object: unique to its claimer, and the fence of every later push. */
  id: Sha;
  agent: AgentName;
  slot: SlotTime;
  unit: Unit | null;
  attempt: number | null;
  base: Sha;
  leaseEnd: Instant;
  turn: number;
  /** US dollars set aside until the beat is published. */
  reserved: number;
}

export interface WorkBranch {
  name: string;
  head: Sha;
  /** The base branch holds its commits already. */
  merged: boolean;
}

/** All that deciding may know. Made by one reading of the world; nothing reads after it. */
export interface Snapshot {
  now: Date;
  /** Ticks since a person or a slot. */
  chain: number;
  pullbeat: string;
  /** The base branch's name, and the tip. */
  branch: string;
  base: Sha;
  fleet: Fleet;
  journal: Journal;
  claims: readonly Claim[];
  branches: readonly WorkBranch[];
  /** Pulls that are not settled yet. */
  pulls: readonly Pull[];
  /** The refs of those pulls that lie in the remote. */
  fences: ReadonlyMap<PullNumber, Fence>;
  /** What each open pull changes, by its branch. */
  changes: ReadonlyMap<string, readonly Change[]>;
  /** The effects that open pulls propose and that can be read, by branch. */
  effects: ReadonlyMap<string, readonly Proposed[]>;
  /**
   * Since when a spec's or duty's present schedule and status stand, by path;
   * a path that is missing has stood unchanged since before `journal.from`.
   */
  since: ReadonlyMap<string, Date>;
  /** When the newest file under a glob with `max_age` was committed; null where nothing matches. */
  newest: ReadonlyMap<string, Date | null>;
  /** Agents whose engine cannot work now (its key is not set, say), with why. Only engines of those who are due are asked. */
  unable: ReadonlyMap<AgentName, string>;
}

/** The highest number that a pull of the fleet has had; 0 for none. */
export const newestPull = ({ journal, pulls }: Pick<Snapshot, "journal" | "pulls">): number =>
  Math.max(journal.lastPull, ...pulls.map((p) => p.number));
