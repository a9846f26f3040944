import { zoneOf } from "../plan/duty.ts";
import { dateOf } from "../id.ts";
import { slotsBetween, type Schedule, type Timezone } from "../time/schedule.ts";
import type { Fleet } from "../snapshot.ts";
import { isDuty } from "../board/task.ts";

const MINUTE = 60_000;
const DAY = 1440;
const WEEK = 7 * DAY * MINUTE;

/** Minutes of a UTC day at which something is due, and on which days of the week (0: Sunday). */
interface Time {
  minute: number;
  days: Set<number>;
}

/** Everything of a fleet that the clock makes due. */
function clocked(
  fleet: Pick<Fleet, "agents" | "tasks" | "config">,
): { schedule: Schedule; zone: Timezone }[] {
  const { config } = fleet;
  const agents = [...fleet.agents.values()]
    .filter(({ spec }) => spec.status === "active" && spec.wakes.includes("slot"))
    .map(({ spec }) => ({ schedule: spec.schedule, zone: zoneOf(spec, config) }));
  const duties = [...fleet.tasks.values()].flatMap(({ task }) => {
    const owner = fleet.agents.get(task.agent)?.spec;
    if (!isDuty(task) || task.every === undefined || task.status !== "todo" || owner?.status !== "active")
      return [];
    return [{ schedule: task.every, zone: zoneOf(owner, config) }];
  });
  const digest = config.digest.at === "off" ? [] : [{ schedule: config.digest.at, zone: config.timezone }];
  return [...agents, ...duties, ...digest];
}

/**
 * When ticks are scheduled: soon after the slots of the fleet, at most `ticks` times a day, off the hour, when many
 * others wake up too. Slots that are late are worked once, so a tick serves all slots before it. Summer and winter are
 * looked at alike: cron knows UTC only. `now`: the week to look at.
 */
export function cronsFor(fleet: Pick<Fleet, "agents" | "tasks" | "config">, now: Date): string[] {
  const { ticks } = fleet.config.actions;
  const times = new Map<number, Set<number>>();
  for (const { schedule, zone } of clocked(fleet))
    for (const from of [now, new Date(now.getTime() + 26 * WEEK)])
      for (const slot of slotsBetween(schedule, zone, from, new Date(from.getTime() + WEEK))) {
        const at = dateOf(slot);
        const minute = at.getUTCHours() * 60 + at.getUTCMinutes();
        times.set(minute, (times.get(minute) ?? new Set()).add(at.getUTCDay()));
      }
  const sorted = [...times]
    .map(([minute, days]) => ({ minute, days }))
    .toSorted((a, b) => a.minute - b.minute);
  const kept = sorted.length === 0 ? [{ minute: 6 * 60, days: new Set(ALL) }] : thinned(sorted, ticks);
  return kept.map((time) => cronOf(later(time, splay(fleet.config.fleet.email))));
}

const ALL = [0, 1, 2, 3, 4, 5, 6];

/** The times that lie closest become one, at the later of both: at most an hour is waited for nothing, and `most` are left. */
function thinned(times: readonly Time[], most: number): Time[] {
  const left = [...times];
  const gap = (i: number): number => (left[i + 1]?.minute ?? Infinity) - (left[i]?.minute ?? 0);
  for (;;) {
    const closest = [...left.keys()].reduce((best, i) => (gap(i) < gap(best) ? i : best), 0);
    const [a, b] = [left[closest], left[closest + 1]];
    if (a === undefined || b === undefined || (left.length <= most && gap(closest) > 60)) return left;
    left.splice(closest, 2, { minute: b.minute, days: new Set([...a.days, ...b.days]) });
  }
}

/** Minutes behind the slot, 4 to 23, the same for a fleet each time; never more than a day has. */
const splay = (seed: string): number =>
  4 + (Array.from(seed, (c) => c.codePointAt(0) ?? 0).reduce((sum, c) => (sum * 31 + c) % 65_521, 7) % 20);

function later({ minute, days }: Time, by: number): Time {
  const at = minute + by;
  // On the hour and at its half all the world's schedules begin.
  const off = at % 30 === 0 ? at + 1 : at;
  return off < DAY
    ? { minute: off, days }
    : { minute: off - DAY, days: new Set([...days].map((d) => (d + 1) % 7)) };
}

function cronOf({ minute, days }: Time): string {
  const which = days.size === 7 ? "*" : [...days].toSorted((a, b) => a - b).join(",");
  return `${minute % 60} ${Math.floor(minute / 60)} * * ${which}`;
}
