import type { Chance } from "./id.ts";

/** How often a lost race is run again before it is a `Fault`. */
export const TRIES = 20;

/** Milliseconds to wait before try `n` (from 1): full jitter below a bound that doubles up to four seconds. */
export const backoff = (chance: Chance, n: number): number => chance(Math.min(4000, 25 * 2 ** n));
