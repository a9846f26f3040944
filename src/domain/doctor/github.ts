import type { Diagnosis, GithubFacts, Guard } from "./facts.ts";
import type { Needed } from "./actions.ts";
import { audited, bypasses } from "./audit.ts";
import { actionsFindings } from "./on-actions.ts";
import { GITHUB } from "./github-words.ts";
import { GUARD } from "./guard-words.ts";

/** The check that carries pullbeat's decision. */
const CHECK = "pullbeat";

/** The app behind GITHUB_TOKEN, under which every workflow runs. */
const ACTIONS = 15368;

/** What is wrong with a repository's settings, in the order in which it stops the fleet. `people`: the roster. */
export function githubFindings(
  facts: GithubFacts,
  people: readonly string[],
  needed: Needed = { secrets: new Map(), variables: new Map() },
): Diagnosis[] {
  const { identity, repo } = facts;
  if (identity === "none") return [GITHUB.noToken(facts)];
  if ("untold" in repo) return [unseen(facts, repo)];
  return [
    ...openPulls(facts),
    ...accounts(facts, people),
    ...rights(facts, repo.value),
    ...actionsFindings(facts, needed),
    ...reviewers(facts),
    ...merges(facts, repo.value),
    ...rules(facts, people.length),
    ...identityNote(facts),
  ];
}

function unseen(
  facts: GithubFacts,
  { untold, status }: { untold: string; status: number | null },
): Diagnosis {
  if (status === 401) return GITHUB.deadToken(facts, untold);
  return status === 404 ? GITHUB.unseen(facts, untold) : GITHUB.silent(untold);
}

const isActions = ({ config }: GithubFacts): boolean => config.account === "github-actions[bot]";

/** Only the token of Actions needs the setting; it is off on new repositories. */
function openPulls(facts: GithubFacts): Diagnosis[] {
  const { mayOpenPulls: may } = facts;
  if (!isActions(facts)) return [];
  if ("untold" in may) return [GITHUB.openPullsUntold(facts, may.untold)];
  return may.value ? [] : [GITHUB.openPulls(facts)];
}

function accounts(facts: GithubFacts, people: readonly string[]): Diagnosis[] {
  const { identity, login, config } = facts;
  const isBot = config.account.endsWith("[bot]");
  if (identity !== "person") return isBot ? [] : [GITHUB.appAccount(facts)];
  if ("untold" in login) return [GITHUB.accountUntold(facts, login.untold)];
  const who = login.value ?? "";
  if (isSame(who, config.account)) return [];
  return isBot && people.some((p) => isSame(p, who))
    ? [GITHUB.asPerson(facts, who)]
    : [GITHUB.otherAccount(facts, who)];
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

type Repo = Extract<GithubFacts["repo"], { value: unknown }>["value"];

/** Of the fleet's own personal token. What an app may do GitHub does not tell. */
function rights(facts: GithubFacts, { isPrivate, mayPush }: Repo): Diagnosis[] {
  const { identity, login, config, scopes } = facts;
  const isOwn = identity === "person" && "value" in login && isSame(login.value ?? "", config.account);
  if (!isOwn) return [];
  const needed = isPrivate ? ["repo"] : ["repo", "public_repo"];
  const lacks = scopes !== null && !needed.some((scope) => scopes.includes(scope));
  return [
    ...(lacks ? [GITHUB.scope(facts, needed.at(-1) ?? "")] : []),
    ...(mayPush === false ? [GITHUB.mayNotPush(facts)] : []),
  ];
}

function merges(facts: GithubFacts, { merges: may, squashes }: Repo): Diagnosis[] {
  if (may === null) return [GITHUB.mergesUntold(facts)];
  if (!may) return [GITHUB.noMerges(facts)];
  return squashes === true ? [GITHUB.squashes(facts)] : [];
}

/** A second identity is of use when it is another one, and there. */
function reviewers(facts: GithubFacts): Diagnosis[] {
  const { config, reviewer: login } = facts;
  const { reviewer } = config;
  if (reviewer === undefined) return [];
  if (isSame(reviewer.account, config.account) || reviewer.token === config.token)
    return [GITHUB.sameReviewer()];
  if (login === null) return [GITHUB.noReviewer(reviewer.token)];
  if ("untold" in login) return [GITHUB.reviewerUntold(reviewer.token, login.untold)];
  if (login.value === null || isSame(login.value, reviewer.account)) return [];
  return [GITHUB.otherReviewer(reviewer, login.value)];
}

/** `people`: how many could approve. */
function rules(facts: GithubFacts, people: number): Diagnosis[] {
  const { guard } = facts;
  if ("untold" in guard) return [GITHUB.rulesUntold(facts, guard.untold)];
  if (guard.value === null) return [GITHUB.freePlan(facts)];
  const { pulls, queue, linear, hidden } = guard.value;
  const forbids = [
    linear && "wants a linear history",
    queue && "asks for a merge queue",
    pulls?.methods?.includes("merge") === false && "does not allow merge commits",
  ].filter((what) => what !== false);
  const lacks = lacking(facts, guard.value);
  const source = checkSource(facts, guard.value);
  return [
    ...forbids.map((what) => GITHUB.ruleForbids(facts, what)),
    ...tooMany(facts, guard.value, people),
    // What is not among the rules that can be seen may be among those that cannot.
    ...(hidden === null ? lacks : [GITHUB.rulesUntold(facts, hidden)]),
    ...source,
    ...bypasses(facts, guard.value),
    ...audited(facts, guard.value, source.length === 0),
  ];
}

/** Approvals that GitHub waits for, and that nobody is there to give; the second identity gives one. */
function tooMany(facts: GithubFacts, { pulls }: Guard, people: number): Diagnosis[] {
  const able = people + (facts.config.reviewer === undefined ? 0 : 1);
  return pulls !== null && pulls.approvals > able ? [GITHUB.tooMany(facts, pulls.approvals, able)] : [];
}

function lacking(facts: GithubFacts, { pulls, checks }: Guard): Diagnosis[] {
  return [
    ...(pulls === null ? [GITHUB.directPush(facts)] : []),
    ...(checks.some((c) => c.context === CHECK) ? [] : [GITHUB.noCheck(facts)]),
    ...(pulls !== null && pulls.approvals > 0 && !pulls.dismissStale ? [GITHUB.staleReviews(facts)] : []),
  ];
}

/** Who can set the check that the merge button waits for. */
function checkSource(facts: GithubFacts, { checks }: Guard): Diagnosis[] {
  const ours = checks.filter((c) => c.context === CHECK);
  if (ours.length === 0) return [];
  if (!facts.config.account.endsWith("[bot]")) return [GITHUB.personCheck()];
  const pinned = ours.filter((c) => c.app !== null);
  if (pinned.length === 0) return [GITHUB.unpinned(facts)];
  const own = pinned.filter((c) => c.app !== ACTIONS);
  if (own.length === 0) return [GITHUB.anyWorkflow()];
  const { app } = facts;
  if (app === null) return isActions(facts) ? [GUARD.otherApp(facts)] : [];
  if ("untold" in app) return [GUARD.appUntold(facts, app.untold)];
  return own.some((c) => c.app === app.value) ? [] : [GUARD.otherApp(facts)];
}

/** What the identity costs that the config names. */
function identityNote(facts: GithubFacts): Diagnosis[] {
  const { account, reviewer } = facts.config;
  const alone = reviewer === undefined ? [GITHUB.alone()] : [];
  if (isActions(facts)) return [GITHUB.actions(), ...alone];
  return [account.endsWith("[bot]") ? GITHUB.app(account) : GITHUB.person(account), ...alone];
}
