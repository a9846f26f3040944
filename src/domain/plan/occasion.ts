import type { Custody } from "./custody.ts";
import { dueSlots } from "./due.ts";
import type { Facts } from "./facts.ts";
import { SlotTime, type AgentName, type Unit } from "../id.ts";
import type { Closing } from "./plan.ts";
import type { Wake } from "../record.ts";
import type { Claim } from "../snapshot.ts";

/** A beat that a person asks for. */
export interface Manual {
  agent: AgentName;
  /** Only this task, or this one occurrence. */
  task?: Unit;
  /** Fresh; the slot is `manual-<id>`. */
  id: string;
}

/** For which slot an agent would work now, and what goes with it. */
export interface Occasion {
  /** Null when no slot is open: then only ready work wakes the agent. */
  slot: SlotTime | null;
  wake: Wake;
  turn: number;
  reason: string;
  /** Expired claims that the beat takes over; released when the agent rests. */
  takes: Claim[];
  /** Slots that end here without a beat. */
  closings: Closing[];
}

/** Only one try more: recovery is never recovered. */
const MOST_TURNS = 2;

/**
 * The occasion of an agent: the slot of a beat that was cut off, before one asked for by hand, before the newest open
 * slot. While a beat lives there is none, and nothing else is closed: its slots wait for it.
 */
export function occasionOf(
  agent: AgentName,
  custody: Custody,
  { facts, by }: { facts: Facts; by: Manual | undefined },
): Occasion {
  const { live, cut, units } = custody;
  const none: Occasion = { slot: null, wake: "ready", turn: 1, reason: "", takes: units, closings: [] };
  if (live !== null) return none;
  const file = facts.snapshot.fleet.agents.get(agent);
  const open = file === undefined ? [] : dueSlots(file, facts).map((minute) => SlotTime.parse(minute));
  const due = open.filter((slot) => slot !== cut?.slot);
  if (cut !== null && cut.turn < MOST_TURNS && file !== undefined) return onceMore(cut, units, due);
  const lost = cut === null ? [] : [failed(cut, units)];
  const takes = cut === null ? units : units.filter((c) => c.slot !== cut.slot);
  if (by !== undefined) {
    const slot = SlotTime.parse(`manual-${by.id}`);
    return { ...none, slot, wake: "manual", reason: "asked for by hand", takes, closings: lost };
  }
  const newest = due.at(-1);
  if (newest === undefined || (cut !== null && isBefore(newest, cut.slot)))
    return { ...none, takes, closings: [...lost, ...missed(agent, due)] };
  return {
    slot: newest,
    wake: "slot",
    turn: 1,
    reason: `due at ${newest}`,
    takes,
    closings: [...lost, ...missed(agent, due.slice(0, -1))],
  };
}

/** Slots older than that of the cut beat are missed; newer ones stay open until it has its record. */
const onceMore = (cut: Claim, units: readonly Claim[], due: readonly SlotTime[]): Occasion => ({
  slot: cut.slot,
  wake: "interrupted",
  turn: MOST_TURNS,
  reason: `its beat of ${cut.slot} was cut off before it published; this is its last try`,
  takes: [cut, ...units],
  closings: missed(
    cut.agent,
    due.filter((slot) => isBefore(slot, cut.slot)),
  ),
});

/** Minutes sort as text. A beat by hand lies before and behind no slot. */
const isBefore = (slot: SlotTime, other: SlotTime): boolean => !other.startsWith("manual-") && slot < other;

const missed = (agent: AgentName, slots: readonly SlotTime[]): Closing[] =>
  slots.map((slot) => ({
    agent,
    slot,
    outcome: "missed",
    reason: "no tick came before the next slot was due",
    ends: [],
  }));

const failed = (cut: Claim, units: readonly Claim[]): Closing => ({
  agent: cut.agent,
  slot: cut.slot,
  outcome: "failed",
  reason:
    cut.turn < MOST_TURNS
      ? "its beat was cut off before it published, and the spec is gone"
      : "its beat was cut off before it published, twice",
  ends: [cut, ...units.filter((c) => c.slot === cut.slot)],
});
