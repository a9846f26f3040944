import { zoneOf } from "../duty.ts";
import { agentOf } from "../halt.ts";
import { dateOf, instantOf, type AgentName, type Instant } from "../id.ts";
import { nextSlot } from "../schedule.ts";
import type { Ground } from "./ground.ts";

/** Agents that are due at the same moment. */
export interface Due {
  at: Instant;
  agents: AgentName[];
}

/** Who is due next by their schedules, the first moment first. Agents that may not work are left out. */
export function nextDue({ facts, snapshot }: Ground): Due[] {
  const { fleet, now } = snapshot;
  const due = [...fleet.agents.values()].flatMap(({ spec }) => {
    if ("halt" in agentOf(spec.name, facts) || !spec.wakes.includes("slot")) return [];
    const slot = nextSlot(spec.schedule, zoneOf(spec, fleet.config), now);
    return slot === null ? [] : [{ at: instantOf(dateOf(slot)), agent: spec.name }];
  });
  return [...Map.groupBy(due, (d) => d.at)]
    .map(([at, of]) => ({ at, agents: of.map((d) => d.agent).toSorted() }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
