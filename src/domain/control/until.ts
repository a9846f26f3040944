import { Fault } from "../fault.ts";
import { instantOf, type Instant } from "../id.ts";
import { momentOf } from "../time/moment.ts";

/** When something is to end by itself: a moment after now. */
export function untilOf(text: string, option: string, now: Date): Instant {
  const until = momentOf(text, option);
  if (until > now) return instantOf(until);
  throw new Fault("usage", `${option} ${text} is over already`, {
    expected: `a time after ${instantOf(now)}`,
  });
}
