import { z } from "zod";
import { Fault } from "../fault.ts";
import { minuteOf, type Minute } from "../id.ts";
import { nearest } from "../text/near.ts";
import { FORMS, readRule, type Rule } from "../rule.ts";
import { DAY, dayClock, isZone, localDay } from "./zone.ts";

/** A schedule in words or as cron. What it says is local to the time zone that goes with it. */
export const Schedule = z
  .string()
  .superRefine((text, context) => {
    const rule = readRule(text);
    if (typeof rule === "string") context.addIssue(`${rule}; expected one of: ${FORMS}`);
  })
  .describe(`When it is due, in local time. One of: ${FORMS}.`);
export type Schedule = z.infer<typeof Schedule>;

/** When the digest is due: a schedule that comes at most once a day, or `off`. */
export const DigestTime = z
  .string()
  .superRefine((text, context) => {
    if (text === "off") return;
    const rule = readRule(text);
    if (typeof rule === "string") context.addIssue(`${rule}; expected off, or such as daily 07:00`);
    else if (rule?.minutes.length !== 1)
      context.addIssue("a digest comes at most once a day; expected off, or such as daily 07:00");
  })
  .describe("When it is due in the fleet's `timezone`, at most once a day, such as `daily 07:00`; or `off`.");

/** An IANA name, because only those know when clocks change. */
export const Timezone = z
  .string()
  .superRefine((name, context) => {
    if (isZone(name)) return;
    const near = nearest(name, Intl.supportedValuesOf("timeZone"));
    context.addIssue(`expected a time zone such as Europe/Berlin${near ? `; did you mean ${near}?` : ""}`);
  })
  .describe("A time zone by its IANA name, such as Europe/Berlin.");
export type Timezone = z.infer<typeof Timezone>;

/** Milliseconds of an age such as `30m`, `26h` or `7d`. */
export const ageMs = (age: string): number =>
  Number.parseInt(age, 10) * (AGES[age.at(-1) ?? ""] ?? Number.NaN);

const AGES: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY };

/** `slotsBetween` gives at most so many: 35 days of five-minute slots. */
export const MOST_SLOTS = 35 * 288;

/**
 * Slots in (after, until], oldest first; of more than `MOST_SLOTS`, the newest. A time that the clocks skip is due
 * once, at the moment they jump; one that they show twice is due the first time only. `hourly` and `every` count by
 * the clock on the wall from local midnight, so an hour that is lost or shown twice makes no slots of its own.
 */
export function slotsBetween(schedule: Schedule, timezone: Timezone, after: Date, until: Date): Minute[] {
  const slots = new Set<Minute>();
  for (const slot of backwards(schedule, timezone, until.getTime())) {
    if (slot <= after.getTime() || slots.size === MOST_SLOTS) break;
    slots.add(minuteOf(new Date(slot)));
  }
  return [...slots].toReversed();
}

/** The newest slot that is not after `at`; null when there is none. */
export function previousSlot(schedule: Schedule, timezone: Timezone, at: Date): Minute | null {
  const { value } = backwards(schedule, timezone, at.getTime()).next();
  return value === undefined ? null : minuteOf(new Date(value));
}

/** The first slot after `after`; null for on demand, and for what never comes (`cron "0 0 31 2 *"`). */
export function nextSlot(schedule: Schedule, timezone: Timezone, after: Date): Minute | null {
  const rule = ruleOf(schedule);
  if (rule === null) return null;
  const today = new Date(localDay(timezone, after.getTime()) - 1);
  for (let day = rule.days.nextRun(today); day !== null; day = rule.days.nextRun(day)) {
    const slot = slotsOn(rule, timezone, day).find((s) => s > after.getTime());
    if (slot !== undefined) return minuteOf(new Date(slot));
  }
  return null;
}

/** Slots up to and with `until` in milliseconds, newest first; a moment at which clocks jump may come more than once. */
function* backwards(schedule: Schedule, timezone: Timezone, until: number): Generator<number, undefined> {
  const rule = ruleOf(schedule);
  if (rule === null) return;
  const before = (day: Date): Date | undefined => rule.days.previousRuns(1, day)[0];
  // Clocks that were put back over midnight have shown times of tomorrow already.
  const tomorrow = new Date(localDay(timezone, until) + DAY + 1);
  for (let day = before(tomorrow); day !== undefined; day = before(day)) {
    yield* slotsOn(rule, timezone, day)
      .filter((slot) => slot <= until)
      .toReversed();
  }
}

const slotsOn = (rule: Rule, timezone: Timezone, day: Date): number[] =>
  rule.minutes.map(dayClock(timezone, day.getTime()));

const rules = new Map<Schedule, Rule | null>();

function ruleOf(schedule: Schedule): Rule | null {
  const known = rules.get(schedule);
  if (known !== undefined) return known;
  const rule = readRule(schedule);
  if (typeof rule === "string") throw new Fault("broken", `schedule: ${rule}`, { expected: FORMS });
  rules.set(schedule, rule);
  return rule;
}
