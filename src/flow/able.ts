import type { AgentName } from "../domain/id.ts";
import type { Plan } from "../domain/plan/plan.ts";
import { plan, type Manual } from "../domain/plan/planner.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { treeOf } from "./verdict/collect.ts";
import type { World } from "./world.ts";

/**
 * The plan, once it is known which engines can work: those of agents that are due are asked, and no others. Who rests
 * for that makes room, so that somebody else may become due: then it is planned again.
 */
export async function planAble(
  world: Pick<World, "engine" | "repo">,
  snapshot: Snapshot,
  by?: Manual,
): Promise<{ plan: Plan; snapshot: Snapshot }> {
  const tip = treeOf(world.repo, snapshot.fleet.entries);
  const asked = new Set<AgentName>();
  const unable = new Map(snapshot.unable);
  for (;;) {
    const known = { ...snapshot, unable };
    const planned = plan(known, by);
    const fresh = planned.beats.map((b) => b.agent).filter((agent) => !asked.has(agent));
    const before = unable.size;
    for (const name of fresh) {
      asked.add(name);
      const agent = snapshot.fleet.agents.get(name);
      const why = agent === undefined ? null : world.engine(agent, snapshot.fleet.config, tip).unable?.();
      if (typeof why === "string") unable.set(name, why);
    }
    if (unable.size === before) return { plan: planned, snapshot: known };
  }
}
