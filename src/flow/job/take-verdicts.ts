import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import type { Listed } from "../../domain/verdict/docket.ts";
import { Fault } from "../../domain/fault.ts";
import { heardOf } from "../../domain/verdict/hearing.ts";
import { counted } from "../../domain/reason.ts";
import type { Fleet, Snapshot } from "../../domain/snapshot.ts";
import { billed } from "./handed-work.ts";
import { verdictsIn, type Returned, type TakenVerdict } from "./admit-verdicts.ts";
import { hearingDraft } from "../hearing/hearing.ts";
import { land } from "../land.ts";
import { read } from "../read.ts";
import type { World } from "../world.ts";

/** A verdict that was not taken in, and why; the code is stable. */
interface RefusedVerdict {
  pull: number;
  gate: string;
  code: string;
  why: string;
}

export interface TakenIn {
  heard: number;
  refused: RefusedVerdict[];
}

/**
 * Takes verdicts in as from a stranger, and puts one word for each matter of the docket into the journal: the gate's, or why
 * it was not taken in. What the journal has a word on already keeps it, so that an old run cannot speak last.
 */
export async function takeVerdicts(world: World, before: Snapshot, returned: Returned): Promise<TakenIn> {
  const verdicts = await verdictsIn(returned);
  const fleet = await world.records.fleet(returned.docket.base);
  let snapshot = before;
  for (let n = 1; n <= TRIES; n++) {
    const open = verdicts.filter((v) => isAwaited(snapshot, v.listed));
    const files = open.map((v) => hearingDraft(world, hearingOf(v, fleet)));
    const subject = `verdicts on ${counted(new Set(open.map((v) => v.listed.pull)).size, "pull")}`;
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

/** What a grader's word took counts at the prices of the config, whatever its job tells. */
function hearingOf(
  { listed, verdict, took }: TakenVerdict,
  fleet: Fleet,
): Parameters<typeof hearingDraft>[1] {
  const { pull, branch, gate, head, of } = listed;
  const grader = took === null ? undefined : fleet.agents.get(took.agent);
  const said = { pull, branch, gate, head, of, verdict };
  if (took === null || grader === undefined) return said;
  return { ...said, grading: { agent: took.agent, spec: took.spec, ...billed(took, grader, fleet.config) } };
}
