import type { AgentName } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { wrap } from "./layout.ts";
import { counted, visible } from "./step-words.ts";
import type { Terminal } from "./terminal.ts";

/** What the lines of a dry run are written for. */
export interface Page {
  terminal: Terminal;
  /** `--full`: nothing is left out. */
  full: boolean;
  snapshot: Snapshot;
  agent: AgentName;
}

/** Lines of a text behind a bar, so that none of them passes for one of ours; without `--full` the middle of a long one is left out. */
export function block(
  text: string,
  { terminal, full }: Page,
  { head, tail }: { head: number; tail: number },
): string[] {
  const { columns, dim } = terminal;
  const lines = visible(text).replace(/\n+$/, "").split("\n");
  const gone = full ? 0 : lines.length - head - tail;
  const quote = (some: readonly string[]): string[] =>
    some.flatMap((line) => barred(line, columns).map((l) => l.trimEnd()));
  if (gone <= 1) return quote(lines);
  return [...quote(lines.slice(0, head)), dim(leftOut(gone)), ...quote(tail === 0 ? [] : lines.slice(-tail))];
}

/** A line behind a bar, in as many lines as the terminal needs: each of them begins with the bar. */
export const barred = (line: string, columns: number): string[] =>
  // A tab takes more cells than can be known here.
  wrap(`  │ ${columns === 0 ? line : line.replaceAll("\t", "    ")}`, columns, "  │ ");

/** A bold word and what belongs to it, each line coloured by itself: a line that is broken keeps no open colour. */
export function titled(
  title: string,
  text: string,
  { terminal: { bold, columns }, colour }: { terminal: Terminal; colour: (line: string) => string },
): string[] {
  const [first = "", ...more] = wrap(`${title} ${text}`, columns, "  ");
  return [`${bold(title)} ${colour(first.slice(title.length + 1))}`, ...more.map(colour)];
}

export const plain = (text: string): string => text;

/** Says how much of a text is not shown. */
export const leftOut = (lines: number): string =>
  `  │ … ${counted(lines, "line")} left out, --full shows them …`;
