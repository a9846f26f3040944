/** Who sends requests, told apart by token. */
export interface Account {
  login: string;
  token: string;
  type: "User" | "Bot";
  /** What it may do in the repository. */
  permission: "admin" | "write" | "read" | "none";
  /** The app that it speaks for; people have none. `actions` is the one behind GITHUB_TOKEN. */
  app: { id: number; slug: string } | null;
  /** Of a classic personal token. */
  scopes?: string;
  /** Of an app that makes its tokens itself: the key that goes with its private one, in PEM. */
  publicKey?: string;
  /** What a job's or an app's token may do, as `permissions:` says it; without it, whatever its account may. */
  may?: Readonly<Record<string, string>>;
  /** What was granted to an app's installation; without it, all that a fleet needs. */
  grants?: Record<string, string>;
}

export interface PullRow {
  number: number;
  title: string;
  body: string;
  author: string;
  state: "open" | "closed";
  draft: boolean;
  branch: string;
  /** Owner of the repository that the branch lies in. */
  from: string;
  head: string;
  base: string;
  created: string;
  updated: string;
  closed: { by: string; at: string } | null;
  merged: { by: string; at: string; commit: string } | null;
  labels: string[];
  requested: string[];
}

export interface IssueRow {
  number: number;
  title: string;
  body: string;
  author: string;
  state: "open" | "closed";
  created: string;
  updated: string;
  closed: { by: string; at: string } | null;
  /** The app that used its author's account. */
  via: Account["app"];
  /** `completed`, `not_planned`, `reopened`. */
  reason?: string;
  labels: string[];
}

export interface ReviewRow {
  id: number;
  pull: number;
  by: string;
  body: string;
  state: "PENDING" | "COMMENTED" | "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED";
  /** Null for a review whose commit GitHub does not tell. */
  commit: string | null;
  at: string;
}

export interface CommentRow {
  id: number;
  issue: number;
  by: string;
  /** The app that used their account. */
  via: Account["app"];
  body: string;
  created: string;
  updated: string;
}

export interface CheckRow {
  id: number;
  name: string;
  sha: string;
  app: { id: number; slug: string };
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
}

export interface StatusRow {
  id: number;
  sha: string;
  context: string;
  state: string;
  description: string | null;
  by: string;
  at: string;
}

/** What stands between a change and the base branch. */
export interface Protection {
  /** Rulesets can be read by everybody, branch protection by admins alone. */
  kind: "ruleset" | "protection";
  /** Accounts that may push past it. */
  bypass: string[];
  /** The same as a ruleset tells it to administrators. */
  actors?: { actor_type: string; actor_id: number | null; bypass_mode: string }[];
  /** Approving reviews of people who can write. */
  approvals: number;
  dismissStale: boolean;
  /** `app` null: anybody may set it. */
  checks: { context: string; app: number | null }[];
}

export interface Settings {
  owner: string;
  name: string;
  private: boolean;
  /** Private repositories of a free plan have no rules. */
  plan: "free" | "paid";
  methods: ("merge" | "squash" | "rebase")[];
  deleteBranchOnMerge: boolean;
  actionsMayOpenPulls: boolean;
  secrets: string[];
  variables: string[];
  /** What an organization lends; null where a person owns the repository. */
  lent: { secrets: string[]; variables: string[] } | null;
  actionsEnabled: boolean;
  /** The tick's workflow, as GitHub knows it; null where it knows none. */
  workflow: { state: string; conclusions: string[] } | null;
  /** Patterns of tags that nobody may move or delete. */
  heldTags: string[];
  protection: Protection | null;
}

/** Everything that the double remembers besides git. Plain data, so that a late reader can be shown how it was. */
export interface State {
  settings: Settings;
  accounts: Account[];
  pulls: PullRow[];
  issues: IssueRow[];
  reviews: ReviewRow[];
  comments: CommentRow[];
  reactions: { id: number; comment: number; by: string; content: string; at: string }[];
  checks: CheckRow[];
  statuses: StatusRow[];
  /** What happened to issues and pulls, as far as somebody asks for it. */
  events: { id: number; issue: number; event: string; by: string; at: string }[];
  /** Inputs of `workflow_dispatch`, in order. */
  dispatches: { workflow: string; ref: string; inputs: Record<string, unknown> }[];
  /** Apps that were made of a manifest and wait to be taken, by code; a code is good for once. */
  manifests: Record<string, { name: string; permissions: Record<string, string> }>;
  /** Next id of anything. */
  next: number;
}

export const freshState = (settings: Partial<Settings>, accounts: readonly Account[]): State => ({
  settings: {
    owner: "acme",
    name: "fleet",
    private: false,
    plan: "paid",
    methods: ["merge", "squash", "rebase"],
    deleteBranchOnMerge: false,
    actionsMayOpenPulls: true,
    secrets: ["OPENAI_API_KEY"],
    variables: [],
    lent: null,
    actionsEnabled: true,
    workflow: { state: "active", conclusions: ["success"] },
    heldTags: [],
    protection: null,
    ...settings,
  },
  accounts: [...accounts],
  pulls: [],
  issues: [],
  reviews: [],
  comments: [],
  reactions: [],
  checks: [],
  statuses: [],
  events: [],
  dispatches: [],
  manifests: {},
  next: 1000,
});

/** Issues and pulls share their numbers. */
export const nextNumber = ({ pulls, issues }: State): number =>
  1 + Math.max(0, ...pulls.map((p) => p.number), ...issues.map((i) => i.number));

export const mayWrite = ({ permission }: Account): boolean =>
  permission === "write" || permission === "admin";

/** May push with git. */
export const mayPush = (account: Account): boolean =>
  mayWrite(account) && (account.may === undefined || account.may["contents"] === "write");

const ACTIONS = { id: 15368, slug: "github-actions" };

export const person = (login: string, permission: Account["permission"] = "write"): Account => ({
  login,
  token: `ghp_${login}`,
  type: "User",
  permission,
  app: null,
});

/** Who shows no token. */
export const NOBODY: Account = { ...person("-", "none"), token: "" };

/** What GITHUB_TOKEN is. */
export const actions = (): Account => ({
  login: "github-actions[bot]",
  token: "ghs_actions",
  type: "Bot",
  permission: "write",
  app: ACTIONS,
});

/** What a job's GITHUB_TOKEN is: the same account, with the rights that its workflow gives to the job. */
export const jobToken = (token: string, may: Readonly<Record<string, string>>): Account => ({
  ...actions(),
  token,
  may,
});

/** An app that somebody let into their account: GitHub shows the person as the author, and the app beside it. */
export const through = (who: Account, slug: string, id: number): Account => ({
  ...who,
  token: `ghu_${slug}_${who.login}`,
  app: { id, slug },
});

export const viaOf = ({ type, app: of }: Account): Account["app"] => (type === "User" ? of : null);

/** An app's installation. */
export const app = (slug: string, id: number): Account => ({
  login: `${slug}[bot]`,
  token: `ghs_${slug}`,
  type: "Bot",
  permission: "write",
  app: { id, slug },
});
