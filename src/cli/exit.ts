import { Fault, sentence, type FaultCode } from "../domain/fault.ts";
import { jsonOf, type Terminal } from "./terminal.ts";

/** 0 ok, 1 findings, 2 usage, 3 broken world, 130 stopped by Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 3 | 130;

const CODES = {
  usage: 2,
  "not-found": 2,
  refused: 2,
  git: 3,
  remote: 3,
  config: 3,
  engine: 3,
  race: 3,
  limit: 3,
  broken: 3,
} as const satisfies Record<FaultCode, ExitCode>;

/** The next thing to type where a fault names none of its own. */
const NEXT = {
  usage: "<command> --help",
  "not-found": "<command> --help",
  refused: "<command> --help",
  git: "git status",
  remote: "git ls-remote origin",
  limit: "the same command again, later",
  config: "pullbeat check",
  engine: "pullbeat log",
  race: "the same command again: nothing is lost",
  broken: "tell pullbeat's maintainers, with what stands here; the remote is as it was, or further on",
} as const satisfies Record<FaultCode, string>;

/** What the system refuses, by its own names. */
const SYSTEM: Readonly<Record<string, readonly [expected: string, next: string]>> = {
  ENOSPC: ["room on the disk", "df -h . shows what is full; then the same command again"],
  EDQUOT: ["room in your quota", "make room; then the same command again"],
  EACCES: ["a place that you may read and write", "ls -ld on that path shows who may"],
  EPERM: ["a place that you may read and write", "ls -ld on that path shows who may"],
  EROFS: ["a disk that can be written", "mount shows which are read-only"],
  EMFILE: ["fewer open files", "ulimit -n 4096; then the same command again"],
};

/** Anything that nobody foresaw is a bug; a full disk is not. */
function faultOf(thrown: unknown): Fault {
  const { code = "" } = thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : {};
  const [expected, next] = SYSTEM[code] ?? [];
  if (expected === undefined || next === undefined)
    return new Fault("broken", sentence(thrown), { cause: thrown });
  return new Fault("git", sentence(thrown), { expected, next, cause: thrown });
}

/** Says what broke, where, what was expected and what to do next; returns the exit code. `command`: as it was typed. */
export function report(
  thrown: unknown,
  terminal: Terminal,
  { json, command }: { json: boolean; command: string },
): ExitCode {
  const fault = thrown instanceof Fault ? thrown : faultOf(thrown);
  const { code, message, expected, where } = fault;
  const next = fault.next ?? NEXT[code].replace("<command>", command);
  if (json) {
    terminal.raw(jsonOf({ error: { code, message, where, expected, next } }));
    return CODES[code];
  }
  terminal.err(`${terminal.red("error")}: ${where === undefined ? "" : `${where}: `}${message}`);
  if (expected !== undefined) terminal.err(`  expected: ${expected}`);
  terminal.err(`  next: ${next}`);
  if (code === "broken" && fault.cause instanceof Error) terminal.err(terminal.dim(fault.cause.stack ?? ""));
  return CODES[code];
}
