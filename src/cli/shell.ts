import { Fault } from "../domain/fault.ts";
import type { Login } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { World } from "../flow/world.ts";
import { openLive } from "./live.ts";
import { jsonText, type Terminal } from "./terminal.ts";
import { momentOf } from "./time.ts";

/** What stands on a command line besides the arguments; every command takes some of it. */
export interface Options {
  agent?: string;
  all?: boolean;
  as?: string;
  date?: string;
  dryRun?: boolean;
  dir?: string;
  format?: string;
  full?: boolean;
  head?: string;
  json?: boolean;
  limit?: string;
  message?: string;
  now?: string;
  prompt?: boolean;
  publish?: boolean;
  spec?: string;
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

const wire = () => import("../wire.ts");

/** A sandbox sets PULLBEAT_NOW and PULLBEAT_SCRIPTS, so that its commands live in its day and call no model. */
export function openShell(options: Options, terminal: Terminal): Shell {
  const { PULLBEAT_NOW, PULLBEAT_SCRIPTS: scripts } = process.env;
  const { dir = ".", json = false, now: said = PULLBEAT_NOW } = options;
  const now = said === undefined ? null : momentOf(said, "--now");
  const opening = { dir, now, watch: openLive(terminal), ...(scripts === undefined ? {} : { scripts }) };
  return {
    terminal,
    dir,
    now,
    json,
    open: async () => (await wire()).openWorld(opening),
    email: async () => (await wire()).gitEmail(dir),
  };
}

/** Prints `value` as JSON under `--json`, else the lines; for people, unless `how` says otherwise. */
export function show(
  { json, terminal }: Pick<Shell, "json" | "terminal">,
  value: unknown,
  lines: () => readonly string[],
  how: "out" | "exact" | "command" = "out",
): void {
  if (json) terminal.exact(jsonText(value));
  else for (const line of lines()) terminal[how](line);
}

/** Who sits here: `--as`, else the roster's person with this clone's git e-mail. Never an account of the fleet. */
export async function whoami(
  shell: Shell,
  { config }: Pick<Fleet, "config">,
  as: string | undefined,
): Promise<Login> {
  const accounts = new Set(config.fleet.accounts.map((a) => a.toLowerCase()));
  const people = config.roster.filter((p) => !accounts.has(p.login.toLowerCase()));
  const names = people.map((p) => p.login).join(", ");
  const expected = names === "" ? "a roster in .github/pullbeat.yml" : `one of the roster: ${names}`;
  if (as !== undefined) {
    const named = people.find((p) => p.login === as);
    if (named !== undefined) return named.login;
    const why = accounts.has(as.toLowerCase()) ? "is an account of the fleet" : "is not on the roster";
    throw new Fault("refused", `${as} ${why}: nothing they say counts`, { expected });
  }
  const email = await shell.email();
  const person = people.find((p) => p.emails.some((e) => e.toLowerCase() === email?.toLowerCase()));
  if (person !== undefined) return person.login;
  throw new Fault("refused", `nobody on the roster has the git e-mail ${email ?? "(none set)"}`, {
    expected,
    next: "add --as <login>, or your e-mail to the roster in .github/pullbeat.yml",
  });
}
