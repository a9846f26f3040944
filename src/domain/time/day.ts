import type { Timezone } from "./schedule.ts";
import { localDay } from "./zone.ts";

/** The calendar day of an instant in a time zone, `yyyy-mm-dd`. */
export const dayIn = (timezone: Timezone, at: Date): string =>
  new Date(localDay(timezone, at.getTime())).toISOString().slice(0, 10);
