import type { Snapshot } from "../../domain/snapshot.ts";
import { withNeighbours } from "../verdict/radar.ts";
import { withMissing } from "../verdict/weigh.ts";
import type { World } from "../world.ts";

/** The world as a digest sees it: what only a look at git, gates and the forge tells of a pull is noted on it, and kept. */
export const sightOf = async (world: World, snapshot: Snapshot): Promise<Snapshot> =>
  withMissing(world, await withNeighbours(world, snapshot));
