import { stripVTControlCharacters, styleText } from "node:util";
import { cut } from "./layout.ts";

type Style = (text: string) => string;

/** What commands print through: colour only on a terminal that wants it, plain text everywhere else. */
export interface Terminal {
  out(line: string): void;
  /** The same for bytes that programs go on with, such as a patch: a pipe gets them as they are. */
  raw(line: string): void;
  err(line: string): void;
  /** Shows where a long run stands, in lines that the next ones replace (without any, in none); on a terminal only. */
  progress(...lines: string[]): void;
  /** Cells in a line; 0 where nobody looks, so that pipes get whole lines. */
  columns: number;
  bold: Style;
  dim: Style;
  red: Style;
  green: Style;
  yellow: Style;
  cyan: Style;
}

const CLEAR = "\r\u001b[2K";
const UP = "\u001b[1A";

/** Lines of progress that stand at the same time; what stands below the screen could not be taken back. */
const MOST_LINES = 8;

/** Puts the cursor at the beginning of the first of so many lines, and leaves them empty. */
const erase = (lines: number): string => CLEAR + `${UP}${CLEAR}`.repeat(Math.max(0, lines - 1));

/** A stream that may be a terminal's. */
type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };

interface Streams {
  stdout: Stream;
  stderr: Stream;
  env: Readonly<Record<string, string | undefined>>;
}

/** The process's own streams. styleText looks at NO_COLOR, TERM and whether it is a terminal. */
export function openTerminal({ stdout, stderr, env }: Streams = process): Terminal {
  const style =
    (name: "bold" | "dim" | "red" | "green" | "yellow" | "cyan"): Style =>
    (text) =>
      styleText(name, text, { stream: stdout });
  const moves = stderr.isTTY && env["TERM"] !== "dumb";
  const styled = style("bold")("x") !== "x";
  let standing = 0;
  const clear = (): void => {
    if (standing > 0) stderr.write(erase(standing));
    standing = 0;
  };
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `pullbeat log | head` closes the pipe: the rest is for nobody, and no error of ours.
    if (error.code === "EPIPE") return;
    // What was ordered is done; that it could not be told must not look like success.
    stderr.write(`error: the output could not be written: ${error.message}\n`);
    process.exit(3);
  });
  process.on("exit", clear);
  return {
    out(line) {
      clear();
      stdout.write(`${harmless(line, styled)}\n`);
    },
    raw(line) {
      clear();
      stdout.write(`${stdout.isTTY ? harmless(line, styled) : line}\n`);
    },
    err(line) {
      clear();
      stderr.write(`${harmless(stderr.isTTY ? line : stripVTControlCharacters(line), styled)}\n`);
    },
    progress(...lines) {
      if (!moves) return;
      const fit = fitted(lines, stderr, styled);
      stderr.write(erase(standing) + fit.join("\n"));
      standing = fit.length;
    },
    columns: stdout.isTTY ? (stdout.columns ?? 0) : 0,
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}

/** Lines that a screen can take back: no more than it has rows, none broader than it. */
function fitted(lines: readonly string[], { rows = 24, columns = 80 }: Stream, styled: boolean): string[] {
  const most = Math.max(1, Math.min(MOST_LINES, rows - 1));
  const shown =
    lines.length > most ? [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more`] : lines;
  return shown.map((line) => cut(harmless(line, styled).replaceAll(/[\n\t]/g, " "), columns - 1));
}

/** What a terminal would obey instead of showing it, and what turns a line around. Tabs and line ends stay. */
const HOSTILE = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const COMMANDS = new RegExp(HOSTILE, "g");
/** The same, our own styles apart. */
const FOREIGN = new RegExp(String.raw`\u001b\[(?:[12]|22|3[1-9])m|${HOSTILE}`, "g");

const hex = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

/**
 * Agents write files, and people read them here: control characters are shown by their code points. In a pipe too, for
 * at its other end there may be a pager, or a file that somebody prints tomorrow.
 */
export const harmless = (text: string, styled: boolean): string =>
  text.replaceAll(styled ? FOREIGN : COMMANDS, (found) => (found.length > 1 ? found : `<U+${hex(found)}>`));

/** A value as JSON that reads the same to programs, and that no terminal obeys. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(COMMANDS, (found) => `\\u${hex(found)}`);
