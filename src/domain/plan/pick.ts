import { collide, overwrites } from "../product/declared.ts";
import { isOlder } from "./duty.ts";
import { unitsOf, type Facts } from "./facts.ts";
import { taskOf, type AgentName, type Unit } from "../id.ts";
import type { Skip, Try } from "./plan.ts";
import { roundsOn } from "./rounds.ts";
import { branchOf, type Pull } from "../pull/pull.ts";
import type { AgentFile } from "../spec.ts";
import { standingOf } from "../board/state.ts";
import { stands, type Standing, type Work } from "../board/standing.ts";
import type { TaskFile } from "../board/task.ts";

/** A unit that its agent could work on now. */
export interface Candidate extends Work {
  why: Try["why"];
  standing: Standing;
}

/** A unit that is worked, or about to be, and the paths that it has declared. */
export interface Holding {
  unit: Unit;
  globs: readonly string[];
}

/** An agent's units and how they stand: those that can be worked now, most important first, and all others. */
export interface Survey {
  candidates: Candidate[];
  others: { unit: Unit; standing: Standing }[];
}

const orphaned = stands("claimed", "an expired claim on it is released first", "pullbeat");

/** Units under an expired claim (`orphans`) are for the agent that takes the claim over, and for nobody else. */
export function survey(
  agent: AgentName,
  facts: Facts,
  { takes, orphans }: { takes: ReadonlySet<Unit>; orphans: ReadonlySet<Unit> },
): Survey {
  const candidates: Candidate[] = [];
  const others: Survey["others"] = [];
  for (const file of facts.tasks.get(agent) ?? [])
    for (const unit of unitsOf(file, facts)) {
      const standing = standingOf({ file, unit }, facts);
      const why = whyNow({ file, unit }, standing, facts);
      const foreign = orphans.has(unit) && !takes.has(unit);
      if (foreign) others.push({ unit, standing: orphaned });
      else if (why === null) others.push({ unit, standing });
      else
        candidates.push({
          file,
          unit,
          standing,
          why: why === "ready" && takes.has(unit) ? "interrupted" : why,
        });
    }
  return { candidates: candidates.toSorted(byImportance), others };
}

/** Why a unit may be worked; null when it may not. */
function whyNow({ file, unit }: Work, { state, pull }: Standing, facts: Facts): Try["why"] | null {
  if (state === "ready") return "ready";
  if (state !== "changes-requested" || pull === null) return null;
  const newest = facts.newest.get(file.task.id) ?? unit;
  const replaced = file.task.overlap === "replace" && isOlder(unit, newest);
  const { journal, fleet } = facts.snapshot;
  const usedUp = roundsOn(journal, pull) >= fleet.config.limits.rounds;
  return replaced || usedUp ? null : "changes";
}

const WHY = { changes: 0, interrupted: 1, ready: 2 } satisfies Record<Try["why"], number>;
const PRIORITY = { urgent: 0, high: 1, normal: 2, low: 3 } satisfies Record<
  TaskFile["task"]["priority"],
  number
>;

/** Changes before what was cut off before what is new; then the oldest pull, priority, day due, path and slot. */
function byImportance(a: Candidate, b: Candidate): number {
  const [one, two] = [rank(a), rank(b)];
  const at = one.findIndex((key, i) => key !== two[i]);
  return (one[at] ?? 0) < (two[at] ?? 0) ? -1 : at === -1 ? 0 : 1;
}

const rank = ({ file, unit, why, standing }: Candidate): (string | number)[] => [
  WHY[why],
  why === "changes" ? (standing.pull?.created ?? "") : "",
  PRIORITY[file.task.priority],
  file.task.due ?? "9999",
  file.path,
  unit,
];

/** The first `most` candidates of an agent whose declared paths nobody holds, and those that wait for such paths. */
export function choose(
  { spec }: AgentFile,
  candidates: readonly Candidate[],
  { most, holding, facts }: { most: number; holding: readonly Holding[]; facts: Facts },
): { tries: Try[]; skipped: Skip[]; holding: Holding[] } {
  const tries: Try[] = [];
  const skipped: Skip[] = [];
  const held = [...holding];
  for (const candidate of candidates) {
    if (tries.length === most) break;
    const { unit, file } = candidate;
    const globs = overwrites(file.task, spec);
    const rival = held.find((h) => h.globs.some((g) => globs.some((own) => collide(own, g))));
    if (rival === undefined) {
      tries.push(tryOf(candidate, facts));
      held.push({ unit, globs });
    } else
      skipped.push({
        agent: spec.name,
        unit,
        reason: `${unit} waits: ${rival.unit} writes the same paths now`,
      });
  }
  return { tries, skipped, holding: held };
}

/** Work that is under way in live beats holds its paths already. */
export const heldByLive = ({ live, snapshot }: Facts): Holding[] =>
  [...live.values()].flatMap(({ unit, agent }) => {
    const task = unit === null ? undefined : snapshot.fleet.tasks.get(taskOf(unit))?.task;
    const spec = snapshot.fleet.agents.get(agent)?.spec;
    return unit === null || task === undefined || spec === undefined
      ? []
      : [{ unit, globs: overwrites(task, spec) }];
  });

function tryOf({ file, unit, why, standing }: Candidate, { snapshot, attempts, rounds }: Facts): Try {
  const attempt = 1 + (attempts.get(unit) ?? 0);
  const { pull } = standing;
  const shared = { unit, task: file.task.id, attempt, why };
  if (why !== "changes" || pull === null)
    return {
      ...shared,
      branch: branchOf(unit, attempt),
      base: snapshot.base,
      parent: snapshot.base,
      pull: null,
      round: 1,
    };
  return { ...shared, ...onPull(pull), round: 1 + Math.max(1, rounds.get(pull.branch) ?? 0) };
}

const onPull = (pull: Pull): Pick<Try, "branch" | "base" | "parent" | "pull"> => ({
  branch: pull.branch,
  base: pull.base,
  parent: pull.head ?? pull.base,
  pull: pull.number,
});
