import type { Config } from "../config.ts";
import { Minute, dateOf, taskOf, unitOf, type Unit } from "../id.ts";
import { nextSlot, previousSlot, type Timezone } from "../time/schedule.ts";
import type { Snapshot } from "../snapshot.ts";
import type { AgentFile, Spec } from "../spec.ts";
import type { TaskFile } from "../board/task.ts";

/** The zone in which a spec's days and times are meant: its own, or the fleet's. */
export const zoneOf = (spec: Spec, config: Config): Timezone => spec.timezone ?? config.timezone;

/** A duty's slots are those of its agent's zone. An agent that nobody can read has the fleet's. */
function dutyZone({ task }: TaskFile, { fleet }: Snapshot): Timezone {
  const agent: AgentFile | undefined = fleet.agents.get(task.agent);
  return agent === undefined ? fleet.config.timezone : zoneOf(agent.spec, fleet.config);
}

/**
 * The one occurrence of a duty that counts now: the newest slot at or before now. Null when that slot lies before
 * the duty had this schedule, or before the journal's look back: then it is nobody's.
 */
export function newestOccurrence(file: TaskFile, snapshot: Snapshot): Unit | null {
  const { every, id } = file.task;
  const slot = every === undefined ? null : previousSlot(every, dutyZone(file, snapshot), snapshot.now);
  const since = snapshot.since.get(file.path) ?? snapshot.journal.from;
  const from = since > snapshot.journal.from ? since : snapshot.journal.from;
  return slot === null || dateOf(slot) < from ? null : unitOf(id, slot);
}

/** When the next occurrence of a duty is due; null for never. */
export const nextOccurrence = (file: TaskFile, snapshot: Snapshot): Minute | null =>
  file.task.every === undefined ? null : nextSlot(file.task.every, dutyZone(file, snapshot), snapshot.now);

export const isOccurrence = (unit: Unit): boolean => unit.includes("@");

/** The slot of an occurrence; null for a plain task. */
export function slotOf(unit: Unit): Minute | null {
  const at = Minute.safeParse(unit.split("@")[1]);
  return at.success ? at.data : null;
}

/** True when `unit` is an occurrence of the same duty, at an earlier slot. Minutes sort as text. */
export const isOlder = (unit: Unit, than: Unit): boolean =>
  unit !== than && taskOf(unit) === taskOf(than) && (slotOf(unit) ?? "") < (slotOf(than) ?? "");
