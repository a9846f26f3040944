import type { PullNumber } from "../domain/id.ts";
import type { Beside, Meeting } from "../domain/radar.ts";

/** Numbers and paths that are named before the rest is counted. */
const NAMED = 3;

const NOTHING: Beside = { conflicts: [], reads: [], readBy: [], unknown: [] };

/** A pull's, as JSON tells it; nothing for one that ended. */
export const besideIn = (all: ReadonlyMap<PullNumber, Beside>, number: PullNumber): Beside =>
  all.get(number) ?? NOTHING;

/** What a list says of it in a few words: the worst of it, or nothing. */
export function markOf({ conflicts, reads }: Beside): string {
  if (conflicts.length > 0) return `conflicts with ${named(conflicts.map((c) => String(c.pull)))}`;
  return reads.length > 0 ? `read what ${named(reads.map((r) => String(r.pull)))} changes` : "";
}

/** The same at length, a line for each pull beside it, with what to do. */
export function besideLines({ conflicts, reads, readBy, unknown }: Beside, branch: string): string[] {
  return [
    ...conflicts.map(
      (c) =>
        `- conflicts with ${about(c)}. Merge one; then ask for changes on the other, and its agent does it again.`,
    ),
    ...reads.map(
      (r) =>
        `- was made from what ${about(r, "changes")}. If that merges first, see whether this still holds.`,
    ),
    ...readBy.map(
      (r) =>
        `- changes what ${about(r, "was made from")}. If this merges first, see whether that still holds.`,
    ),
    ...(unknown.length === 0
      ? []
      : [
          `- may conflict with pull ${named(unknown.map(String))}, which changes the same paths. Nobody can tell ` +
            `while neither merges into ${branch}, git cannot merge one of them, or too many pulls are open.`,
        ]),
  ];
}

/** `pull 3 in docs/a.md`, or `pull 3 changes (docs/a.md)`. */
const about = ({ pull, paths }: Meeting, verb?: string): string =>
  verb === undefined ? `pull ${pull} in ${named(paths)}` : `pull ${pull} ${verb} (${named(paths)})`;

function named(all: readonly string[]): string {
  const shown = all.slice(0, NAMED);
  return all.length > NAMED ? `${shown.join(", ")} and ${all.length - NAMED} more` : shown.join(", ");
}
