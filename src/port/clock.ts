import type { Chance } from "../domain/id.ts";

/** Time and chance, handed in so that a run can be repeated. */
export interface Clock {
  /** The wall clock, or what `--now` said. */
  now(): Date;
  /** Milliseconds that only move forward, for measuring. */
  tick(): number;
  sleep(ms: number): Promise<void>;
  chance: Chance;
}
