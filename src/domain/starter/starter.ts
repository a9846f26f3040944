import { z } from "zod";
import type { Workload } from "../actions/files.ts";
import type { Month } from "../actions/month.ts";
import type { ActionSource } from "../actions/pins.ts";
import type { Config } from "../config.ts";
import { Fault } from "../fault.ts";
import type { Login } from "../id.ts";
import { founderOf, type Founder, type Identity } from "./person.ts";
import { hubOf, nameNote } from "./starter-hub.ts";
import { nextOf, type NextCommand } from "./starter-words.ts";

/** The fleets that `init` can begin with, by the name of their folder in `templates/`. */
export const Template = z.enum(["blank", "studio"]);
export type Template = z.infer<typeof Template>;

/** What a person asked for. */
export interface Wish {
  template: Template;
  login?: Login;
  /** True: where there is no remote, make a bare repository beside the folder and push to it. */
  local: boolean;
  /** Pulls are pull requests, and Actions tick. `source`: where workflows take pullbeat from; null where nobody has said it. */
  github?: { source: ActionSource | null; now: Date };
}

/** What a repository and its remote were found to be. */
export interface Found {
  /** The branch one is on, or would be on after `git init`; null where HEAD names none. */
  branch: string | null;
  hasRepository: boolean;
  hasCommit: boolean;
  /** URL of the remote `origin`. */
  origin: string | null;
  /** What the remote's HEAD names; null without a remote, or when it has no branch or no answer. */
  base: string | null;
  /** Branches that leave no room for `pullbeat/…`, such as `pullbeat` or `origin/pullbeat`. */
  clashes: readonly string[];
  /** Where a bare repository beside the folder would lie, from the folder, and what is there. */
  beside: { path: string; state: "free" | "empty" | "taken" };
  identity: Identity;
  /** The template's files; the config does not name anybody yet. */
  template: ReadonlyMap<string, string>;
  /** Of those, the ones whose place is taken: the text there, or null where it is no text file. */
  there: ReadonlyMap<string, string | null>;
  /** Files of a fleet that the remote does not have yet. */
  unseen: { uncommitted: boolean; unpushed: boolean };
  /** The fleet with the template's files beside those that are there; null where nobody asked for GitHub. */
  fleet: (Omit<Workload, "config"> & { config: Config | null }) | null;
  /** What could not be found out, in sentences. */
  doubts: readonly string[];
}

/** One thing to do; each can be repeated after a crash. */
export type Step =
  | { kind: "init"; branch: string }
  | { kind: "write"; files: ReadonlyMap<string, string> }
  | { kind: "commit"; paths: readonly string[]; message: string; who: Founder }
  | { kind: "remote"; path: string; branch: string; exists: boolean }
  | { kind: "push"; branch: string };

/** What `init` would do, and what it would leave alone. */
export interface Starter {
  /** The base branch. */
  branch: string;
  steps: Step[];
  /** The template's files that are there already, word for word. */
  same: string[];
  /** Those that are there and differ; they stay as they are. */
  kept: string[];
  notes: string[];
  next: NextCommand[];
  /** What a month on Actions would be; null without GitHub. */
  month: Month | null;
}

const CONFIG = ".github/pullbeat.yml";

/** How the config of a template names its person. */
export const NOBODY = "{ login: you, emails: [you@example.com] }";

/** The same line after `init` has filled it in. */
const SOMEBODY = /\{ login: "[^"]*", emails: \["[^"]*"\] \}/;

/** Decides everything: nothing that exists is changed. Throws a `Fault` where pullbeat could not work here. */
export function starterFor(found: Found, wish: Wish): Starter {
  refuse(found, wish);
  const branch = found.base ?? found.branch;
  if (branch === null)
    throw new Fault("refused", "HEAD names no branch", { next: "git switch <your base branch>" });
  const needsPerson = !found.there.has(CONFIG) || !found.hasCommit;
  const founder = needsPerson ? founderOf(found.identity, wish.login) : null;
  const own = founder === null ? found.template : withPerson(found.template, founder);
  const hub = hubOf(found, wish);
  const files = new Map([...own, ...hub.files]);
  const fresh = new Map([...files].filter(([path]) => !found.there.has(path)));
  const wanted = new Map([...found.template, ...hub.files]);
  const same = [...found.there].flatMap(([path, text]) =>
    text !== null && [text, text.replace(SOMEBODY, NOBODY)].includes(wanted.get(path) ?? "") ? [path] : [],
  );
  const steps = stepsFor(found, wish, { branch, founder, fresh, same });
  return {
    branch,
    steps,
    same,
    kept: [...found.there.keys()].filter((path) => !same.includes(path)),
    notes: [...notesOn(found, branch), ...hub.notes, ...(fresh.has(CONFIG) ? nameNote(founder, wish) : [])],
    next: nextOf({ found, wish, branch, steps }),
    month: hub.month,
  };
}

/** Whatever would stop the fleet later stops `init` now, before it has changed anything. */
function refuse({ clashes, branch, origin, beside }: Found, { local, github }: Wish): void {
  const [clash] = [...clashes, ...(branch === "pullbeat" ? [branch] : [])];
  if (clash !== undefined)
    throw new Fault("refused", `a branch is called ${clash}, so there can be none called pullbeat/…`, {
      expected: "no branch pullbeat or pullbeat/work: the fleet's own branches lie below these names",
      next: clash.startsWith("origin/")
        ? `git fetch origin && git push origin ${clash}:refs/heads/other :refs/heads/${clash.slice(7)}`
        : `git branch --move ${clash} other`,
    });
  if (local && github !== undefined)
    throw new Fault("usage", "--github and --remote local do not go together", {
      expected: "pulls on GitHub, or in a bare repository beside the folder",
    });
  if (local && origin === null && beside.state === "taken")
    throw new Fault("refused", `${beside.path} is there already, and is no empty repository`, {
      next: `move it away; or, if it is this one's remote: git remote add origin ${beside.path}`,
    });
}

function withPerson(files: ReadonlyMap<string, string>, { login, email }: Founder): Map<string, string> {
  const person = `{ login: ${JSON.stringify(login)}, emails: [${JSON.stringify(email)}] }`;
  return new Map(
    [...files].map(([path, text]) => [path, path === CONFIG ? text.replace(NOBODY, () => person) : text]),
  );
}

interface Draft {
  branch: string;
  founder: Founder | null;
  fresh: ReadonlyMap<string, string>;
  same: readonly string[];
}

function stepsFor(found: Found, wish: Wish, draft: Draft): Step[] {
  const { hasRepository, hasCommit } = found;
  const { branch, founder, fresh, same } = draft;
  const paths = [...fresh.keys(), ...same].toSorted();
  const steps: Step[] = hasRepository ? [] : [{ kind: "init", branch }];
  if (fresh.size > 0) steps.push({ kind: "write", files: fresh });
  if (!hasCommit && founder !== null && paths.length > 0)
    steps.push({ kind: "commit", paths, message: "Begin a fleet", who: founder });
  return [...steps, ...(wish.local && (hasCommit || paths.length > 0) ? remoteSteps(found, branch) : [])];
}

/** A run that was cut off between the two leaves a remote without the branch. */
function remoteSteps({ origin, base, beside: { path, state } }: Found, branch: string): Step[] {
  const push = { kind: "push", branch } as const;
  if (origin === null) return [{ kind: "remote", path, branch, exists: state === "empty" }, push];
  return origin === path && base === null ? [push] : [];
}

function notesOn({ doubts, branch: here }: Found, branch: string): string[] {
  const elsewhere = here === null || here === branch ? [] : [`you are on ${here}; the fleet reads ${branch}`];
  return [...doubts, ...elsewhere];
}
