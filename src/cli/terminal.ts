import { stripVTControlCharacters, styleText } from "node:util";
import { cut } from "./layout.ts";

type Style = (text: string) => string;

/** What commands print through: colour only on a terminal that wants it, plain text everywhere else. */
export interface Terminal {
  /** A line for people, or for a log: nothing in it acts there. */
  out(line: string): void;
  /** A line that a workflow runner shall obey. */
  command(line: string): void;
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
  const print = (line: string): void => {
    clear();
    stdout.write(`${line}\n`);
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
    out: (line) => print(tame(line, styled)),
    command: (line) => print(harmless(line, styled)),
    raw: (line) => print(stdout.isTTY || isRunner(env) ? tame(line, styled) : line),
    err(line) {
      clear();
      stderr.write(`${tame(stderr.isTTY ? line : stripVTControlCharacters(line), styled)}\n`);
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

/** What a terminal would obey instead of showing it, what turns a line around, and what nobody sees. Tabs and line ends stay. */
const HOSTILE = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]`;
const COMMANDS = new RegExp(HOSTILE, "gu");
/** The same, our own styles apart. */
const FOREIGN = new RegExp(String.raw`\u001b\[(?:[12]|22|3[1-9])m|${HOSTILE}`, "gu");

/**
 * Agents write files, and people read them here: such characters are shown by their code points. In a pipe too, for at its
 * other end there may be a pager, or a file that somebody prints tomorrow.
 */
export const harmless = (text: string, styled: boolean): string =>
  text.replaceAll(styled ? FOREIGN : COMMANDS, (found) =>
    found.startsWith("\u001b[")
      ? found
      : `<U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );

/** The same where workflow runners read: what they take for a command, at the beginning of a line or in it, gets a twin. */
const tame = (text: string, styled: boolean): string =>
  harmless(text, styled)
    .replaceAll(/^([^\S\n]*):(?=:)/gm, "$1：")
    .replaceAll(/#(?=#(?:vso)?\[)/g, "＃");

/** GitHub Actions and Azure Pipelines: whatever is printed there is read for commands. */
const isRunner = (env: Streams["env"]): boolean =>
  env["GITHUB_ACTIONS"] === "true" || env["TF_BUILD"] === "True";

/** A value as JSON that reads the same to programs, and that no terminal obeys: such characters stand there by their codes. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(COMMANDS, (found) =>
    Array.from(found.split(""), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  );
