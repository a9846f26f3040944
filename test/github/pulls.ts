import {
  accountOf,
  invalid,
  needWrite,
  notFound,
  pullOf,
  Refusal,
  text,
  type Call,
  type Handler,
  type Reply,
} from "./call.ts";
import { showPull, showWholePull } from "./show.ts";
import { nextNumber, type PullRow } from "./state.ts";

const baseOf = async ({ git }: Call, pull: PullRow): Promise<string> =>
  (await git.commit(`refs/heads/${pull.base}`)) ?? pull.head;

async function whole(call: Call, pull: PullRow, status = 200): Promise<Reply> {
  const base = await baseOf(call, pull);
  const mergeable = pull.state === "open" ? (await call.git.mergedTree(base, pull.head)) !== null : null;
  return { status, body: showWholePull(call.state, pull, { base, mergeable }) };
}

const list: Handler = async (call) => {
  const { state, query } = call;
  const wanted = query.get("state") ?? "open";
  const [owner, branch] = (query.get("head") ?? "").split(/:(.*)/s);
  const key = query.get("sort") === "updated" ? "updated" : "created";
  const newestFirst = (query.get("direction") ?? (query.has("sort") ? "asc" : "desc")) === "desc";
  const found = state.pulls
    .filter((p) => wanted === "all" || p.state === wanted)
    .filter((p) => !query.has("head") || (p.from === owner && p.branch === branch))
    .filter((p) => !query.has("base") || p.base === query.get("base"))
    .toSorted((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  const sorted = newestFirst ? found.toReversed() : found;
  return {
    status: 200,
    body: await Promise.all(sorted.map(async (p) => showPull(state, p, await baseOf(call, p)))),
  };
};

const create: Handler = async (call) => {
  needWrite(call);
  const { state, git, account, body, now } = call;
  if (account.app?.slug === "github-actions" && !state.settings.actionsMayOpenPulls)
    throw new Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
  const [branch, owner = state.settings.owner] = text(body["head"]).split(":").toReversed();
  const base = text(body["base"]);
  const head = owner === state.settings.owner ? await git.commit(`refs/heads/${branch}`) : null;
  if (branch === undefined || head === null)
    throw invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  const tip = await git.commit(`refs/heads/${base}`);
  if (tip === null) throw invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  if (
    state.pulls.some((p) => p.state === "open" && p.branch === branch && p.from === owner && p.base === base)
  )
    throw invalid({
      resource: "PullRequest",
      message: `A pull request already exists for ${owner}:${branch}.`,
    });
  if ((await git.ahead(tip, head)) === 0)
    throw invalid({ resource: "PullRequest", message: `No commits between ${base} and ${branch}` });
  const pull: PullRow = {
    number: nextNumber(state),
    title: text(body["title"]),
    body: bodyOf(body["body"]),
    author: account.login,
    state: "open",
    draft: body["draft"] === true,
    branch,
    from: owner,
    head,
    base,
    created: now,
    updated: now,
    closed: null,
    merged: null,
    labels: [],
    requested: [],
  };
  state.pulls.push(pull);
  return whole(call, pull, 201);
};

/** GitHub refuses longer ones. */
export function bodyOf(value: unknown): string {
  const body = text(value);
  if (body.length > 65_536)
    throw invalid({
      resource: "Issue",
      field: "body",
      message: "body is too long (maximum is 65536 characters)",
    });
  return body;
}

const update: Handler = async (call) => {
  needWrite(call);
  const { state, git, account, body, now } = call;
  const pull = pullOf(call);
  const base = body["base"];
  if (typeof base === "string") {
    if ((await git.commit(`refs/heads/${base}`)) === null)
      throw invalid({
        message: `Proposed base branch '${base}' was not found`,
        resource: "PullRequest",
        field: "base",
        code: "invalid",
      });
    if (pull.base !== base)
      state.events.push({
        id: state.next++,
        issue: pull.number,
        event: "base_ref_changed",
        by: account.login,
        at: now,
      });
    pull.base = base;
  }
  if (typeof body["title"] === "string") pull.title = body["title"];
  if (typeof body["body"] === "string") pull.body = bodyOf(body["body"]);
  if (body["state"] === "closed" && pull.state === "open") {
    pull.state = "closed";
    pull.closed = { by: account.login, at: now };
  }
  if (body["state"] === "open" && pull.state === "closed") {
    if (pull.merged !== null || (await git.commit(`refs/heads/${pull.branch}`)) === null)
      throw invalid({ resource: "PullRequest", field: "state", message: "state cannot be changed." });
    const twin = state.pulls.some(
      (p) => p.state === "open" && p.branch === pull.branch && p.base === pull.base,
    );
    if (twin)
      throw invalid({
        resource: "PullRequest",
        message: `A pull request already exists for ${pull.from}:${pull.branch}.`,
      });
    pull.state = "open";
    pull.closed = null;
  }
  pull.updated = now;
  return whole(call, pull);
};

async function asked(call: Call, pull: PullRow, status: number): Promise<Reply> {
  return { status, body: showPull(call.state, pull, await baseOf(call, pull)) };
}

const namesIn = (value: unknown): string[] => [value ?? []].flat().map(String);

const request: Handler = async (call) => {
  needWrite(call);
  const { state } = call;
  const pull = pullOf(call);
  for (const login of namesIn(call.body["reviewers"])) {
    if (login.toLowerCase() === pull.author.toLowerCase())
      throw new Refusal(422, "Review cannot be requested from pull request author.");
    const account = accountOf(state, login);
    if (account === undefined || account.permission === "none" || account.type === "Bot")
      throw new Refusal(
        422,
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${state.settings.owner}/${state.settings.name} repository.`,
      );
  }
  const names = namesIn(call.body["reviewers"]).map((n) => accountOf(state, n)?.login ?? n);
  pull.requested = [...new Set([...pull.requested, ...names])];
  pull.updated = call.now;
  return asked(call, pull, 201);
};

const unrequest: Handler = async (call) => {
  needWrite(call);
  const pull = pullOf(call);
  const names = namesIn(call.body["reviewers"]);
  pull.requested = pull.requested.filter((login) => !names.includes(login));
  pull.updated = call.now;
  return asked(call, pull, 200);
};

export const pullHandlers: Record<string, Handler> = {
  "pulls/list": list,
  "pulls/create": create,
  "pulls/get": (call) => whole(call, pullOf(call)),
  "pulls/update": update,
  "pulls/request-reviewers": request,
  "pulls/remove-requested-reviewers": unrequest,
  "pulls/check-if-merged": (call) => {
    if (pullOf(call).merged === null) throw notFound();
    return { status: 204 };
  },
};
