import { Directive } from "./directive.ts";
import { Fault } from "../fault.ts";
import { fieldOf } from "../text/field.ts";
import { slugOf } from "./slug.ts";
import type { Fleet } from "../snapshot.ts";

/** The last day on which a new directive holds. `today`: in the fleet's zone. */
export function lastDay(until: string, option: string, today: string): string | undefined {
  const day = fieldOf(Directive.shape.expires, option, until);
  if (day === undefined || day >= today) return day;
  throw new Fault("usage", `${option} ${day} is over already`, { expected: `today, ${today}, or later` });
}

/** Where a new directive goes. Two orders may have the same title. */
export function directivePath({ entries }: Pick<Fleet, "entries">, title: string): string {
  const taken = new Set(entries.map((e) => e.path.toLowerCase()));
  const stem = `board/directives/${slugOf(title, "directive")}`;
  for (let n = 1; ; n++) {
    const path = n === 1 ? `${stem}.md` : `${stem}-${n}.md`;
    // A README explains the folder to people, and is no directive.
    if (!taken.has(path.toLowerCase()) && !path.toLowerCase().endsWith("/readme.md")) return path;
  }
}
