import { digestFacts, type DigestFacts } from "../../domain/digest/facts.ts";
import { recalledPull, type DigestSource } from "../../domain/digest/record.ts";
import type { Journal, Snapshot } from "../../domain/snapshot.ts";
import { agesOf } from "../ages.ts";
import type { World } from "../world.ts";

/** What a digest says, from what is kept of it: at any later time the same. */
export async function recall(world: World, source: DigestSource): Promise<DigestFacts> {
  const now = new Date(source.at);
  const [fleet, journal] = await Promise.all([
    world.records.fleet(source.base),
    world.records.journal(source.journal, now),
  ]);
  const snapshot: Snapshot = {
    now,
    chain: 0,
    pullbeat: source.pullbeat,
    branch: await world.repo.defaultBranch(),
    base: source.base,
    fleet,
    journal,
    claims: [],
    branches: [],
    pulls: source.pulls.map(recalledPull),
    fences: new Map(),
    unable: new Map(),
    changes: new Map(),
    effects: new Map(),
    ...(await agesOf(world, { base: source.base, fleet, journal, now })),
  };
  return digestFacts(snapshot, await toldBefore(world, journal), source.date);
}

/** Paths of the journal that the newest digest saw; null when there was none. */
export async function toldBefore(
  world: World,
  { digest }: Pick<Journal, "digest">,
): Promise<ReadonlySet<string> | null> {
  if (digest === null) return null;
  return new Set((await world.repo.entries(digest.journal, ["beats", "merges"])).map((e) => e.path));
}
