import { COURTS } from "../verdict/docket.ts";
import { isHeard, type GateSettings } from "../verdict/gates.ts";
import { matchesAny } from "../glob.ts";
import { overlaps } from "../product/overlap.ts";
import { shardsFor } from "../plan/shard.ts";
import { productsOf, type AgentFile } from "../spec.ts";
import type { Workload } from "./files.ts";

/** Minutes that a gate's program is expected to take: nobody has timed it, and most only look. */
const LOOK = 1;

/** Minutes of the judging jobs that the work of these agents begins: one for each program and pull, few for all graders. */
export function judgingMinutes(agents: readonly AgentFile[], fleet: Workload): number[] {
  const gates = agents.flatMap((agent) => heardFor(agent, fleet));
  const programs = gates.flatMap((g) => (g.kind === "command" ? [Math.min(g.minutes, LOOK)] : []));
  const graders = agents.flatMap((agent) => gradersFor(agent, fleet));
  const total = graders.reduce((sum, { spec }) => sum + spec.budget.attempt.minutes / 4, 0);
  const jobs = Math.min(COURTS / 2, shardsFor(graders.length, total, fleet.config.actions));
  return [...Array.from({ length: jobs }, () => total / jobs), ...programs.slice(0, COURTS - jobs)];
}

/** Graders that judge each pull of an agent. */
export const gradersFor = (agent: AgentFile, fleet: Workload): AgentFile[] =>
  heardFor(agent, fleet).flatMap((gate) => {
    const grader = gate.kind === "grader" ? fleet.agents.get(gate.grader) : undefined;
    return grader === undefined ? [] : [grader];
  });

/** Gates that judge elsewhere what an agent makes, as far as its paths and its tasks' kinds tell. */
function heardFor({ spec }: AgentFile, { config, tasks }: Workload): GateSettings[] {
  const kinds = [...tasks.values()].flatMap(({ task }) =>
    task.agent === spec.name && task.kind !== undefined ? [task.kind] : [],
  );
  const made = productsOf(spec).map((p) => p.path);
  const asked = config.require.filter(
    ({ path, kind }) =>
      (path === undefined || path.some((a) => made.some((b) => overlaps(a, b) !== null))) &&
      (kind === undefined || kinds.some((k) => matchesAny(kind, k))),
  );
  const names = new Set([...asked.flatMap((r) => r.gates), ...spec.gates]);
  return [...names].flatMap((name) => {
    const gate = Object.hasOwn(config.gates, name) ? config.gates[name] : undefined;
    return gate !== undefined && isHeard(gate) ? [gate] : [];
  });
}
