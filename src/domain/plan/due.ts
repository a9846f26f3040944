import { about, pausedDuring } from "../control/control.ts";
import { zoneOf } from "./duty.ts";
import { recordKey, type Facts } from "./facts.ts";
import { dateOf, SlotTime, type Minute } from "../id.ts";
import { slotsBetween } from "../time/schedule.ts";
import type { AgentFile } from "../spec.ts";

/**
 * An agent's open slots, oldest first: those up to now that no record closes. Slots before its last record up to now, before
 * its spec had this schedule and status, before the look back, and during a pause are nobody's.
 */
export function dueSlots({ spec, path }: AgentFile, facts: Facts): Minute[] {
  if (spec.status !== "active" || !spec.wakes.includes("slot")) return [];
  const { fleet, journal, since, now } = facts.snapshot;
  const last = facts.lastSlot.get(spec.name);
  const after = Math.max(
    journal.from.getTime(),
    since.get(path)?.getTime() ?? 0,
    last === undefined ? 0 : dateOf(last).getTime(),
  );
  const controls = about(facts.controls, { agent: spec.name, unit: null });
  return slotsBetween(spec.schedule, zoneOf(spec, fleet.config), new Date(after), now).filter(
    (slot) =>
      !facts.recorded.has(recordKey({ agent: spec.name, slot: SlotTime.parse(slot) })) &&
      !pausedDuring(controls, spec.name, dateOf(slot)),
  );
}
