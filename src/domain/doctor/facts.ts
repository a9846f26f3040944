import type { GithubConfig } from "../config.ts";
import type { Snapshot } from "../snapshot.ts";

/** Something that was looked at, or why nobody can tell. `status`: what a server answered; null without an answer. */
export type Told<T> = { value: T } | { untold: string; status: number | null };

/** Something that stands in the way, in the words of whoever met it. */
export interface Trouble {
  what: string;
  next: string | null;
}

/** The machine, the clone and its remote, as far as git tells. */
export interface Ground {
  /** What `git version` says, such as `2.39.5`. */
  git: string;
  node: string;
  /** URL of the remote `origin`; null when there is none. */
  origin: string | null;
  /** The base branch; null when the remote has none, or gives no answer. */
  base: string | null;
  /** Branches that leave no room for the fleet's own. */
  clashes: readonly string[];
  /** What the remote did not answer, in sentences. */
  doubts: readonly string[];
  /** Folders of the clone that may not be written, though a tick must. */
  sealed: readonly string[];
}

/** The fleet at the tip. Its pulls are not read, and `unable` tells of every active agent. */
export interface FleetFacts {
  snapshot: Snapshot;
  /** Schema files at the tip that are not this pullbeat's. */
  oldSchemas: readonly string[];
  /** Workflows of ours at the tip: where they are, keys are on GitHub, and not here. */
  workflows: ReadonlyMap<string, string | null>;
  /** Branches below the journal's name, which leave it no room. */
  inTheWay: readonly string[];
}

/** Whose token it is, as far as its form tells; `none`: the variable is empty. */
export type Identity = "none" | "actions" | "app" | "person";

/** Somebody for whom rules do not hold; `id` of an app, a role, a team. */
export interface Bypass {
  kind: string;
  id: number | null;
  /** Only by a pull: not by a push. */
  byPull: boolean;
}

/** What holds on the base branch, whoever set it. */
export interface Guard {
  /** Changes must come by pull request; null: whoever may write can push. */
  pulls: { approvals: number; dismissStale: boolean; methods: readonly string[] | null } | null;
  /** Required checks; `app` null: whoever may write can set it. */
  checks: readonly { context: string; app: number | null }[];
  linear: boolean;
  queue: boolean;
  /** Who may push past the rules of rulesets; null where GitHub does not show it. */
  bypass: readonly Bypass[] | null;
  /** Why a part of the rules could not be read; null when all of them were. */
  hidden: string | null;
}

/** What GitHub tells of Actions in a repository whose base branch has the tick's workflow. */
export interface ActionsFacts {
  enabled: Told<boolean>;
  /** Null: GitHub knows no such workflow. `last`: the newest run that has ended. */
  workflow: Told<{ state: string; last: { id: number; ended: string } | null } | null>;
  /** Names, those that an organization lends included. */
  secrets: Told<readonly string[]>;
  variables: Told<readonly string[]>;
  /** Whether tags of releases can be neither moved nor deleted; null where the action comes from another repository. */
  tags: Told<boolean> | null;
}

/** Settings of a repository on GitHub. */
export interface GithubFacts {
  config: GithubConfig;
  /** `owner/name`, and where people look at it. */
  repository: string;
  web: string;
  branch: string;
  identity: Identity;
  /** Whose token it is; null for an app's, which GitHub does not tell. */
  login: Told<string | null>;
  /** Scopes of a classic personal token; null for tokens that have none. */
  scopes: readonly string[] | null;
  /** Whose token the second identity's is; null without a second one, or where its variable is empty. */
  reviewer: Told<string | null> | null;
  /** Booleans are null where GitHub shows them to others only. */
  repo: Told<{
    isPrivate: boolean;
    merges: boolean | null;
    squashes: boolean | null;
    mayPush: boolean | null;
  }>;
  mayOpenPulls: Told<boolean>;
  /** Null: the repository's plan has no rules. */
  guard: Told<Guard | null>;
  /** The number of the app behind `account`; null where it is none of one's own. */
  app: Told<number> | null;
  /** Null where Actions let nothing tick. */
  actions: ActionsFacts | null;
}

/** One thing that is set up wrong, that cannot be told, or that should be known. */
export interface Diagnosis {
  /** Stable. */
  id: string;
  level: "wrong" | "unknown" | "note";
  what: string;
  /** The exact setting or command; null where nothing has to be done. */
  fix: string | null;
}

export const wrong = (id: string, what: string, fix: string | null): Diagnosis => ({
  id,
  level: "wrong",
  what,
  fix,
});
export const untold = (id: string, what: string, fix: string | null): Diagnosis => ({
  id,
  level: "unknown",
  what,
  fix,
});
export const note = (id: string, what: string, fix: string | null = null): Diagnosis => ({
  id,
  level: "note",
  what,
  fix,
});
