import type { Pull } from "../../domain/pull/pull.ts";

/** Something became of a pull. `over`: it had ended before, and only lingered. */
export interface Step {
  kind: "merged" | "closed" | "parked" | "conflicts" | "judged" | "over";
  /** One sentence. */
  what: string;
  /** An agent may have something to do now. */
  madeReady: boolean;
}

/**
 * `lost`: somebody moved something meanwhile, so everything must be read and decided again. `heard`: programs of gates
 * judged, and what they said is in the journal now.
 */
export type PullEnd = Step | { kind: "kept" } | { kind: "lost" } | { kind: "heard" };

export const KEPT = { kind: "kept" } as const;
export const LOST = { kind: "lost" } as const;
export const HEARD = { kind: "heard" } as const;

/** pullbeat's own housekeeping gives nobody anything to do. */
export const isWork = ({ kind }: Pull): boolean => kind !== "archive" && kind !== "digest";
