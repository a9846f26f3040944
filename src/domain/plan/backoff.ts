import type { Chance } from "../id.ts";

/** How often a lost race is run again before it is given up. */
export const TRIES = 20;

/**
 * Milliseconds to wait before try `n` (from 1): full jitter below a bound that doubles up to a quarter of a minute.
 * Measured with 37 publishers at once on two cores: nine tries at most, where a bound of four seconds took sixteen.
 */
export const backoff = (chance: Chance, n: number): number => chance(Math.min(15_000, 100 * 2 ** n));
