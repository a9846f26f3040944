import { setImmediate } from "node:timers/promises";
import type { Clock } from "../src/port/clock.ts";

/** A clock that stands still until somebody sets it, and chance that is the same in every run. */
export interface TestClock extends Clock {
  set(at: string): void;
  /** Lets minutes pass. */
  pass(minutes: number): void;
}

export function testClock(at = "2026-11-22T07:00:00Z", seed = 1): TestClock {
  let now = new Date(at);
  let ticks = 0;
  return {
    now: () => now,
    tick: () => ticks,
    // Nobody waits in a test; only what is measured moves.
    async sleep(ms) {
      ticks += ms;
      await setImmediate();
    },
    chance: mulberry32(seed),
    set(to) {
      now = new Date(to);
    },
    pass(minutes) {
      now = new Date(now.getTime() + minutes * 60_000);
    },
  };
}

/** A small well-known generator: one seed, one sequence. */
function mulberry32(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
