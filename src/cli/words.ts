import type { WordRow } from "../flow/phone/ears.ts";
import type { AttemptRow, TickReport } from "../flow/report.ts";
import type { Settled, SettledPull } from "../flow/settle/settle.ts";
import type { Terminal } from "./terminal.ts";

/** What became of one attempt, in a line. Work that no model did says so. */
export function attemptLine(
  { task, outcome, reason, pull, mended, ...spent }: AttemptRow,
  terminal: Terminal,
): string {
  const where = pull === null ? "" : ` → ${terminal.bold(`pull ${pull}`)}`;
  const details = outcome === "failed" ? detailsOf(mended.at(-1) ?? "") : "";
  return `${task} ${outcome}${where}${costOf(spent, terminal)}: ${reason}${details}`;
}

/** What a gate last complained of, behind its headline: a failed attempt is about that. */
function detailsOf(feedback: string): string {
  const [, ...details] = feedback.split("\n").map((line) => line.trim());
  return details.length === 0 ? "" : ` (${details.join("; ")})`;
}

/** ` (scripted)`, or what the model used. */
export function costOf(
  { scripted, tokens, usd }: Pick<AttemptRow, "scripted" | "tokens" | "usd">,
  { dim, yellow }: Terminal,
): string {
  if (scripted) return yellow(" (scripted)");
  return tokens === 0 ? "" : dim(` (${tokens} tokens, ${dollars(usd)})`);
}

const told = (verb: string, pulls: readonly SettledPull[]): string[] =>
  pulls.map((p) => `${verb} pull ${p.pull} "${p.title}": ${p.what}`);

/** A settle in lines: one a pull, or that there was nothing to do. */
export function settledLines(settled: Settled): string[] {
  const lines = [
    ...settled.words.map(wordLine),
    ...told("merged", settled.merged),
    ...told("closed", settled.closed),
    ...told("parked", settled.parked),
    ...told("conflict in", settled.conflicts),
    ...told("judged", settled.judged),
    ...settled.reopened.map((n) => `opened pull ${n} of a branch that had none`),
    ...settled.released.map((ref) => `released ${ref}`),
    ...(settled.archive === null ? [] : [`opened pull ${settled.archive} to archive finished tasks`]),
  ];
  return lines.length === 0 ? ["nothing to settle"] : lines;
}

/** Who said what, and what came of it. */
const wordLine = ({ on, by, said, done, answer }: WordRow): string =>
  `${done ? "did" : "could not do"} what ${by} said under ${on}, "${said}"${answer === null ? "" : `: ${answer}`}`;

export const dollars = (usd: number | null): string =>
  usd === null ? "price unknown" : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;

/** Where a digest is: planned, merged, or in a pull that waits. */
export function digestLine(
  { file, pull, merged }: NonNullable<TickReport["digest"]>,
  { bold, yellow }: Terminal,
): string {
  if (pull === null) return `the digest is due: ${bold(file)}`;
  return merged ? `${bold(file)} is written and merged` : yellow(`${file} waits in pull ${pull}`);
}
