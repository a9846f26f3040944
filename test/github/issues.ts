import { invalid, needWrite, notFound, Refusal, text, type Call, type Handler } from "./call.ts";
import { bodyOf } from "./pulls.ts";
import { showComment, showEvent, showIssue, showLabels, showReaction } from "./show.ts";
import { nextNumber, viaOf, type CommentRow, type IssueRow, type PullRow } from "./state.ts";

/** Pulls are issues too. */
function issueOf({ state, path }: Call): IssueRow | PullRow {
  const all: (IssueRow | PullRow)[] = [...state.issues, ...state.pulls];
  const found = all.find((i) => i.number === Number(path[0]));
  if (found === undefined) throw notFound();
  return found;
}

const labelsIn = (body: unknown): string[] =>
  [Object(body)["labels"] ?? []]
    .flat()
    .map((label: unknown) => (typeof label === "string" ? label : text(Object(label)["name"])));

function relabel(
  call: Call,
  change: (had: readonly string[]) => string[],
): { status: number; body: unknown } {
  needWrite(call);
  const issue = issueOf(call);
  issue.labels = [...new Set(change(issue.labels))];
  issue.updated = call.now;
  return { status: 200, body: showLabels(issue.labels) };
}

const unlabel: Handler = (call) => {
  const [, name = ""] = call.path;
  if (!issueOf(call).labels.includes(name)) throw new Refusal(404, "Label does not exist");
  return relabel(call, (had) => had.filter((l) => l !== name));
};

const list: Handler = ({ state, query }) => {
  const wanted = query.get("state") ?? "open";
  const labels = (query.get("labels") ?? "").split(",").filter((l) => l !== "");
  const found = [...state.issues, ...state.pulls]
    .filter((i) => wanted === "all" || i.state === wanted)
    .filter((i) => labels.every((l) => i.labels.includes(l)))
    .filter((i) => !query.has("creator") || i.author === query.get("creator"))
    .toSorted((a, b) => b.number - a.number);
  return { status: 200, body: found.map((i) => showIssue(state, i)) };
};

const create: Handler = ({ state, account, body, now }) => {
  const issue: IssueRow = {
    number: nextNumber(state),
    title: text(body["title"]),
    body: bodyOf(body["body"]),
    author: account.login,
    state: "open",
    created: now,
    updated: now,
    closed: null,
    via: viaOf(account),
    labels: account.permission === "write" || account.permission === "admin" ? labelsIn(body) : [],
  };
  state.issues.push(issue);
  return { status: 201, body: showIssue(state, issue) };
};

const update: Handler = (call) => {
  const { state, account, body, now } = call;
  const issue = issueOf(call);
  if (issue.author !== account.login) needWrite(call);
  if (body["labels"] !== undefined) issue.labels = labelsIn(body);
  if (typeof body["title"] === "string") issue.title = body["title"];
  if (typeof body["body"] === "string") issue.body = bodyOf(body["body"]);
  if (body["state"] === "closed" && issue.state === "open") {
    const reason = body["state_reason"] ?? "completed";
    Object.assign(issue, { state: "closed", closed: { by: account.login, at: now }, reason });
  }
  if (body["state"] === "open" && issue.state === "closed")
    Object.assign(issue, { state: "open", closed: null, reason: "reopened" });
  issue.updated = now;
  return { status: 200, body: showIssue(state, issue) };
};

const comment: Handler = (call) => {
  const { state, account, body, now } = call;
  const issue = issueOf(call);
  const words = bodyOf(body["body"]);
  if (words.trim() === "")
    throw invalid({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: "Body cannot be blank",
    });
  const row: CommentRow = {
    id: state.next++,
    issue: issue.number,
    by: account.login,
    via: viaOf(account),
    body: words,
    created: now,
    updated: now,
  };
  state.comments.push(row);
  issue.updated = now;
  return { status: 201, body: showComment(state, row) };
};

const since = ({ query }: Call, row: CommentRow): boolean => row.updated >= (query.get("since") ?? "");

function commentOf({ state, path }: Call): CommentRow {
  const found = state.comments.find((c) => c.id === Number(path[0]));
  if (found === undefined) throw notFound();
  return found;
}

const editComment: Handler = (call) => {
  const row = commentOf(call);
  if (row.by !== call.account.login) needWrite(call);
  Object.assign(row, { body: bodyOf(call.body["body"]), updated: call.now });
  return { status: 200, body: showComment(call.state, row) };
};

/** The same reaction of the same account is there once. */
const react: Handler = (call) => {
  const { state, account, body, now } = call;
  const { id } = commentOf(call);
  const content = text(body["content"]);
  const had = state.reactions.find(
    (r) => r.comment === id && r.by === account.login && r.content === content,
  );
  const row = had ?? { id: state.next++, comment: id, by: account.login, content, at: now };
  if (had === undefined) state.reactions.push(row);
  return { status: had === undefined ? 201 : 200, body: showReaction(state, row) };
};

export const issueHandlers: Record<string, Handler> = {
  "issues/list-for-repo": list,
  "issues/create": create,
  "issues/get": (call) => ({ status: 200, body: showIssue(call.state, issueOf(call)) }),
  "issues/update": update,
  "issues/list-events": (call) => {
    const { number } = issueOf(call);
    const found = call.state.events.filter((e) => e.issue === number);
    return { status: 200, body: found.map((e) => showEvent(call.state, e)) };
  },
  "issues/list-labels-on-issue": (call) => ({ status: 200, body: showLabels(issueOf(call).labels) }),
  "issues/add-labels": (call) => relabel(call, (had) => [...had, ...labelsIn(call.body)]),
  "issues/set-labels": (call) => relabel(call, () => labelsIn(call.body)),
  "issues/remove-label": unlabel,
  "issues/list-comments": (call) => {
    const { number } = issueOf(call);
    const found = call.state.comments.filter((c) => c.issue === number && since(call, c));
    return { status: 200, body: found.map((c) => showComment(call.state, c)) };
  },
  "issues/list-comments-for-repo": (call) => ({
    status: 200,
    body: call.state.comments.filter((c) => since(call, c)).map((c) => showComment(call.state, c)),
  }),
  "issues/create-comment": comment,
  "reactions/create-for-issue-comment": react,
  "issues/get-comment": (call) => ({ status: 200, body: showComment(call.state, commentOf(call)) }),
  "issues/update-comment": editComment,
};
