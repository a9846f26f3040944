import { stripVTControlCharacters, styleText } from "node:util";
import { cut } from "./layout.ts";

type Style = (text: string) => string;

/** What commands print through: colour only on a terminal that wants it, plain text everywhere else. */
export interface Terminal {
  out(line: string): void;
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
  let standing = 0;
  const clear = (): void => {
    if (standing > 0) stderr.write(erase(standing));
    standing = 0;
  };
  // `pullbeat log | head` closes the pipe: the rest is for nobody, and no error of ours.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.on("exit", clear);
  return {
    out(line) {
      clear();
      stdout.write(`${stdout.isTTY ? harmless(line) : line}\n`);
    },
    err(line) {
      clear();
      stderr.write(`${stderr.isTTY ? harmless(line) : stripVTControlCharacters(line)}\n`);
    },
    progress(...lines) {
      if (!moves) return;
      const most = Math.max(1, Math.min(MOST_LINES, (stderr.rows ?? 24) - 1));
      const shown =
        lines.length > most ? [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more`] : lines;
      const fit = shown.map((line) =>
        cut(harmless(line).replaceAll(/[\n\t]/g, " "), (stderr.columns ?? 80) - 1),
      );
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

/** What a terminal would obey instead of showing it: our own styles apart, nothing of that reaches it. */
const COMMANDS =
  /\u001b\[(?:[12]|22|3[1-9])m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Agents write files, and people read them here: control characters are shown by their code points. */
export const harmless = (text: string): string =>
  text.replaceAll(COMMANDS, (found) =>
    found.length > 1
      ? found
      : `<U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
