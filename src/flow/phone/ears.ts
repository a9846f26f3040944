import type { Word } from "../../domain/phone/word.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { listen } from "./listen.ts";
import type { World } from "../world.ts";

/** A word of a person's, as `settle --json` tells it. */
export type WordRow = Pick<Word, "on" | "by" | "said" | "done" | "answer">;

/**
 * Listens to people in a pass, when it matters: before anything merges, before beats begin, and in a settle. A tick that
 * finds nothing to do asks nobody. What was heard just now is not asked again, and a pass can take long: a grader judges.
 */
export interface Ears {
  /** True when something was heard that is in the journal now: read again. */
  listen(snapshot: Snapshot): Promise<boolean>;
  readonly rows: WordRow[];
  /** An agent may have something to do for what was heard. */
  isReady(): boolean;
}

/** Milliseconds for which what was heard is all that people have said. */
const FRESH = 60_000;

export function earsOf(world: World): Ears {
  const rows: WordRow[] = [];
  let isReady = false;
  let last = -Infinity;
  return {
    rows,
    isReady: () => isReady,
    async listen(snapshot) {
      const now = world.clock.now().getTime();
      if (now - last < FRESH) return false;
      last = now;
      const heard = await listen(world, snapshot);
      for (const { word, ready } of heard) {
        const { on, by, said, done, answer } = word;
        rows.push({ on, by, said, done, answer });
        isReady ||= ready;
      }
      return heard.length > 0;
    },
  };
}
