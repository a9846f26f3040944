import { COURTS, type Court, type Docket, type Listed } from "../domain/docket.ts";
import { instantOf, randomId } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { weigh } from "./weigh.ts";
import type { World } from "./world.ts";

/** What the judging jobs of a tick are to hear, and which jobs those are. */
export interface Hearings {
  docket: Docket;
  courts: Court[];
}

type Waiting = Omit<Listed, "shard">;

/** Gates that should judge open pulls now, where nothing of the repository is run. */
export async function waitingFor(world: World, snapshot: Snapshot): Promise<Waiting[]> {
  const { gates } = snapshot.fleet.config;
  if (!Object.values(gates).some((g) => g.kind === "command")) return [];
  const waiting: Waiting[] = [];
  for (const pull of snapshot.pulls) {
    if (pull.state !== "open" || pull.head === null) continue;
    const { number, branch, base: from } = pull;
    const agent = pull.kind === "work" ? pull.agent : null;
    const { due } = await weigh(world, snapshot, pull);
    for (const { kind, gate, head, judged, of } of due)
      if (kind === "command")
        waiting.push({ kind, pull: number, branch, agent, gate, from, head, judged, of });
  }
  return waiting;
}

/** The docket of a tick; null when no gate waits to judge. What fits into no job is left for the next tick. */
export async function docketOf(world: World, snapshot: Snapshot): Promise<Hearings | null> {
  // A program has a job to itself: what it runs of one pull is beside no other pull's verdict.
  const matters = (await waitingFor(world, snapshot))
    .slice(0, COURTS)
    .map((waiting, i): Listed => ({ ...waiting, shard: i + 1 }));
  if (matters.length === 0) return null;
  const docket: Docket = {
    version: 1,
    id: randomId(world.clock.chance, 16),
    pullbeat: snapshot.pullbeat,
    now: instantOf(snapshot.now),
    base: snapshot.base,
    matters,
  };
  return { docket, courts: matters.map(({ shard }) => ({ shard, kind: "program" })) };
}
