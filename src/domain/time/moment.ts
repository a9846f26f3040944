import { Fault } from "../fault.ts";

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
