import { courtsOf, type Waiting } from "../../domain/verdict/courts.ts";
import type { Court, Docket } from "../../domain/verdict/docket.ts";
import { isHeard } from "../../domain/verdict/gates.ts";
import { instantOf, randomId, Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Matter } from "../hearing/matter.ts";
import { weigh } from "../verdict/weigh.ts";
import type { World } from "../world.ts";

/** What the judging jobs of a tick are to hear, and which jobs those are. */
export interface Hearings {
  docket: Docket;
  courts: Court[];
}

/** Gates that should judge open pulls now, where nobody may ask them; `minutes`: what each is expected to take. */
export async function waitingFor(
  world: World,
  snapshot: Snapshot,
): Promise<(Waiting & { minutes: number })[]> {
  const { gates } = snapshot.fleet.config;
  if (!Object.values(gates).some(isHeard)) return [];
  const waiting: (Waiting & { minutes: number })[] = [];
  for (const pull of snapshot.pulls) {
    if (pull.state !== "open" || pull.head === null) continue;
    const { due } = await weigh(world, snapshot, pull);
    waiting.push(...due.flatMap((matter) => waitingIn(snapshot, pull, matter)));
  }
  return waiting;
}

function waitingIn({ fleet }: Snapshot, pull: Pull, matter: Matter): (Waiting & { minutes: number })[] {
  const { gate, head, judged, of } = matter;
  const agent = pull.kind === "work" ? pull.agent : null;
  const { number, branch, base: from } = pull;
  const placed = { pull: number, branch, agent, gate, from, head, judged, of };
  if (matter.kind === "command") return [{ ...placed, kind: "command", minutes: 1 }];
  const grader = fleet.agents.get(matter.settings.grader);
  if (grader === undefined) return [];
  const { name, budget } = grader.spec;
  const minutes = budget.attempt.minutes / 4;
  return [
    { ...placed, kind: "grader", work: matter.work, grader: name, spec: Sha.parse(grader.blob), minutes },
  ];
}

/** The docket of a tick; null when no gate waits to judge. */
export async function docketOf(world: World, snapshot: Snapshot): Promise<Hearings | null> {
  const waiting = await waitingFor(world, snapshot);
  const { courts, matters } = courtsOf(waiting, snapshot.fleet.config.actions);
  if (matters.length === 0) return null;
  const docket: Docket = {
    version: 1,
    id: randomId(world.clock.chance, 16),
    pullbeat: snapshot.pullbeat,
    now: instantOf(snapshot.now),
    base: snapshot.base,
    matters,
  };
  return { docket, courts };
}
