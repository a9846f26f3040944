const MINUTE = 60_000;

/** Behind so many days a date says more than their count. */
const FAR = 60;

/** `now`, `5 min ago`, `in 3 h`, `2 days ago`; a date where that is far away. */
export function relative(at: Date, now: Date): string {
  const away = at.getTime() - now.getTime();
  const minutes = Math.round(Math.abs(away) / MINUTE);
  if (minutes === 0) return "now";
  if (minutes >= FAR * 24 * 60) return at.toISOString().slice(0, 10);
  const count = counted(minutes);
  return away < 0 ? `${count} ago` : `in ${count}`;
}

function counted(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `${hours} h`;
  const days = Math.round(hours / 24);
  return days === 1 ? "1 day" : `${days} days`;
}

/** When a slot is, or was, due: `5 min ago`; `by hand` where somebody asked for the beat. */
export function slotTime(slot: string, now: Date): string {
  const at = dateOf(slot);
  return at === null ? "by hand" : relative(at, now);
}

/** The date of an instant, or of the minute of a slot; null for anything else. */
function dateOf(written: string): Date | null {
  const iso = written.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:00Z");
  const at = new Date(iso);
  return /^\d{4}-/.test(iso) && !Number.isNaN(at.getTime()) ? at : null;
}

const MOMENT = /(due at |slot is )?(?<![@\w])(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{8}T\d{4}Z)(?!\w)/g;

/** A sentence with its instants as people say them: `first due in 3 h`. Names such as `ceo@20261123T0700Z` stay. */
export const spoken = (sentence: string, now: Date): string =>
  sentence.replaceAll(MOMENT, (_, before: string | undefined, written: string) => {
    const at = dateOf(written);
    if (at === null) return `${before ?? ""}${written}`;
    if (before !== undefined) return `${before.replace("at ", "")}${relative(at, now)}`;
    return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC (${relative(at, now)})`;
  });
