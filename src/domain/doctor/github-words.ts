import { note, untold, wrong, type Diagnosis, type GithubFacts } from "./facts.ts";

const CONFIG = ".github/pullbeat.yml";

const INVARIANTS =
  "a push to the base branch that is no judged merge, and a merge without an approval of that very commit or before its gates passed";

type Hub = Pick<GithubFacts, "repository" | "web" | "branch" | "config">;

/** The one command that tells all, and with whose token. */
export const asAdmin = ({ config }: Pick<GithubFacts, "config">): string =>
  `${config.token}=$(gh auth token) pullbeat doctor  # as an administrator; a fine-grained token needs Administration, Actions, Secrets and Variables: read`;
export const rulesOf = ({ web, branch }: Pick<GithubFacts, "web" | "branch">): string =>
  `${web}/settings/rules: the ruleset that targets ${branch}`;

/** Every sentence of the doctor's about GitHub. */
export const GITHUB = {
  noToken: ({ config }: Hub): Diagnosis =>
    wrong(
      "token",
      `the variable ${config.token} is empty, so GitHub cannot be asked`,
      `export ${config.token}=…`,
    ),
  deadToken: ({ config }: Hub, said: string): Diagnosis =>
    wrong("token", said, `set ${config.token} to a token that is alive`),
  unseen: ({ config, repository }: Hub, said: string): Diagnosis =>
    wrong(
      "repository-unseen",
      said,
      `give the token in ${config.token} access to ${repository}; or set \`forge.repository\` in ${CONFIG}`,
    ),
  silent: (said: string): Diagnosis =>
    untold("github-silent", `${said}; so nothing of its settings can be told`, "try again later"),
  openPulls: ({ repository, web }: Hub): Diagnosis =>
    wrong(
      "open-pulls",
      "GitHub Actions may not open pull requests here, as on every new repository: no work of the fleet would reach you",
      `gh api -X PUT repos/${repository}/actions/permissions/workflow -F can_approve_pull_request_reviews=true; or tick "Allow GitHub Actions to create and approve pull requests" at ${web}/settings/actions`,
    ),
  openPullsUntold: (hub: Hub, why: string): Diagnosis =>
    untold(
      "open-pulls",
      `whether GitHub Actions may open pull requests cannot be told: ${why}`,
      asAdmin(hub),
    ),
  otherAccount: ({ config }: Hub, login: string): Diagnosis =>
    wrong(
      "account",
      `the token in ${config.token} is ${login}'s, and \`forge.account\` says ${config.account}: pulls that it opens would not be the fleet's`,
      `set \`forge.account: ${JSON.stringify(login)}\` in ${CONFIG}, or ${config.token} to a token of ${config.account}`,
    ),
  accountUntold: ({ config }: Hub, why: string): Diagnosis =>
    untold(
      "account",
      `whose token is in ${config.token} cannot be told: ${why}`,
      `set ${config.token} to a token of ${config.account}`,
    ),
  asPerson: ({ config }: Hub, login: string): Diagnosis =>
    note(
      "asked-as",
      `asked with ${login}'s own token; ticks need one of ${config.account}, which was not looked at`,
    ),
  appAccount: ({ config }: Hub): Diagnosis =>
    wrong(
      "account",
      `the token in ${config.token} is an app's, and \`forge.account\` says ${config.account}, a person`,
      `set \`forge.account: "<app>[bot]"\` in ${CONFIG}`,
    ),
  mayNotPush: ({ config, repository }: Hub): Diagnosis =>
    wrong(
      "push",
      `${config.account} may not write to ${repository}`,
      `gh api -X PUT repos/${repository}/collaborators/${config.account} -f permission=push`,
    ),
  scope: ({ config }: Hub, scope: string): Diagnosis =>
    wrong(
      "scopes",
      `the token in ${config.token} lacks the scope ${scope}`,
      `add ${scope} to it at https://github.com/settings/tokens`,
    ),
  noReviewer: (variable: string): Diagnosis =>
    wrong(
      "reviewer",
      `the variable ${variable} of \`forge.reviewer\` is empty, so gates cannot ask for changes in reviews that count`,
      `export ${variable}=… , or take \`reviewer\` from ${CONFIG}`,
    ),
  sameReviewer: (): Diagnosis =>
    wrong(
      "reviewer",
      "`forge.reviewer` is the account that opens the pulls, and GitHub lets nobody review a pull of their own",
      `give \`reviewer\` another account and another token in ${CONFIG}, or take it away`,
    ),
  reviewerUntold: (variable: string, why: string): Diagnosis =>
    untold(
      "reviewer",
      `whose token is in ${variable} cannot be told: ${why}`,
      `set ${variable} to a token that is alive`,
    ),
  otherReviewer: ({ account, token }: { account: string; token: string }, login: string): Diagnosis =>
    wrong(
      "reviewer",
      `the token in ${token} is ${login}'s, and \`forge.reviewer\` says ${account}`,
      `set ${token} to a token of ${account}`,
    ),
  tooMany: (hub: Hub, approvals: number, able: number): Diagnosis =>
    wrong(
      "approvals",
      `${hub.branch} asks for ${approvals} approvals, and the fleet knows only ${able} who could approve: nothing can be merged`,
      `${rulesOf(hub)}, "Required approvals": ${able}`,
    ),
  alone: (): Diagnosis =>
    note(
      "one-identity",
      "with one identity gates comment and set the check pullbeat, since GitHub lets nobody ask for changes on a pull of their own",
      `for reviews that count, name a second one (pullbeat app --reviewer makes it): \`reviewer: { account: "<app>[bot]", token: GATES_TOKEN }\` under \`forge\` in ${CONFIG}`,
    ),
  noMerges: ({ repository }: Hub): Diagnosis =>
    wrong(
      "merge-commits",
      "merge commits are not allowed here: pullbeat lands the very commit that was approved, and squashing makes another one",
      `gh api -X PATCH repos/${repository} -F allow_merge_commit=true`,
    ),
  mergesUntold: (hub: Hub): Diagnosis =>
    untold(
      "merge-commits",
      "whether merge commits are allowed cannot be told: GitHub does not show it to this token",
      asAdmin(hub),
    ),
  squashes: ({ repository }: Hub): Diagnosis =>
    note(
      "squash",
      "the merge button offers to squash: a person who does that lands another commit than the one that was judged",
      `gh api -X PATCH repos/${repository} -F allow_squash_merge=false`,
    ),
  ruleForbids: (hub: Hub, what: string): Diagnosis =>
    wrong(
      "merge-rule",
      `a rule of ${hub.branch} ${what}, so no merge of the fleet's can be made`,
      rulesOf(hub),
    ),
  rulesUntold: (hub: Hub, why: string): Diagnosis =>
    untold("rules", `what protects ${hub.branch} cannot be told: ${why}`, asAdmin(hub)),
  directPush: (hub: Hub): Diagnosis =>
    wrong(
      "direct-push",
      `whoever may write can push to ${hub.branch} directly, past gates and approvals`,
      `${hub.web}/settings/rules/new?target=branch: target ${hub.branch}, "Require a pull request before merging"`,
    ),
  noCheck: (hub: Hub): Diagnosis =>
    wrong(
      "required-check",
      `the check pullbeat is not required on ${hub.branch}: the merge button works before gates and people are done`,
      `${rulesOf(hub)}, "Require status checks to pass": pullbeat`,
    ),
  unpinned: (hub: Hub): Diagnosis =>
    wrong(
      "check-source",
      "the required check pullbeat is not pinned to an app: whoever may write can set it",
      `${rulesOf(hub)}: choose the app as the source of the check pullbeat`,
    ),
  personCheck: (): Diagnosis =>
    note(
      "check-source",
      "the check pullbeat is a status here, since GitHub lets only apps make check runs: whoever may write can set it",
      "use an app, and pin the check to it",
    ),
  anyWorkflow: (): Diagnosis =>
    note(
      "check-source",
      "the check pullbeat is made by GitHub Actions, so every workflow of this repository can make one of that name",
      "pullbeat app makes an app of your own; then pin the check to it",
    ),
  staleReviews: (hub: Hub): Diagnosis =>
    wrong(
      "stale-reviews",
      "GitHub goes on counting an approval after the pull has changed, so the merge button works for what nobody looked at",
      `${rulesOf(hub)}: "Dismiss stale pull request approvals when new commits are pushed"`,
    ),
  freePlan: ({ repository }: Hub): Diagnosis =>
    note(
      "free-plan",
      `${repository} is private on a plan without rules, so this is not prevented, only found afterwards in git's history and the journal: ${INVARIANTS}`,
      `give write access only to those whom you would let approve; a paid plan, or \`gh repo edit ${repository} --visibility public\`, brings rules`,
    ),
  actions: (): Diagnosis =>
    note(
      "identity",
      "identity: GITHUB_TOKEN, which costs nothing to set up; other workflows start on its pulls only after somebody with write approves the run, its merges start none, it cannot push .github/workflows, and it has 1,000 requests an hour",
    ),
  app: (account: string): Diagnosis =>
    note(
      "identity",
      `identity: the app ${account}, which takes a key to keep; its pulls start workflows, its check can be pinned, and it has 5,000 requests an hour or more. What it may do shows only when it does it: contents, pull requests and checks: write`,
    ),
  person: (account: string): Diagnosis =>
    note(
      "identity",
      `identity: a token of ${account}'s own: ${account} can never approve the fleet's pulls, the token reaches all that ${account} does, and it makes no check runs`,
    ),
} as const;
