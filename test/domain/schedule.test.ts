import { Cron } from "croner";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateOf } from "../../src/domain/id.ts";
import {
  MOST_SLOTS,
  nextSlot,
  previousSlot,
  Schedule,
  slotsBetween,
  Timezone,
} from "../../src/domain/time/schedule.ts";

const between = (schedule: string, zone: string, after: string, until: string): string[] =>
  slotsBetween(schedule, zone, new Date(after), new Date(until));

const problem = (text: string): string => {
  const result = Schedule.safeParse(text);
  return result.success ? "" : (result.error.issues[0]?.message ?? "");
};

test.each([
  "on-demand",
  "hourly",
  "every 2h",
  "every 15m",
  "daily 07:00",
  "daily 7:00, 19:00",
  "weekly mon,thu 07:00",
  "weekly sun 07:00,19:00",
  "monthly 1 07:00",
  "monthly 1,15 07:00",
  'cron "0 7 * * 1-5"',
  "cron 0 7 L * *",
])("%s is a schedule", (text) => expect(problem(text)).toBe(""));

test.each([
  ["whenever", "this is no schedule"],
  ["daily", "this is no schedule"],
  ["daily 24:00", "this is no schedule"],
  ["weekly funday 07:00", "this is no schedule"],
  ["0 7 * * *", "this is no schedule"],
  ['cron "0 7 * * 1-5 2027"', "this is no schedule"],
  ['cron "@daily"', "this is no schedule"],
  ['cron "61 * * * *"', "Invalid value for minute: 61"],
  ["every 1m", "as close as 1 min"],
  ["every 719m", "as close as 2 min"],
  ["daily 07:00,07:03", "as close as 3 min"],
  ["daily 23:58,00:01", "as close as 3 min"],
  ['cron "* * * * *"', "as close as 1 min"],
  ['cron "*/7 * * * *"', "as close as 4 min"],
  ["every 48h", "24h is the most"],
])("%s is refused, and the message shows the forms", (text, why) => {
  expect(problem(text)).toContain(why);
  expect(problem(text)).toContain('weekly mon,thu 07:00, monthly 1 07:00, cron "0 7 * * 1-5"');
});

test("a time zone is a name that Intl knows, not an offset, and a near miss is named", () => {
  for (const zone of ["Europe/Berlin", "UTC", "Asia/Kolkata"]) expect(Timezone.parse(zone)).toBe(zone);
  expect(Timezone.safeParse("+02:00").success).toBe(false);
  expect(Timezone.safeParse("Europe/Berln").error?.issues[0]?.message).toContain(
    "did you mean Europe/Berlin?",
  );
});

test("a window holds its end and not its beginning", () => {
  const day = between("daily 07:00", "UTC", "2026-11-21T07:00:00Z", "2026-11-22T07:00:00Z");
  expect(day).toEqual(["20261122T0700Z"]);
  expect(between("daily 07:00", "UTC", "2026-11-22T07:00:00Z", "2026-11-22T07:00:00Z")).toEqual([]);
});

test("local times follow the zone through the year", () => {
  expect(nextSlot("daily 07:00", "Europe/Berlin", new Date("2026-07-01T00:00:00Z"))).toBe("20260701T0500Z");
  expect(nextSlot("daily 07:00", "Europe/Berlin", new Date("2026-12-01T00:00:00Z"))).toBe("20261201T0600Z");
  expect(nextSlot("hourly", "Asia/Kolkata", new Date("2026-12-01T00:00:00Z"))).toBe("20261201T0030Z");
});

test("every counts from local midnight, also where the step does not divide the day", () => {
  expect(between("every 7h", "UTC", "2026-11-21T23:59:00Z", "2026-11-23T00:00:00Z")).toEqual([
    "20261122T0000Z",
    "20261122T0700Z",
    "20261122T1400Z",
    "20261122T2100Z",
    "20261123T0000Z",
  ]);
});

test("a month without that day has no slot", () => {
  const slots = between("monthly 31 07:00", "UTC", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z");
  expect(slots).toEqual(["20260131T0700Z", "20260331T0700Z", "20260531T0700Z"]);
});

test("weekdays are those of the zone", () => {
  expect(nextSlot("weekly mon 00:30", "Asia/Kolkata", new Date("2026-11-22T00:00:00Z"))).toBe(
    "20261122T1900Z",
  );
});

test("previous is at or before, next is after, and on demand has neither", () => {
  const at = new Date("2026-11-22T07:00:00Z");
  expect(previousSlot("daily 07:00", "UTC", at)).toBe("20261122T0700Z");
  expect(nextSlot("daily 07:00", "UTC", at)).toBe("20261123T0700Z");
  expect(previousSlot("on-demand", "UTC", at)).toBeNull();
  expect(nextSlot("on-demand", "UTC", at)).toBeNull();
});

test("a schedule that never comes has no slots, and a leap day comes", () => {
  const never = 'cron "0 0 31 2 *"';
  expect(nextSlot(never, "UTC", new Date("2026-01-01T00:00:00Z"))).toBeNull();
  expect(previousSlot(never, "UTC", new Date("2026-01-01T00:00:00Z"))).toBeNull();
  expect(between(never, "UTC", "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z")).toEqual([]);
  expect(nextSlot('cron "0 0 29 2 *"', "UTC", new Date("2097-01-01T00:00:00Z"))).toBe("21040229T0000Z");
});

test("of a window without end, the newest slots are kept", () => {
  const slots = between("every 5m", "UTC", "1970-01-01T00:00:00Z", "2026-11-22T00:00:00Z");
  expect(slots).toHaveLength(MOST_SLOTS);
  expect(slots.at(-1)).toBe("20261122T0000Z");
});

/** Zones whose clocks jump, the minutes around a jump, and what a schedule inside it does. */
const JUMPS = [
  // Skipped: the moment of the jump, once.
  ["Europe/Berlin", "daily 02:30", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", ["20260329T0100Z"]],
  ["Europe/Berlin", "daily 02:00,02:30", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", ["20260329T0100Z"]],
  ["America/New_York", "daily 02:30", "2026-03-08T00:00:00Z", "2026-03-08T20:00:00Z", ["20260308T0700Z"]],
  ["Australia/Lord_Howe", "daily 02:15", "2026-10-03T12:00:00Z", "2026-10-04T00:00:00Z", ["20261003T1530Z"]],
  ["Africa/Casablanca", "daily 02:30", "2026-03-22T00:00:00Z", "2026-03-22T12:00:00Z", ["20260322T0200Z"]],
  // Shown twice: the first time only.
  ["Europe/Berlin", "daily 02:30", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", ["20261025T0030Z"]],
  ["America/New_York", "daily 01:30", "2026-11-01T00:00:00Z", "2026-11-01T20:00:00Z", ["20261101T0530Z"]],
  ["Australia/Lord_Howe", "daily 01:45", "2026-04-04T00:00:00Z", "2026-04-05T00:00:00Z", ["20260404T1445Z"]],
  ["Africa/Casablanca", "daily 02:30", "2026-02-14T12:00:00Z", "2026-02-15T12:00:00Z", ["20260215T0130Z"]],
  // No jump at all.
  ["Asia/Kolkata", "daily 02:30", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", ["20260328T2100Z"]],
] as const;

test.each(JUMPS)("%s: %s between %s and %s is due once", (zone, schedule, ...[after, until, slots]) =>
  expect(between(schedule, zone, after, until)).toEqual(slots),
);

test("hourly has 23 slots on the day that loses an hour, and 24 on the day that gains one", () => {
  expect(between("hourly", "Europe/Berlin", "2026-03-28T22:59:00Z", "2026-03-29T21:59:00Z")).toHaveLength(23);
  expect(between("hourly", "Europe/Berlin", "2026-10-24T21:59:00Z", "2026-10-25T22:59:00Z")).toHaveLength(24);
});

const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kolkata",
  "Africa/Casablanca",
  "America/Santiago",
  "UTC",
];
const minute = fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2028, 0) / 60_000 });
const twoDigits = (n: number): string => String(n).padStart(2, "0");
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map(([h, m]) => `${twoDigits(h)}:${twoDigits(m)}`);
const schedule = fc.oneof(
  fc.constantFrom(
    "hourly",
    "every 2h",
    "every 7h",
    "every 45m",
    'cron "*/20 1-3 * * *"',
    'cron "0 0 13 * 5"',
  ),
  time.map((t) => `daily ${t}`),
  fc.tuple(fc.constantFrom("mon", "sat,sun"), time).map(([d, t]) => `weekly ${d} ${t}`),
  fc.tuple(fc.integer({ min: 1, max: 31 }), time).map(([d, t]) => `monthly ${d} ${t}`),
);

test("slots increase, two adjacent windows are the whole one, and previous and next agree with them", () => {
  const window = fc.tuple(minute, fc.nat(60 * 24 * 40), fc.nat(60 * 24 * 40));
  fc.assert(
    fc.property(schedule, fc.constantFrom(...ZONES), window, (text, zone, [start, first, second]) => {
      const [a, b, c] = [start, start + first, start + first + second].map(
        (m) => new Date(m * 60_000 + 30_000),
      );
      if (!a || !b || !c) return;
      const whole = slotsBetween(text, zone, a, c);
      expect([...slotsBetween(text, zone, a, b), ...slotsBetween(text, zone, b, c)]).toEqual(whole);
      expect(whole).toEqual([...new Set(whole)].toSorted());
      if (whole.length > 0) expect(nextSlot(text, zone, a)).toBe(whole[0]);
      if (whole.length > 0) expect(previousSlot(text, zone, c)).toBe(whole.at(-1));
    }),
    { numRuns: 300 },
  );
});

test("no slot repeats a time that the clock on the wall has shown for an earlier one", () => {
  fc.assert(
    fc.property(schedule, fc.constantFrom(...ZONES), minute, (text, zone, start) => {
      const slots = slotsBetween(
        text,
        zone,
        new Date(start * 60_000),
        new Date((start + 60 * 24 * 30) * 60_000),
      );
      const clock = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
      const shown = slots.map((slot) => clock.format(dateOf(slot)));
      expect(shown).toEqual([...new Set(shown)].toSorted());
    }),
    { numRuns: 200 },
  );
});

describe("croner, asked directly", () => {
  test.each(ZONES)("agrees in %s on times of day, through two years of clock changes", (zone) => {
    for (const [h, m] of [
      [0, 0],
      [1, 45],
      [2, 15],
    ] as const) {
      const cron = new Cron(`${m} ${h} * * *`, { timezone: zone, paused: true });
      const expected = cron.nextRuns(731, new Date("2024-01-01T12:00:00Z")).map((d) => d.toISOString());
      const text = `daily ${twoDigits(h)}:${twoDigits(m)}`;
      const until = new Date(expected.at(-1) ?? 0);
      const ours = slotsBetween(text, zone, new Date("2024-01-01T12:00:00Z"), until);
      expect(ours.map((slot) => dateOf(slot).toISOString())).toEqual(expected);
    }
  });
});
