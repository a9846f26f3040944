const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** True for an IANA name. Intl also takes offsets such as `+02:00`, which know no summer time: those are refused. */
export function isZone(name: string): boolean {
  if (name === "UTC") return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(zone, format);
  return format;
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant. */
function offsetAt(zone: string, instant: number): number {
  // The zone of most fleets, and making a format takes as long as starting node.
  if (zone === "UTC") return 0;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(formatOf(zone).format(instant)) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
}

/** The local day of an instant: its midnight, written as if the zone were UTC (milliseconds). */
export function localDay(zone: string, instant: number): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY) * DAY;
}

/**
 * Turns the minutes of one local day into instants: the first at which the zone's clocks show that time or a later
 * one. So a time that the clocks skip is the moment they jump, and one that they show twice is the first of the two.
 */
export function dayClock(zone: string, day: number): (minute: number) => number {
  // Offsets lie between -12 and +14 hours, so these two enclose the day; no zone changes its clocks twice within them.
  const [early, late] = [day - DAY, day + 2 * DAY];
  const [before, after] = [offsetAt(zone, early), offsetAt(zone, late)];
  if (before === after) return (minute) => day + minute * MINUTE - before;
  const jump = findJump(zone, early, late);
  return (minute) => {
    const wall = day + minute * MINUTE;
    return wall - before < jump ? wall - before : Math.max(jump, wall - after);
  };
}

/** The first minute whose offset is not that of `early`. */
function findJump(zone: string, early: number, late: number): number {
  const before = offsetAt(zone, early);
  let [low, high] = [early, late];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / MINUTE / 2) * MINUTE;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
