import { Fault, sentence, type FaultCode } from "../domain/fault.ts";
import { jsonText, type Terminal } from "./terminal.ts";

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
  broken: 3,
} as const satisfies Record<FaultCode, ExitCode>;

/** Says what broke, where, what was expected and what to do next; returns the exit code. */
export function report(thrown: unknown, terminal: Terminal, json: boolean): ExitCode {
  const fault = thrown instanceof Fault ? thrown : new Fault("broken", sentence(thrown), { cause: thrown });
  const { code, message, expected, next, where } = fault;
  if (json) {
    terminal.exact(jsonText({ error: { code, message, where, expected, next } }));
    return CODES[code];
  }
  terminal.err(`${terminal.red("error")}: ${where === undefined ? "" : `${where}: `}${message}`);
  if (expected !== undefined) terminal.err(`  expected: ${expected}`);
  if (next !== undefined) terminal.err(`  next: ${next}`);
  if (!(thrown instanceof Fault) && thrown instanceof Error) terminal.err(terminal.dim(thrown.stack ?? ""));
  return CODES[code];
}
