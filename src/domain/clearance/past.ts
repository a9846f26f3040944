import { dayIn } from "../time/day.ts";
import { taskOf, type AgentName, type PullNumber } from "../id.ts";
import { isAbove, type Policy } from "./policy.ts";
import type { Pull } from "../pull/pull.ts";
import type { Control, Merge } from "../record.ts";
import type { Snapshot } from "../snapshot.ts";

/** Merges of a task's earlier work, newest first: an earlier occurrence's, too. */
export const earlierMerges = (
  { journal }: Pick<Snapshot, "journal">,
  { task }: Pick<Pull, "task">,
): Merge[] =>
  journal.merges.filter((m) => m.kind === "work" && task !== null && m.task === task).toReversed();

/**
 * How often each grant let an agent in today: what merged with less than the default asks for, also where something lifted
 * it above the grant's own tier. Null when the journal holds a merge that cannot be read.
 */
export function usedToday(
  { journal, fleet, now }: Pick<Snapshot, "journal" | "fleet" | "now">,
  agent: AgentName | null,
): Map<string, number> | null {
  if (journal.findings.some((f) => f.file.startsWith("merges/"))) return null;
  const { timezone } = fleet.config;
  const today = dayIn(timezone, now);
  const used = new Map<string, number>();
  for (const merge of journal.merges) {
    if (merge.agent !== agent || dayIn(timezone, new Date(merge.at)) !== today) continue;
    const grant = grantOf(merge, fleet.config.policy);
    if (grant !== undefined) used.set(grant, 1 + (used.get(grant) ?? 0));
  }
  return used;
}

/** The grant by which a merge needed less than the default; undefined for none. */
function grantOf({ clearance }: Merge, policy: Policy): string | undefined {
  if (clearance === undefined || !isAbove(policy.default, clearance.tier)) return undefined;
  return /^grant:(.*)$/.exec(clearance.rules[0] ?? "")?.[1];
}

/**
 * An earlier pull of the same task that a person closed: of the very unit, or of another occurrence while the duty's file is
 * as it was then. What pullbeat closed itself, because a newer occurrence replaced it, says nothing.
 */
export function closedBefore(
  { journal, fleet }: Pick<Snapshot, "journal" | "fleet">,
  { unit, task, author }: Pick<Pull, "unit" | "task" | "author">,
): PullNumber | null {
  if (unit === null || task === null) return null;
  const blob = fleet.tasks.get(task)?.blob;
  const isMeant = ({ verb, target, taskBlob, who, why }: Control): boolean =>
    verb === "close" &&
    target.kind === "unit" &&
    !(who === author && why.startsWith("superseded by ")) &&
    (target.unit === unit || (taskOf(target.unit) === task && taskBlob !== null && taskBlob === blob));
  return journal.controls.findLast((c) => isMeant(c) && c.pull !== null)?.pull ?? null;
}
