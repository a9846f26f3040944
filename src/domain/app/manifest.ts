import type { Repository } from "../repository.ts";

/** One right of an app's, and what for. */
type Right = readonly [right: string, how: "read" | "write", why: string];

/** What an app is for: it speaks for the fleet, or it is the second identity, whose reviews GitHub counts. */
export interface Role {
  /** What it may do, and nothing else. Neither can ever change a workflow. */
  rights: readonly Right[];
  /** Where workflows look for it: a variable with its number, a secret with its private key. */
  id: string;
  key: string;
  /** What the app is called when nobody says otherwise begins with this. */
  prefix: string;
}

const METADATA: Right = ["metadata", "read", "what every app may read"];

export const ROLES = {
  fleet: {
    rights: [
      ["contents", "write", "push branches of work, the journal and merges"],
      ["pull_requests", "write", "open pulls, review them, ask people"],
      ["checks", "write", "set the check pullbeat, which rules can require of this very app"],
      ["issues", "write", "labels and comments, and issues that become tasks"],
      METADATA,
    ],
    id: "PULLBEAT_APP_ID",
    key: "PULLBEAT_APP_KEY",
    prefix: "pullbeat",
  },
  reviewer: {
    rights: [
      ["contents", "read", "see what it reviews"],
      ["pull_requests", "write", "approve, and ask for changes"],
      METADATA,
    ],
    id: "PULLBEAT_REVIEWER_APP_ID",
    key: "PULLBEAT_REVIEWER_APP_KEY",
    prefix: "pullbeat-gates",
  },
} as const satisfies Record<string, Role>;

/** What GitHub is asked to make: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export interface Manifest {
  name: string;
  url: string;
  description: string;
  /** It can be installed by its owner alone. */
  public: false;
  hook_attributes: { url: string; active: false };
  /** Where GitHub sends the browser afterwards, with a code. */
  redirect_url?: string;
  default_permissions: Record<string, "read" | "write">;
  default_events: readonly [];
}

/** GitHub takes no longer name of an app. */
const LONGEST = 34;

/** `pullbeat-acme`: names of apps are the whole world's. */
export const appNameFor = ({ prefix }: Role, { owner }: Repository): string =>
  `${prefix}-${owner}`.slice(0, LONGEST).replace(/-+$/, "");

export const isAppName = (name: string): boolean =>
  name.trim() === name && name.length > 0 && name.length <= LONGEST && /^[\w .-]+$/.test(name);

/** `web`: where people look at the repository. Nobody is called when something happens: the fleet looks by itself. */
export const manifestOf = (what: { role: Role; name: string; web: string; redirect?: string }): Manifest => ({
  name: what.name,
  url: what.web,
  description: `The fleet of ${new URL(what.web).pathname.slice(1)}: pulls and checks by pullbeat.`,
  public: false,
  hook_attributes: { url: what.web, active: false },
  ...(what.redirect === undefined ? {} : { redirect_url: what.redirect }),
  default_permissions: Object.fromEntries(what.role.rights.map(([right, how]) => [right, how])),
  default_events: [],
});

/** Where a manifest is sent to: an organization's page, or a person's own. `host`: `https://github.com`. */
export const formFor = (host: string, organization: string | null, state: string): string =>
  `${host}${organization === null ? "" : `/organizations/${organization}`}/settings/apps/new?state=${state}`;

/** An app as GitHub tells of it once. */
export interface MadeApp {
  id: number;
  slug: string;
  owner: string;
  /** Where its settings are. */
  page: string;
  /** The private key, PEM. It is kept in a file, and shown nowhere. */
  pem: string;
}
