import { COURTS } from "../docket.ts";
import type { CommandGate } from "../gates.ts";
import { matchesAny } from "../glob.ts";
import { overlaps } from "../overlap.ts";
import { productsOf, type AgentFile } from "../spec.ts";
import type { Workload } from "./files.ts";

/** Minutes that a gate's program is expected to take: nobody has timed it, and most only look. */
const LOOK = 1;

/** Minutes of the judging jobs that the work of these agents begins, one for each program of a gate and each pull. */
export const judgingMinutes = (agents: readonly AgentFile[], fleet: Workload): number[] =>
  agents
    .flatMap((agent) => programsFor(agent, fleet))
    .slice(0, COURTS)
    .map(({ minutes }) => Math.min(minutes, LOOK));

/** Programs of gates that config and spec ask for what an agent makes, as far as its paths and its tasks' kinds tell. */
function programsFor({ spec }: AgentFile, { config, tasks }: Workload): CommandGate[] {
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
    return gate?.kind === "command" ? [gate] : [];
  });
}
