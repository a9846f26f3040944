import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PlanFile } from "../src/domain/plan/handover.ts";
import type { Sha } from "../src/domain/id.ts";
import { planJob } from "../src/flow/job/plan.ts";
import { publishShards, type PublishReport } from "../src/flow/job/publish.ts";
import { workShard } from "../src/flow/job/work.ts";
import type { Airlock } from "../src/port/airlock.ts";
import { fetchCommits, openBench } from "../src/store/bench.ts";
import { hatchIn } from "../src/store/hatch.ts";
import { flowWorld, type FleetWorld, type Scripts } from "./fleet.ts";

/** A tick of a fleet, cut into jobs by hand: what each leaves lies in folders of the test's world. */
export interface Relay {
  plan: PlanFile;
  /** Where shard 1 left its work. */
  box: string;
  /** The working job's own repository: the base and nothing else. */
  bench: string;
  /** What wraps and unwraps in the working job. */
  airlock: Airlock;
  publish(): Promise<PublishReport>;
}

/** Every commit that the beats of a plan stand on. */
const commitsOf = (plan: PlanFile): Sha[] => [
  ...new Set([plan.base, ...plan.orders.flatMap((o) => o.planned.tries.flatMap((t) => [t.base, t.parent]))]),
];

/** Plans a tick and works it in a repository that has no remote. */
export async function relay(fleet: FleetWorld, scripts: Scripts, tick = 1): Promise<Relay> {
  const { plan } = await planJob(fleet.flow, 0);
  if (plan === null) throw new Error("nothing was due");
  const bench = join(fleet.dir, `bench${tick}`);
  await mkdir(bench);
  await fetchCommits(bench, { url: `file://${fleet.origin}`, commits: commitsOf(plan), env: fleet.env });
  const repo = await openBench(bench, fleet.env);
  onTestFinished(() => repo.close());
  const place = (shard: number): string => join(fleet.dir, `handover${tick}`, `work-${shard}`);
  const world = flowWorld({ repo, clock: fleet.clock, scripts });
  for (const shard of new Set(plan.orders.map((o) => o.shard)))
    await workShard(world, { plan, shard }, { airlock: repo.airlock, hatch: hatchIn(place(shard)) });
  const inbox = { plan, airlock: fleet.repo.airlock, hatch: (shard: number) => hatchIn(place(shard)) };
  return {
    plan,
    box: place(1),
    bench,
    airlock: repo.airlock,
    publish: () => publishShards(fleet.flow, inbox),
  };
}
