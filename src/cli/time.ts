import { Fault } from "../domain/fault.ts";

const WRITTEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment as typed; a `Fault` where it has no zone, or where there is no such day. */
export function momentOf(text: string, option: string): Date {
  const [, minute] = WRITTEN.exec(text) ?? [];
  // Date takes 30 February for 2 March, and invalid dates have null for JSON.
  const real: string | null = minute === undefined ? null : new Date(`${minute}Z`).toJSON();
  const at = new Date(text);
  if (minute !== undefined && real?.startsWith(minute) === true && !Number.isNaN(at.getTime())) return at;
  throw new Fault("usage", `${option} ${text} is not a time`, {
    expected: "a time with its zone, such as 2026-11-22T07:00:00Z",
  });
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
];

/** `in 3 h`, `2 d ago`, `now`. */
export function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  if (seconds === 0) return "now";
  const [unit, size] = UNITS.find(([, s]) => Math.abs(seconds) >= s) ?? ["s", 1];
  const count = Math.round(Math.abs(seconds) / size);
  return seconds < 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}
