import { Cron } from "croner";
import { sentence } from "./fault.ts";

/** A schedule that was read: on which calendar days, at which minutes of the day (ascending). */
export interface Rule {
  /** Midnights of those days in UTC: a calendar without a zone. */
  days: Cron;
  minutes: readonly number[];
}

/** Minutes between two slots at least: the fleet's own wake-ups come no closer. */
const CLOSEST = 5;
const DAY = 1440;

/** What people may write, by example. */
export const FORMS = [
  "on-demand",
  "hourly",
  "every 2h",
  "every 15m",
  "daily 07:00",
  "daily 07:00,19:00",
  "weekly mon,thu 07:00",
  "monthly 1 07:00",
  'cron "0 7 * * 1-5"',
].join(", ");

/** Reads a schedule: null for on demand; a sentence when it cannot be kept. */
export function readRule(text: string): Rule | null | string {
  if (text === "on-demand") return null;
  try {
    const { days, minutes } = words(text) ?? cron(text);
    const gap = closest(minutes);
    if (gap < CLOSEST) return `its times come as close as ${gap} min, and ${CLOSEST} min is the least`;
    return { days: calendar(`0 0 ${days}`), minutes };
  } catch (error) {
    return sentence(error).replace("CronPattern: ", "").replace(/\.$/, "");
  }
}

/** `days`: the last three fields of a cron pattern. */
interface Parts {
  days: string;
  minutes: number[];
}

const list = (item: string): string => `(?:${item})(?:, ?(?:${item}))*`;
const WEEKDAYS = list("mon|tue|wed|thu|fri|sat|sun");
const MONTHDAYS = list("[1-9]|[12]\\d|3[01]");
const TIMES = list("(?:[01]?\\d|2[0-3]):[0-5]\\d");
const ON = `(?:daily|weekly (?<week>${WEEKDAYS})|monthly (?<month>${MONTHDAYS}))`;
const WORDS = new RegExp(`^(?:every (?<step>[1-9]\\d{0,3})(?<unit>[hm])|${ON} (?<times>${TIMES}))$`);

function words(text: string): Parts | null {
  const found = WORDS.exec(text === "hourly" ? "every 1h" : text)?.groups;
  if (found === undefined) return null;
  const { step, unit, week = "*", month = "*", times = "" } = found;
  if (step !== undefined) return { days: "* * *", minutes: steps(Number(step) * (unit === "h" ? 60 : 1)) };
  return {
    days: `${month} * ${week}`.replaceAll(", ", ","),
    minutes: times.split(/, ?/).map(minuteOfDay).toSorted(byNumber),
  };
}

function cron(text: string): Parts {
  const [, , pattern = ""] = /^cron (["']?)([^"']+)\1$/.exec(text) ?? [];
  const [minute, hour, ...days] = pattern.trim().split(/\s+/);
  if (days.length !== 3) throw new Error("this is no schedule");
  const midnight = Date.UTC(2001, 0, 1);
  const minutes = calendar(`${minute} ${hour} * * *`)
    .nextRuns(DAY / CLOSEST + 1, new Date(midnight - 1))
    .map((at) => (at.getTime() - midnight) / 60_000);
  return { days: days.join(" "), minutes: minutes.filter((m) => m < DAY) };
}

/** Days and times without a zone: what the clock on the wall shows is worked out in zone.ts. */
const calendar = (pattern: string): Cron => new Cron(pattern, { mode: "5-part", utcOffset: 0, paused: true });

function steps(step: number): number[] {
  if (step > DAY) throw new Error("every counts from midnight, so 24h is the most");
  return Array.from({ length: Math.ceil(DAY / step) }, (_, i) => i * step);
}

/** The least distance between two times, over midnight too. */
function closest(minutes: readonly number[]): number {
  const next = [...minutes.slice(1), (minutes[0] ?? 0) + DAY];
  return Math.min(...minutes.map((minute, i) => (next[i] ?? DAY) - minute));
}

function minuteOfDay(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

const byNumber = (a: number, b: number): number => a - b;
