import type { Beside, Meeting } from "./radar.ts";

/** Numbers and paths that are named before the rest is counted. */
const NAMED = 3;

/** How a path is written: as it is, or so that it is nothing but a path to whoever shows it. */
type Say = (path: string) => string;

/** What a pull has beside it, a line for each other pull, with what to do. */
export function besideLines(
  { conflicts, reads, readBy, acts, unknown }: Beside,
  branch: string,
  say: Say = (path) => path,
): string[] {
  return [
    ...conflicts.map(
      (c) =>
        `- conflicts with ${about(say, c)}. Merge one; then ask for changes on the other, and its agent does it again.`,
    ),
    ...reads.map(
      (r) =>
        `- was made from what ${about(say, r, "changes")}. If that merges first, see whether this still holds.`,
    ),
    ...readBy.map(
      (r) =>
        `- changes what ${about(say, r, "was made from")}. If this merges first, see whether that still holds.`,
    ),
    ...acts.map(
      ({ pull, targets }) =>
        `- proposes an effect on ${named(targets.map(say))}, and so does pull ${pull}. Decide about both together: one may undo the other.`,
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
function about(say: Say, { pull, paths }: Meeting, verb?: string): string {
  const list = named(paths.map(say));
  return verb === undefined ? `pull ${pull} in ${list}` : `pull ${pull} ${verb} (${list})`;
}

/** The first few, and how many more there are. */
export function named(all: readonly string[]): string {
  const shown = all.slice(0, NAMED);
  return all.length > NAMED ? `${shown.join(", ")} and ${all.length - NAMED} more` : shown.join(", ");
}
