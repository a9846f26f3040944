import type { Change } from "../change.ts";
import type { Config } from "../config.ts";
import type { Effects, Proposed } from "../board/effect.ts";
import type { AgentName, PullNumber } from "../id.ts";
import type { Tier } from "./policy.ts";
import type { PullKind } from "../pull/pull.ts";
import type { Result } from "../board/task.ts";

/** What a change is, as far as it decides how much approval it needs. All from the tip, git and the journal. */
export interface TierFacts {
  kind: PullKind;
  agent: AgentName | null;
  /** The kind of its task, as the tip says. */
  taskKind: string | null;
  /** The task's own file, whose end travels with the work. */
  taskPath: string | null;
  /** What its doer says of the work. It may only lift. */
  result: Result | null;
  /** What git says that it changes; a rename is two of them. Null: it cannot be told. */
  changes: readonly Change[] | null;
  /** The effects that it proposes and that can be read. */
  effects: readonly Proposed[];
  /** The effects that there are, as the tip says. */
  listed: Effects;
  protect: Config["protect"];
  /** Merges of this agent since its spec has the present body. */
  proven: number;
  /** Commits on its branch that no beat of this agent's made. */
  foreign: number;
  /** It changes what its task's file asked for, or nobody can tell whether it does. */
  rewritten: boolean;
  /** An earlier pull of the same task that a person closed. */
  closed: PullNumber | null;
  /** An earlier merge of the same task that was taken back since, and where that shows. */
  reverted: { pull: PullNumber; path: string } | null;
  /** Gates that config and spec ask for, besides those that always judge. */
  required: readonly string[];
  /** Gates whose word is advice by now, each with why. */
  advisory: readonly { gate: string; sentence: string }[];
  /** How often each grant let this agent in today; null when the journal cannot be read. */
  used: ReadonlyMap<string, number> | null;
  /** pullbeat's own housekeeping, and the same bytes come out when it is done again. */
  regenerated: boolean;
  /** What ought to be known and is not, in sentences. */
  gaps: readonly string[];
}

/** A rule that speaks for a tier. */
export interface Spoken {
  rule: string;
  tier: Tier;
  sentence: string;
}
