import { tickDigest, type DigestEnd } from "../digest/digest.ts";
import { waitingFor } from "./docket.ts";
import { earsOf } from "../phone/ears.ts";
import type { Returned } from "./admit-verdicts.ts";
import { takeVerdicts, type TakenIn } from "./take-verdicts.ts";
import { read } from "../read.ts";
import { heardFirst, settleFrom, type Settled } from "../settle/settle.ts";
import type { World } from "../world.ts";

/** What the last job of a tick did. */
export interface JobSettled extends Settled {
  digest: DigestEnd | null;
  /** Verdicts of this run's judging jobs. */
  verdicts: TakenIn;
  /** Somebody has work now who had none before, or a gate is to judge: another tick should begin at once. */
  again: boolean;
}

/**
 * The last job of a tick, and all that a person's word needs: settles, and writes the digest if it is due. `returned`:
 * what this run's judging jobs have left; no other verdict of a gate that runs elsewhere is taken in.
 */
export async function settleJob(
  world: World,
  chain: number,
  returned: Returned | null = null,
): Promise<JobSettled> {
  const ears = earsOf(world);
  const first = await heardFirst(world, ears, chain);
  const verdicts = returned === null ? NONE : await takeVerdicts(world, first, returned);
  const before = verdicts === NONE ? first : await read(world, chain);
  const { settled, snapshot } = await settleFrom(world, before, ears);
  const digest = await tickDigest(world, before);
  const isWanted = settled.madeReady || (await waitingFor(world, snapshot)).length > 0;
  return { ...settled, digest, verdicts, again: isWanted && chain < before.fleet.config.limits.chain };
}

const NONE: TakenIn = { heard: 0, refused: [] };
