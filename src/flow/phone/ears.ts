import type { Word } from "../../domain/phone/word.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { listen } from "./listen.ts";
import type { World } from "../world.ts";

/** A word of a person's, as `settle --json` tells it. */
export type WordRow = Pick<Word, "on" | "by" | "said" | "done" | "answer">;

/**
 * Listens to people once in a pass, when it first matters: before anything merges, before beats begin, and in a settle. A
 * tick that finds nothing to do asks nobody.
 */
export interface Ears {
  /** True when something was heard that is in the journal now: read again. */
  listen(snapshot: Snapshot): Promise<boolean>;
  readonly rows: WordRow[];
  /** An agent may have something to do for what was heard. */
  isReady(): boolean;
}

export function earsOf(world: World): Ears {
  const rows: WordRow[] = [];
  let [isDone, isReady] = [false, false];
  return {
    rows,
    isReady: () => isReady,
    async listen(snapshot) {
      if (isDone) return false;
      isDone = true;
      for (const { word, ready } of await listen(world, snapshot)) {
        const { on, by, said, done, answer } = word;
        rows.push({ on, by, said, done, answer });
        isReady ||= ready;
      }
      return rows.length > 0;
    },
  };
}
