import * as fc from "fast-check";
import { expect, test } from "vitest";
import { timingOf } from "../../src/domain/adopt/timing.ts";
import { Schedule } from "../../src/domain/time/schedule.ts";

test.each([
  ["0 9 * * 1-5", 'cron "0 9 * * 1-5"', "UTC"],
  ["17 */6 * * *", 'cron "17 */6 * * *"', "UTC"],
  ["every 6h", "every 6h", undefined],
  ["every 10 minutes", "every 10m", undefined],
  ["hourly", "hourly", undefined],
  ["daily at 14:00", "daily 14:00", "UTC"],
  ["weekly on friday at 5pm", "weekly fri 17:00", "UTC"],
  ["daily at noon on weekdays", "weekly mon,tue,wed,thu,fri 12:00", "UTC"],
])("%s is said exactly", (said, schedule, timezone) => {
  expect(timingOf(said)).toEqual({ schedule, ...(timezone === undefined ? {} : { timezone }) });
});

test.each([
  ["daily", "daily 07:00"],
  ["weekly", "weekly mon 07:00"],
  ["weekly on monday", "weekly mon 07:00"],
  ["daily on weekdays", "weekly mon,tue,wed,thu,fri 07:00"],
  ["Daily around 2:30pm", "daily 14:30"],
  ["daily between 9:00 and 17:00 utc", "daily 09:00"],
])("%s leaves something open, so it is a guess", (said, schedule) => {
  expect(timingOf(said)).toMatchObject({ schedule, guess: expect.any(String) });
});

test.each([
  "bi-weekly",
  "every 3 days",
  "*/2 * * * *",
  "0 9 * *",
  "daily at 25:00",
  "daily at 14:00 utc+9",
  "push",
  "",
])("%s cannot be said here", (said) => {
  expect(timingOf(said)).toBeNull();
});

test("whatever is written, the schedule is one of ours or none", () => {
  const words = fc.constantFrom(
    "daily",
    "weekly",
    "on",
    "at",
    "around",
    "every",
    "2",
    "h",
    "5pm",
    "*",
    "1-5",
    "monday",
    "utc",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 7 }).map((w) => w.join(" ")),
      ),
      (said) => {
        const timing = timingOf(said);
        return timing === null || Schedule.safeParse(timing.schedule).success;
      },
    ),
  );
});
