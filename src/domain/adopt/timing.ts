import { Schedule } from "../time/schedule.ts";

/** When an agent is due, in our words. */
export interface Timing {
  schedule: Schedule;
  timezone?: string;
  guess?: string;
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const TIME = String.raw`(?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?|noon|midnight)`;
const WORDS = new RegExp(
  `^(?<often>daily|weekly)(?: on (?<day>${DAYS.join("|")}|weekdays))?` +
    `(?: (?<how>at|around|between) (?<time>${TIME})(?: and ${TIME})?)?(?: on (?<late>weekdays))?(?: utc)?$`,
);
const INTERVAL = /^every (\d{1,4}) ?(m|h)(?:in(?:ute)?s?|ours?)?$/;
const FIELD = /^[\d*,/\-a-z]+$/i;

/** Longer than any schedule that somebody meant. */
const LONGEST = 100;

/** The time of day where a file leaves it open. */
const MORNING = "07:00";

/**
 * A schedule of GitHub's workflows: cron, or the words of agentic workflows. Null when ours cannot say it.
 * Times there are UTC. https://github.github.io/gh-aw/reference/schedule-syntax/
 */
export function timingOf(said: string): Timing | null {
  if (said.length > LONGEST) return null;
  const text = said.trim().replaceAll(/\s+/g, " ").toLowerCase();
  const timing = cronOf(text) ?? intervalOf(text) ?? wordsOf(text);
  return timing !== null && Schedule.safeParse(timing.schedule).success ? timing : null;
}

function cronOf(text: string): Timing | null {
  const fields = text.split(" ");
  if (fields.length !== 5 || !/^[\d*]/.test(text) || !fields.every((field) => FIELD.test(field))) return null;
  return { schedule: `cron "${text}"`, timezone: "UTC" };
}

function intervalOf(text: string): Timing | null {
  if (text === "hourly") return { schedule: "hourly" };
  const [, count, unit] = INTERVAL.exec(text) ?? [];
  return count === undefined ? null : { schedule: `every ${count}${unit}` };
}

function wordsOf(text: string): Timing | null {
  const found = WORDS.exec(text)?.groups;
  if (found === undefined) return null;
  const { often, day = found["late"], how, time } = found;
  const at = time === undefined ? MORNING : clock(time);
  if (at === null) return null;
  const on = daysOf(often, day);
  const timezone = time === undefined ? {} : { timezone: "UTC" };
  const isExact = how === "at" && (often === "daily" || day !== undefined);
  return {
    schedule: `${on} ${at}`,
    ...timezone,
    ...(isExact ? {} : { guess: "the file leaves open when exactly" }),
  };
}

function daysOf(often: string | undefined, day: string | undefined): string {
  if (day === "weekdays") return "weekly mon,tue,wed,thu,fri";
  if (day !== undefined) return `weekly ${day.slice(0, 3)}`;
  return often === "weekly" ? "weekly mon" : "daily";
}

/** `5pm`, `9:30`, `noon` as 24 hours; null when there is no such time. */
function clock(time: string): string | null {
  if (time === "noon") return "12:00";
  if (time === "midnight") return "00:00";
  const [, said = "", minutes = "00", half] = /^(\d+)(?::(\d\d))? ?([ap]m)?$/.exec(time) ?? [];
  const hours = half === undefined ? Number(said) : (Number(said) % 12) + (half === "pm" ? 12 : 0);
  return hours > 23 || Number(minutes) > 59 ? null : `${String(hours).padStart(2, "0")}:${minutes}`;
}
