import { taskOf, type AgentName } from "../id.ts";
import type { Snapshot } from "../snapshot.ts";

/** How often an agent was in trouble in the last 30 days, and how often it asked. */
export interface Rates {
  attempts: number;
  /** Questions a week. */
  asksPerWeek: number;
  /** Attempts in which a gate sent work back before it passed or failed. */
  sentBack: number;
  /** Further rounds: changes that people or gates asked for of a pull. */
  rounds: number;
  /** Conversations that got nowhere. */
  stalled: number;
  /** All that failed, stalled ones included. */
  failed: number;
  /** Parks of its tasks, by pullbeat or by a person. */
  parked: number;
}

const DAYS = 30;

/** Counted from the journal; days before it begins count as days without anything. */
export function ratesOf(
  agent: AgentName,
  { journal, fleet, now }: Pick<Snapshot, "journal" | "fleet" | "now">,
): Rates {
  const since = now.getTime() - DAYS * 86_400_000;
  const attempts = journal.records
    .filter((r) => r.agent === agent && Date.parse(r.ended) > since)
    .flatMap((r) => r.attempts);
  const own = (task: string): boolean =>
    attempts.some((a) => a.task === task) ||
    [...fleet.tasks.values()].some((f) => f.task.id === task && f.task.agent === agent);
  const parks = journal.controls.filter(
    ({ verb, target, at }) =>
      verb === "park" && target.kind === "unit" && Date.parse(at) > since && own(taskOf(target.unit)),
  );
  const asked = attempts.filter((a) => a.outcome === "asked").length;
  return {
    attempts: attempts.length,
    asksPerWeek: Math.round((asked * 70) / DAYS) / 10,
    sentBack: attempts.filter((a) => a.feedback.length > 0).length,
    rounds: attempts.filter((a) => (a.proposal?.round ?? 1) > 1).length,
    stalled: attempts.filter((a) => a.failure?.startsWith("stalled/") === true).length,
    failed: attempts.filter((a) => a.outcome === "failed").length,
    parked: parks.length,
  };
}
