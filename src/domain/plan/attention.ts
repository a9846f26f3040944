import type { Facts } from "./facts.ts";
import { matchesAny } from "../glob.ts";
import { taskOf, type AgentName } from "../id.ts";
import type { Candidate } from "./pick.ts";
import type { Grant } from "../clearance/policy.ts";
import { usedToday } from "../clearance/past.ts";
import type { Pull } from "../pull/pull.ts";
import { productsOf } from "../spec.ts";
import type { TaskFile } from "../board/task.ts";
import { PROBATION } from "../clearance/tier.ts";

/** How many more items may wait for a person; null where the config sets no limit. */
export function roomFor(facts: Facts): number | null {
  const { attention } = facts.snapshot.fleet.config.limits;
  return attention === undefined ? null : Math.max(0, attention - waiting(facts));
}

/** Open pulls that need a person sooner or later, and live work that will become such a pull. */
function waiting(facts: Facts): number {
  const { snapshot, live } = facts;
  const open = snapshot.pulls.filter((p) => p.state === "open");
  const having = new Set(open.map((p) => p.unit));
  const begun = [...live.values()].filter(({ unit }) => {
    const file = unit === null ? undefined : snapshot.fleet.tasks.get(taskOf(unit));
    return unit !== null && !having.has(unit) && (file === undefined || needsPerson(file, facts));
  });
  return open.filter((p) => pullNeedsPerson(p, facts)).length + begun.length;
}

function pullNeedsPerson({ kind, task, agent, branch }: Pull, facts: Facts): boolean {
  if (kind === "archive" || kind === "digest") return false;
  const { fleet, changes } = facts.snapshot;
  const file = task === null ? undefined : fleet.tasks.get(task);
  if (kind !== "work" || file === undefined || agent === null) return true;
  const paths = (changes.get(branch) ?? []).map((c) => c.path).filter((path) => path !== file.path);
  return !mayBeGranted({ file, agent, paths }, facts);
}

/** True when nothing could let the work of a task in but a person: what an agent may write decides, not what it will. */
function needsPerson(file: TaskFile, facts: Facts): boolean {
  const { agent, produces } = file.task;
  const spec = facts.snapshot.fleet.agents.get(agent)?.spec;
  const globs = produces.length > 0 || spec === undefined ? produces : productsOf(spec).map((p) => p.path);
  const paths = globs.map((glob) => glob.replaceAll(/\*+|\?/g, "x"));
  return !mayBeGranted({ file, agent, paths }, facts);
}

/** Said from what is known without reading anything: whether a grant speaks for a pull in the end is for settle to say. */
function mayBeGranted(
  { file, agent, paths }: { file: TaskFile; agent: AgentName; paths: readonly string[] },
  { snapshot }: Facts,
): boolean {
  const { kind } = file.task;
  const merged = snapshot.journal.merges.filter((m) => m.agent === agent && m.kind === "work").length;
  if (kind === undefined || merged < PROBATION) return false;
  const used = usedToday(snapshot, agent);
  const fits = (grant: Grant): boolean =>
    grant.tier !== "human" &&
    matchesAny(grant.kind, kind) &&
    (grant.agent?.includes(agent) ?? true) &&
    paths.every((path) => matchesAny(grant.only_paths, path)) &&
    used !== null &&
    (used.get(grant.id) ?? 0) < grant.per_day;
  return snapshot.fleet.config.policy.grant.some(fits);
}

/** Of an agent's candidates, those for which there is room. Going on with what people sent back takes none. */
export function withinRoom(candidates: readonly Candidate[], room: number | null, facts: Facts): Candidate[] {
  let left = room ?? Infinity;
  return candidates.filter((c) => !takesRoom(c, facts) || left-- > 0);
}

export const takesRoom = ({ why, file }: Pick<Candidate, "why" | "file">, facts: Facts): boolean =>
  why !== "changes" && needsPerson(file, facts);
