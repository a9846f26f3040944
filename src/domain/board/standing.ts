import type { Facts } from "../plan/facts.ts";
import type { TaskId, Unit } from "../id.ts";
import type { Pull } from "../pull/pull.ts";
import type { TaskFile } from "./task.ts";

export type TaskState =
  | "blocked" // something else must happen first
  | "ready" // its agent's next beat works on it
  | "claimed" // a beat works on it
  | "in-review" // pullbeat's turn: approved, or ended by a person and not yet settled
  | "changes-requested" // its agent's next beat, before anything new
  | "asked" // its agent waits for an answer
  | "waiting" // a person's turn: review, merge or close
  | "parked" // not tried until a person acts
  | "done"
  | "dropped";

/** How a unit stands: derived anew each time, never stored. */
export interface Standing {
  state: TaskState;
  /** One sentence: by what it is known. */
  reason: string;
  /** Who acts next: an agent's name, `a person`, `pullbeat`, `the clock` or `nobody`. */
  acts: string;
  /** The pull that it stands on. */
  pull: Pull | null;
  /** Needs that are not met. */
  needs: TaskId[];
}

/** A task, or one occurrence of a duty. */
export interface Work {
  file: TaskFile;
  unit: Unit;
}

/** A rule knows one state, and says nothing about units in any other. */
export type Rule = (work: Work, facts: Facts) => Standing | null;

/** Who acts, where no agent and no program can. */
export const PERSON = "a person";

/** A standing, with its sentence and who acts. */
export const stands = (
  state: TaskState,
  reason: string,
  acts: string,
  more: Partial<Pick<Standing, "pull" | "needs">> = {},
): Standing => ({ state, reason, acts, pull: null, needs: [], ...more });
