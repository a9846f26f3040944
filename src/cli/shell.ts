import { Fault } from "../domain/fault.ts";
import type { Login } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { World } from "../flow/world.ts";
import type { Terminal } from "./terminal.ts";

/** What stands on a command line besides the arguments; every command takes some of it. */
export interface Options {
  agent?: string;
  all?: boolean;
  as?: string;
  format?: string;
  limit?: string;
  message?: string;
  prompt?: boolean;
  task?: string;
  to?: string;
  until?: string;
  why?: string;
}

/** What a command works with. Opening the world loads git; commands that need none do not pay for it. */
export interface Shell {
  /** `-C <dir>`: the clone to work in. */
  dir: string;
  json: boolean;
  /** `--now <iso>`: what the clock says instead of the wall. */
  now: Date | null;
  terminal: Terminal;
  open(): Promise<World>;
  /** This clone's git e-mail. */
  email(): Promise<string | null>;
}

export function parseNow(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const now = new Date(text);
  if (Number.isNaN(now.getTime()))
    throw new Fault("usage", `--now ${text} is not a time`, { expected: "such as 2026-11-22T07:00:00Z" });
  return now;
}

/** Prints `value` as JSON under `--json`, else the lines. */
export function show(shell: Shell, value: unknown, lines: () => readonly string[]): void {
  if (shell.json) shell.terminal.out(JSON.stringify(value, null, 2));
  else for (const line of lines()) shell.terminal.out(line);
}

/** Who sits here: `--as`, else the roster's person with this clone's git e-mail. Never an account of the fleet. */
export async function whoami(shell: Shell, { config }: Fleet, as: string | undefined): Promise<Login> {
  const roster = config.roster.filter((p) => !config.fleet.accounts.includes(p.login));
  const names = roster.map((p) => p.login).join(", ");
  const expected = names === "" ? "a roster in .github/pullbeat.yml" : `one of the roster: ${names}`;
  const named = roster.find((p) => p.login === as);
  if (named !== undefined) return named.login;
  if (as !== undefined)
    throw new Fault("refused", `${as} is not on the roster: nothing they say counts`, { expected });
  const email = await shell.email();
  const person = roster.find((p) => p.emails.some((e) => e.toLowerCase() === email?.toLowerCase()));
  if (person !== undefined) return person.login;
  throw new Fault("refused", `nobody on the roster has the git e-mail ${email ?? "(none set)"}`, {
    expected,
    next: "add --as <login>, or your e-mail to the roster in .github/pullbeat.yml",
  });
}
