import { nextOccurrence, zoneOf } from "../plan/duty.ts";
import { agentOf } from "../plan/halt.ts";
import { dateOf, instantOf, type AgentName, type Instant } from "../id.ts";
import { nextSlot } from "../time/schedule.ts";
import { isDuty } from "../board/task.ts";
import type { Ground } from "./ground.ts";

/** Agents that are due at the same moment. */
export interface Due {
  at: Instant;
  agents: AgentName[];
}

/** Who is due next by a schedule or a duty, the first moment first. Agents that may not work are left out. */
export function nextDue({ facts, snapshot }: Ground): Due[] {
  const { fleet, now } = snapshot;
  const able = [...fleet.agents.values()].filter(({ spec }) => !("halt" in agentOf(spec.name, facts)));
  const due = able.flatMap(({ spec }) => {
    const slot = spec.wakes.includes("slot")
      ? nextSlot(spec.schedule, zoneOf(spec, fleet.config), now)
      : null;
    const duties = (facts.tasks.get(spec.name) ?? [])
      .filter(({ task }) => isDuty(task) && task.status === "todo")
      .map((file) => nextOccurrence(file, snapshot));
    const moments = new Set([slot, ...duties].filter((m) => m !== null));
    return [...moments].map((m) => ({ at: instantOf(dateOf(m)), agent: spec.name }));
  });
  return [...Map.groupBy(due, (d) => d.at)]
    .map(([at, of]) => ({ at, agents: of.map((d) => d.agent).toSorted() }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
