import { Fault } from "../domain/fault.ts";
import type { Login } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { World } from "../flow/world.ts";
import type { Opening } from "../wire.ts";
import { wrap } from "./layout.ts";
import { openLive } from "./live.ts";
import { jsonOf, type Terminal } from "./terminal.ts";
import { momentOf } from "../domain/time/moment.ts";

/** What stands on a command line besides the arguments; every command takes some of it. */
export interface Options {
  action?: string;
  agent?: string;
  all?: boolean;
  approve?: boolean;
  as?: string;
  base?: string;
  chain?: string;
  date?: string;
  dryRun?: boolean;
  digest?: string;
  dir?: string;
  docket?: string;
  format?: string;
  from?: string;
  full?: boolean;
  github?: boolean;
  good?: boolean;
  head?: string;
  identity?: string;
  in?: string;
  json?: boolean;
  judged?: string;
  limit?: string;
  message?: string;
  month?: boolean;
  name?: string;
  now?: string;
  out?: string;
  page?: string;
  plan?: string;
  port?: string;
  prompt?: boolean;
  publish?: boolean;
  pull?: string;
  pulls?: string;
  requestChanges?: boolean;
  reviewer?: boolean;
  seed?: string;
  shard?: string;
  spec?: string;
  strict?: boolean;
  task?: string;
  to?: string;
  until?: string;
  why?: string;
  works?: string;
}

/** What a command works with. Opening the world loads git; commands that need none do not pay for it. */
export interface Shell {
  /** `-C <dir>`: the clone to work in. */
  dir: string;
  json: boolean;
  /** `--now <iso>`: what the clock says instead of the wall. */
  now: Date | null;
  terminal: Terminal;
  /** With `look`: for commands that only look; quicker, because it remembers, and nothing can be written from it. */
  open(how?: { look: boolean }): Promise<World>;
  /** This clone's git e-mail. */
  email(): Promise<string | null>;
  /** What somebody who sits here answers, in one line; null where nobody does. */
  ask?: (question: string) => Promise<string | null>;
}

const wire = () => import("../wire.ts");

/** A sandbox sets PULLBEAT_NOW and PULLBEAT_SCRIPTS, so that its commands live in its day and call no model. */
export function openShell(options: Options, terminal: Terminal): Shell {
  const { PULLBEAT_NOW } = process.env;
  const { dir = ".", json = false, now: said = PULLBEAT_NOW } = options;
  const now = said === undefined ? null : momentOf(said, "--now");
  const opening = openingOf({ dir, now, terminal });
  return {
    terminal,
    dir,
    now,
    json,
    open: async (how) => (await wire()).openWorld({ ...opening, look: how?.look === true }),
    email: async () => (await wire()).gitEmail(dir),
    ask: async (question) => (json ? null : (await import("./ask.ts")).ask(question, terminal)),
  };
}

/** What a world is opened with. */
export function openingOf({ dir, now, terminal }: Pick<Shell, "dir" | "now" | "terminal">): Opening {
  const { PULLBEAT_SCRIPTS: scripts } = process.env;
  return { dir, now, watch: openLive(terminal), ...(scripts === undefined ? {} : { scripts }) };
}

/**
 * Prints `value` as JSON under `--json`, else the lines; `raw` ones are for programs, byte for byte, and a `command` is for
 * a workflow runner to obey.
 */
export function show(
  { json, terminal }: Pick<Shell, "json" | "terminal">,
  value: unknown,
  lines: () => readonly string[],
  how: "out" | "raw" | "command" = "out",
): void {
  if (json) terminal.raw(jsonOf(value));
  else if (how !== "out") for (const line of lines()) terminal[how](line);
  else for (const line of lines().flatMap((l) => fitted(l, terminal.columns))) terminal.out(line);
}

/** A sentence is broken between words. What is indented is a command to copy, or has been laid out already. */
const fitted = (line: string, columns: number): string[] =>
  line.startsWith(" ") ? [line] : wrap(line, columns, "  ");

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
