import { backoff, TRIES } from "../domain/backoff.ts";
import type { Listed } from "../domain/docket.ts";
import { Fault } from "../domain/fault.ts";
import { heardOf } from "../domain/hearing.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { wordsIn, type Returned, type Word } from "./heard-words.ts";
import { hearingDraft } from "./hearing.ts";
import { land } from "./land.ts";
import { read } from "./read.ts";
import type { World } from "./world.ts";

/** A word that was not taken in, and why; the code is stable. */
interface RefusedWord {
  pull: number;
  gate: string;
  code: string;
  why: string;
}

export interface TakenIn {
  heard: number;
  refused: RefusedWord[];
}

/**
 * Takes verdicts in as from a stranger, and puts one word for each matter of the docket into the journal: the gate's, or why
 * it was not taken in. What the journal has a word on already keeps it, so that an old run cannot speak last.
 */
export async function takeVerdicts(world: World, before: Snapshot, returned: Returned): Promise<TakenIn> {
  const words = await wordsIn(returned);
  let snapshot = before;
  for (let n = 1; n <= TRIES; n++) {
    const open = words.filter((word) => isAwaited(snapshot, word.listed));
    const files = open.map((word) => hearingDraft(world, hearingOf(word)));
    const subject = `verdicts on ${new Set(open.map((w) => w.listed.pull)).size} pull(s)`;
    if (files.length === 0 || (await land(world, snapshot, { subject, files, updates: [] })))
      return {
        heard: open.filter((w) => w.refused === null).length,
        refused: open.flatMap(({ listed: { pull, gate }, refused }) =>
          refused === null ? [] : [{ pull, gate, code: refused.code, why: refused.message }],
        ),
      };
    await world.clock.sleep(backoff(world.clock.chance, n));
    snapshot = await read(world, before.chain);
  }
  throw new Fault("race", `others were faster ${TRIES} times in a row while verdicts were written down`, {
    next: "nothing is lost: the next tick asks these gates again",
  });
}

/** An open pull's head, on which the journal has no word of this gate about exactly this. */
function isAwaited({ pulls, journal, now }: Snapshot, listed: Listed): boolean {
  const isOpen = pulls.some(
    (p) => p.branch === listed.branch && p.head === listed.head && p.state === "open",
  );
  return isOpen && heardOf(journal.hearings, listed, now).kind !== "said";
}

const hearingOf = ({
  listed: { pull, branch, gate, head, of },
  verdict,
}: Word): Parameters<typeof hearingDraft>[1] => ({
  pull,
  branch,
  gate,
  head,
  of,
  verdict,
});
