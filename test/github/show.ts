import { accountOf } from "./call.ts";
import { fill } from "./fill.ts";
import type { CheckRow, CommentRow, IssueRow, PullRow, ReviewRow, State, StatusRow } from "./state.ts";

type Shown = Record<string, unknown>;

export const API = "https://api.github.com";
const WEB = "https://github.com";

const idOf = (text: string): number => Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 1e9, 7);

export function showUser(state: State, login: string): Shown {
  const account = accountOf(state, login);
  return fill("simple-user", {
    login,
    id: idOf(login),
    node_id: `U_${idOf(login)}`,
    type: account?.type ?? "User",
    html_url: `${WEB}/${login}`,
    url: `${API}/users/${login}`,
  });
}

export function showRepo(state: State, owner = state.settings.owner): Shown {
  const { name, methods, deleteBranchOnMerge } = state.settings;
  const fullName = `${owner}/${name}`;
  return {
    id: idOf(fullName),
    node_id: `R_${idOf(fullName)}`,
    name,
    full_name: fullName,
    owner: showUser(state, owner),
    private: state.settings.private,
    fork: owner !== state.settings.owner,
    html_url: `${WEB}/${fullName}`,
    url: `${API}/repos/${fullName}`,
    clone_url: `${WEB}/${fullName}.git`,
    default_branch: "main",
    allow_merge_commit: methods.includes("merge"),
    allow_squash_merge: methods.includes("squash"),
    allow_rebase_merge: methods.includes("rebase"),
    delete_branch_on_merge: deleteBranchOnMerge,
    visibility: state.settings.private ? "private" : "public",
  };
}

const labelOf = (name: string): Shown =>
  fill("label", { id: idOf(name), node_id: `L_${idOf(name)}`, name, color: "ededed", description: "" });

function pullParts(state: State, pull: PullRow): Shown {
  const { owner, name } = state.settings;
  const at = `${API}/repos/${owner}/${name}/pulls/${pull.number}`;
  return {
    url: at,
    id: pull.number * 1000,
    number: pull.number,
    html_url: `${WEB}/${owner}/${name}/pull/${pull.number}`,
    state: pull.state,
    locked: false,
    draft: pull.draft,
    title: pull.title,
    body: pull.body === "" ? null : pull.body,
    user: showUser(state, pull.author),
    labels: pull.labels.map(labelOf),
    created_at: pull.created,
    updated_at: pull.updated,
    closed_at: pull.closed?.at ?? null,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha: pull.merged?.commit ?? null,
    requested_reviewers: pull.requested.map((login) => showUser(state, login)),
    author_association: "CONTRIBUTOR",
    assignee: null,
    milestone: null,
    auto_merge: null,
  };
}

const side = (state: State, owner: string, ref: string, sha: string): Shown => ({
  label: `${owner}:${ref}`,
  ref,
  sha,
  user: showUser(state, owner),
});

/** What a pull merges, and into what. `base`: where the base branch stands. */
const bothSides = (state: State, pull: PullRow, base: string): Shown => ({
  head: {
    ...side(state, pull.from, pull.branch, pull.head),
    repo: fill("repository", showRepo(state, pull.from)),
  },
  base: {
    ...side(state, state.settings.owner, pull.base, base),
    repo: fill("repository", showRepo(state)),
  },
});

/** A pull as a listing shows it. `base`: where the base branch stands. */
export const showPull = (state: State, pull: PullRow, base: string): Shown =>
  fill("pull-request-simple", {
    ...pullParts(state, pull),
    ...bothSides(state, pull, base),
  });

/** A pull by itself: a listing does not tell who merged it, nor whether it can be merged. */
export const showWholePull = (
  state: State,
  pull: PullRow,
  { base, mergeable }: { base: string; mergeable: boolean | null },
): Shown =>
  fill("pull-request", {
    ...pullParts(state, pull),
    ...bothSides(state, pull, base),
    merged: pull.merged !== null,
    merged_by: pull.merged === null ? null : showUser(state, pull.merged.by),
    mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    maintainer_can_modify: false,
  });

export const showIssue = (state: State, issue: IssueRow | PullRow): Shown => {
  const { owner, name } = state.settings;
  const at = `${API}/repos/${owner}/${name}/issues/${issue.number}`;
  return fill("issue", {
    id: issue.number * 1000 + 1,
    number: issue.number,
    url: at,
    html_url: `${WEB}/${owner}/${name}/issues/${issue.number}`,
    title: issue.title,
    body: issue.body,
    user: showUser(state, issue.author),
    state: issue.state,
    labels: issue.labels.map(labelOf),
    created_at: issue.created,
    updated_at: issue.updated,
    closed_at: issue.closed?.at ?? null,
    closed_by: issue.closed === null ? null : showUser(state, issue.closed.by),
    state_reason: ("reason" in issue ? issue.reason : undefined) ?? null,
    performed_via_github_app: "via" in issue ? issue.via : null,
    ...("branch" in issue ? { pull_request: { url: at, html_url: at, diff_url: at, patch_url: at } } : {}),
  });
};

export const showLabels = (names: readonly string[]): Shown[] => names.map(labelOf);

export function showReview(state: State, review: ReviewRow): Shown {
  const { owner, name } = state.settings;
  const page = `${WEB}/${owner}/${name}/pull/${review.pull}`;
  const { submitted_at: _, ...shown } = fill("pull-request-review", {
    id: review.id,
    user: showUser(state, review.by),
    body: review.body,
    state: review.state,
    commit_id: review.commit,
    html_url: `${page}#pullrequestreview-${review.id}`,
    pull_request_url: `${API}/repos/${owner}/${name}/pulls/${review.pull}`,
    author_association: "COLLABORATOR",
    submitted_at: review.at,
  });
  return review.state === "PENDING" ? shown : { ...shown, submitted_at: review.at };
}

export const showComment = (state: State, comment: CommentRow): Shown =>
  fill("issue-comment", {
    id: comment.id,
    user: showUser(state, comment.by),
    body: comment.body,
    created_at: comment.created,
    updated_at: comment.updated,
    issue_url: `${API}/repos/${state.settings.owner}/${state.settings.name}/issues/${comment.issue}`,
    html_url: `${WEB}/${state.settings.owner}/${state.settings.name}/issues/${comment.issue}#issuecomment-${comment.id}`,
    author_association: "COLLABORATOR",
    performed_via_github_app: comment.via,
    reactions: { "+1": state.reactions.filter((r) => r.comment === comment.id && r.content === "+1").length },
  });

export const showReaction = (state: State, { id, by, content, at }: State["reactions"][number]): Shown =>
  fill("reaction", { id, user: showUser(state, by), content, created_at: at });

export const showCheck = (check: CheckRow): Shown =>
  fill("check-run", {
    id: check.id,
    name: check.name,
    head_sha: check.sha,
    status: check.status,
    conclusion: check.conclusion,
    output: {
      title: check.title,
      summary: check.summary,
      text: null,
      annotations_count: 0,
      annotations_url: "",
    },
    app: fill("integration", { id: check.app.id, slug: check.app.slug, name: check.app.slug }),
    pull_requests: [],
  });

export const showStatus = (state: State, status: StatusRow): Shown =>
  fill("status", {
    id: status.id,
    state: status.state,
    context: status.context,
    description: status.description,
    creator: showUser(state, status.by),
    created_at: status.at,
    updated_at: status.at,
  });

export const showEvent = (state: State, { id, event, by, at }: State["events"][number]): Shown =>
  // Its description has the fields that all events share, and asks for no others.
  fill("added-to-project-issue-event", { id, event, actor: showUser(state, by), created_at: at });
