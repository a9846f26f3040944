import { starterFor, type Starter, type Wish } from "../domain/starter/starter.ts";
import type { Kit } from "../port/starter.ts";

/** Looks, decides, then does it; a dry run ends before the doing. */
export async function init(kit: Kit, wish: Wish, { dry }: { dry: boolean }): Promise<Starter> {
  const starter = starterFor(await kit.look(wish.template, { github: wish.github !== undefined }), wish);
  if (!dry) for (const step of starter.steps) await kit.take(step);
  return starter;
}
