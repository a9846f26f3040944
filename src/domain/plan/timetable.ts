import { askingRate, type AskingRate } from "../board/asking.ts";
import { about, byTarget, paused } from "../control/control.ts";
import { nextOccurrence, zoneOf } from "./duty.ts";
import { graderStanding, type GraderStanding } from "../grading/calibration.ts";
import { dateOf, instantOf, type AgentName, type Instant, type TaskId } from "../id.ts";
import { ledgerOf, spentToday, type Spending } from "./ledger.ts";
import type { PlannedBeat } from "./plan.ts";
import { plan } from "./planner.ts";
import { ratesOf, type Rates } from "./rates.ts";
import type { BeatRecord } from "../record.ts";
import { nextSlot } from "../time/schedule.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Spec } from "../spec.ts";

/** One agent's line of the timetable. */
export interface Row {
  agent: AgentName;
  /** Null for an agent whose spec cannot be read, or is gone. */
  title: string | null;
  schedule: string | null;
  /** `due`, or the code of why it rests: `nothing-ready`, `not-due`, `paused`, `budget`, `working`, `broken-spec` … */
  state: string;
  /** One sentence. */
  reason: string;
  /** Its newest record. */
  last: Pick<BeatRecord, "slot" | "outcome" | "started" | "reason"> | null;
  /** When its next slot is due; null when none is to come, as while it is paused without an end. */
  next: Instant | null;
  /** The next occurrence of a duty of its own. */
  nextDuty: { task: TaskId; at: Instant } | null;
  /** Its own calendar day, and what that day may cost. */
  today: (Spending & { limit: { beats: number; usd: number } }) | null;
  /** How often it asks people; null when its spec lists nothing to ask about. */
  asks: AskingRate | null;
  /** How often it was in trouble lately. */
  rates: Rates;
  /** How far its word counts as a grader's; null for one that is none. */
  grader: GraderStanding | null;
}

/** Every agent as a tick would find it now, by name. */
export function timetable(snapshot: Snapshot): Row[] {
  const { beats, rests } = plan(snapshot);
  const ledger = ledgerOf(snapshot);
  const last = new Map(snapshot.journal.records.map((r) => [r.agent, r] as const));
  const lines = [
    ...beats.map((b) => ({ agent: b.agent, state: "due", reason: dueFor(b) })),
    ...rests.map((r) => ({ agent: r.agent, state: r.code, reason: r.reason })),
  ];
  return lines
    .toSorted((a, b) => (a.agent < b.agent ? -1 : 1))
    .map(({ agent, state, reason }): Row => {
      const spec = snapshot.fleet.agents.get(agent)?.spec;
      const record = last.get(agent);
      return {
        agent,
        title: spec?.title ?? null,
        schedule: spec?.schedule ?? null,
        state,
        reason,
        last: record === undefined ? null : lastOf(record),
        next: spec === undefined ? null : nextOf(spec, snapshot),
        nextDuty: nextDutyOf(agent, snapshot),
        today:
          spec === undefined
            ? null
            : { ...spentToday(spec, ledger, snapshot), limit: { ...spec.budget.day } },
        asks:
          spec === undefined
            ? null
            : askingRate(spec, { records: snapshot.journal.records, now: snapshot.now }),
        rates: ratesOf(agent, snapshot),
        grader: standingOf(agent, snapshot),
      };
    });
}

function standingOf(agent: AgentName, { fleet, journal }: Snapshot): GraderStanding | null {
  const file = fleet.agents.get(agent);
  return file?.spec.grades === undefined ? null : graderStanding(file, fleet.config, journal);
}

/** The reason names the task that woke it, or a slot. */
function dueFor({ reason, tries }: Pick<PlannedBeat, "reason" | "tries">): string {
  const others = tries.map((t) => t.unit).filter((unit) => !reason.includes(unit));
  return others.length === 0 ? reason : `${reason}; to work on ${others.join(", ")}`;
}

const lastOf = ({ slot, outcome, started, reason }: BeatRecord): Row["last"] => ({
  slot,
  outcome,
  started,
  reason,
});

function nextDutyOf(agent: AgentName, snapshot: Snapshot): Row["nextDuty"] {
  const comings = [...snapshot.fleet.tasks.values()].flatMap((file) => {
    const isOwn = file.task.agent === agent && file.task.status === "todo";
    const slot = isOwn ? nextOccurrence(file, snapshot) : null;
    return slot === null ? [] : [{ task: file.task.id, at: instantOf(dateOf(slot)) }];
  });
  return comings.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0] ?? null;
}

/** Slots of a paused agent are not due; the first one behind the pause is. */
function nextOf(spec: Spec, { fleet, journal, now }: Snapshot): Instant | null {
  if (spec.status !== "active" || !spec.wakes.includes("slot")) return null;
  const controls = about(byTarget(journal.controls), { agent: spec.name, unit: null });
  const pause = paused(controls, spec.name, now);
  if (pause?.until === null) return null;
  // A slot at the very minute at which the pause ends is due.
  const from = pause === null ? now : new Date(Date.parse(pause.until) - 1);
  const slot = nextSlot(spec.schedule, zoneOf(spec, fleet.config), from);
  return slot === null ? null : instantOf(dateOf(slot));
}
