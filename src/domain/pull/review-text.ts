import { cleanLine } from "../text/clean.ts";
import type { Review } from "./pull.ts";
import type { GateVerdict, Verdict } from "../verdict/verdict.ts";

/** The first of many, one line each, and how many more there are. */
export function first<T>(items: readonly T[], most: number, line: (item: T) => string): string[] {
  const rest = items.length - most;
  return [...items.slice(0, most).map(line), ...(rest > 0 ? [`  - … and ${rest} more`] : [])];
}

/**
 * Lines below a gate, below all of them together, and characters of each: a forge takes only so much. A grader's criticism
 * must still be of use when it is cut.
 */
const MOST = { lines: 16, whole: 64, width: 300 };

/** One line a gate, its problems below it; then the advice of graders whose word does not count. */
export function verdictLines(verdict: Verdict | null): string[] {
  if (verdict === null) return ["No gate has judged this."];
  const advice = verdict.advice ?? [];
  const telling = [...verdict.gates, ...advice].filter((g) => g.details.length > 0).length;
  const most = Math.max(1, Math.min(MOST.lines, Math.floor(MOST.whole / telling)));
  return [
    ...verdict.gates.flatMap((g) => gateLines(g, g.ruling, most)),
    ...advice.flatMap((g) => gateLines(g, `advice: ${g.ruling}`, most)),
  ];
}

const gateLines = ({ gate, sentence, details }: GateVerdict, ruling: string, most: number): string[] => [
  `- **${ruling}** ${gate}: ${cleanLine(sentence, 300)}`,
  ...first(details, most, (d) => `  - ${cleanLine(d, MOST.width)}`),
];

/** Reviews by pullbeat itself, told apart by how they begin. */
const GATES = "Gates: ";
const CONFLICT = "Conflict: ";

/** What the gates say of a head: the ruling, and those of them that have something to say. */
export function gatesReview(verdict: Verdict): string {
  const { ruling, gates } = verdict;
  const telling = gates.filter((g) => g.ruling !== "pass" || g.details.length > 0);
  const lines = verdictLines({ ...verdict, gates: telling });
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
