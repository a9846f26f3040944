import { cleanLine } from "./clean.ts";
import type { Review } from "./pull.ts";
import type { Verdict } from "./verdict.ts";

/** The first of many, one line each, and how many more there are. */
export function first<T>(items: readonly T[], most: number, line: (item: T) => string): string[] {
  const rest = items.length - most;
  return [...items.slice(0, most).map(line), ...(rest > 0 ? [`  - … and ${rest} more`] : [])];
}

/** One line a gate, its problems below it. */
export function verdictLines(verdict: Verdict | null): string[] {
  if (verdict === null) return ["No gate has judged this."];
  return verdict.gates.flatMap((g) => [
    `- **${g.ruling}** ${g.gate}: ${cleanLine(g.sentence, 200)}`,
    ...first(g.details, 5, (d) => `  - ${cleanLine(d, 200)}`),
  ]);
}

/** Reviews by pullbeat itself, told apart by how they begin. */
const GATES = "Gates: ";
const CONFLICT = "Conflict: ";

/** What the gates say of a head: the ruling, and the gates that did not pass. */
export function gatesReview({ ruling, gates }: Verdict): string {
  const lines = verdictLines({ ruling, gates: gates.filter((g) => g.ruling !== "pass") });
  return `${[`${GATES}${ruling}`, "", ...lines].join("\n").trimEnd()}\n`;
}

/** A merge that git cannot make. Nothing is forced: a person, or the agent in another round, goes on from here. */
export const conflictReview = (branch: string, paths: readonly string[]): string =>
  [
    `${CONFLICT}this cannot be merged mechanically: ${branch} changed the same places, more would change than the pull shows, or gates do not pass what would come of it.`,
    "",
    ...first(paths, 20, (path) => `- ${cleanLine(path, 200)}`),
    "",
    "Ask for changes to have its agent do it again, merge by hand, or close it.",
    "",
  ].join("\n");

export const isGates = (review: Pick<Review, "body">): boolean => review.body.startsWith(GATES);
export const isConflict = (review: Pick<Review, "body">): boolean => review.body.startsWith(CONFLICT);
