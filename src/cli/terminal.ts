import { stripVTControlCharacters, styleText } from "node:util";
import { cut } from "./layout.ts";

type Style = (text: string) => string;

/** What commands print through: colour only on a terminal that wants it, plain text everywhere else. */
export interface Terminal {
  out(line: string): void;
  /** The same for bytes that programs go on with, such as a patch: a pipe gets them as they are. */
  raw(line: string): void;
  err(line: string): void;
  /** Shows where a long run stands, in one line that the next one replaces; on a terminal only. */
  progress(line: string): void;
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

/** A stream that may be a terminal's. */
type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

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
  let standing = false;
  const clear = (): void => {
    if (standing) stderr.write(CLEAR);
    standing = false;
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
    progress(line) {
      if (!moves) return;
      stderr.write(
        `${CLEAR}${cut(harmless(line, styled).replaceAll("\n", " "), (stderr.columns ?? 80) - 1)}`,
      );
      standing = true;
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
const harmless = (text: string, styled: boolean): string =>
  text.replaceAll(styled ? FOREIGN : COMMANDS, (found) => (found.length > 1 ? found : `<U+${hex(found)}>`));

/** A value as JSON that reads the same to programs, and that no terminal obeys. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(COMMANDS, (found) => `\\u${hex(found)}`);
