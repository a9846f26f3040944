import { tickDigest, type DigestEnd } from "./digest.ts";
import { read } from "./read.ts";
import { settleFrom, type Settled } from "./settle.ts";
import type { World } from "./world.ts";

/** What the last job of a tick did. */
export interface JobSettled extends Settled {
  digest: DigestEnd | null;
  /** Somebody has work now who had none before: another tick should begin at once. */
  again: boolean;
}

/** The last job of a tick, and all that a person's word needs: settles, and writes the digest if it is due. */
export async function settleJob(world: World, chain: number): Promise<JobSettled> {
  const before = await read(world, chain);
  const { settled } = await settleFrom(world, before);
  const digest = await tickDigest(world, before);
  return { ...settled, digest, again: settled.madeReady && chain < before.fleet.config.limits.chain };
}
