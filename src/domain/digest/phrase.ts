import { cleanLine } from "../text/clean.ts";
import type { Timezone } from "../time/schedule.ts";
import { localDay } from "../time/zone.ts";

// How a digest says small things.

/** Somebody's words inside a line of ours: without backticks and stars they cannot reach for ours, or look like them. */
export const inline = (text: string, max: number): string =>
  cleanLine(text, max).replaceAll("`", "｀").replaceAll("*", "＊");

/** A title between quotation marks, so that nobody takes its words for ours. */
export const titled = (text: string): string => `“${inline(text, 120).replaceAll(/["“”„‟]/g, "'")}”`;

export const code = (text: string, max = 200): string => `\`${inline(text, max)}\``;

/** A file of the repository, as a link from its root. */
export function fileLink(path: string): string {
  const target = encodeURI(path.toWellFormed()).replaceAll(
    /[()[\]?#'!*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${inline(path, 120).replaceAll(/[[\]\\]/g, "·")}](/${target})`;
}

/** `1 task`, `3 tasks`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** Thousands are set apart by hand: a locale would depend on the machine. */
export const grouped = (n: number): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** Dollars, as exact as anybody wants to know. */
export const dollars = (usd: number): string =>
  usd === 0 ? "$0" : usd < 0.01 ? "under 1 cent" : `$${usd.toFixed(2)}`;

const UNITS: readonly (readonly [string, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** How long something has lasted, in whole units: `2 days`, `11 hours`. */
export function lasting(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from));
  const [unit, size] = UNITS.find(([, s]) => ms >= s) ?? ["minute", 60_000];
  return count(Math.floor(ms / size), unit);
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);

/** `Sunday, 22 November 2026`. */
export function dayInWords(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  return `${WEEKDAYS[at.getUTCDay()]}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** Local day and time in words: `07:00` today, `Mon 07:00` within the week, `30 Nov 07:00` later. */
export function whenInWords(zone: Timezone, at: string, now: string): string {
  const [day, today] = [localDay(zone, Date.parse(at)), localDay(zone, Date.parse(now))];
  const ahead = Math.round((day - today) / 86_400_000);
  const time = clockIn(zone, Date.parse(at));
  if (ahead === 0) return `today ${time}`;
  if (ahead === 1) return `tomorrow ${time}`;
  const local = new Date(day);
  if (ahead > 1 && ahead < 7) return `${WEEKDAYS[local.getUTCDay()]} ${time}`;
  return `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${time}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: Timezone, at: number): string {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  clocks.set(zone, clock);
  return clock.format(at);
}
