import { mayWrite, type ReviewRow } from "./state.ts";
import {
  accountOf,
  needWrite,
  notFound,
  pullOf,
  Refusal,
  text,
  unprocessable,
  type Call,
  type Handler,
} from "./call.ts";
import { showReview } from "./show.ts";

const STATES = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
  "": "PENDING",
} as const;

const stateOf = (event: string): ReviewRow["state"] =>
  Object.entries(STATES).find(([key]) => key === event)?.[1] ?? "PENDING";

const create: Handler = async (call) => {
  const { state, git, account, body, now } = call;
  const pull = pullOf(call);
  const event = text(body["event"]);
  const words = text(body["body"]);
  if (account.permission === "none") throw notFound();
  if (account.type === "Bot") needWrite(call);
  if (account.login === pull.author && event === "APPROVE")
    throw unprocessable("Can not approve your own pull request");
  if (account.login === pull.author && event === "REQUEST_CHANGES")
    throw unprocessable("Can not request changes on your own pull request");
  if (account.app?.slug === "github-actions" && event === "APPROVE" && !state.settings.actionsMayOpenPulls)
    throw unprocessable("GitHub Actions is not permitted to approve pull requests.");
  if (words === "" && (event === "COMMENT" || event === "REQUEST_CHANGES"))
    throw unprocessable("Review Can not be blank");
  const commit = text(body["commit_id"]) || pull.head;
  const base = (await git.commit(`refs/heads/${pull.base}`)) ?? "";
  if ((await git.commit(commit)) === null || (await git.holds(base, commit)))
    throw unprocessable("Commit is not part of the pull request");
  const review: ReviewRow = {
    id: state.next++,
    pull: pull.number,
    by: account.login,
    body: words,
    state: stateOf(event),
    commit,
    at: now,
  };
  state.reviews.push(review);
  if (review.state !== "PENDING") {
    pull.requested = pull.requested.filter((login) => login !== account.login);
    pull.updated = now;
  }
  return { status: 200, body: showReview(state, review) };
};

function reviewOf({ state, path }: Call): ReviewRow {
  const review = state.reviews.find((r) => r.pull === Number(path[0]) && r.id === Number(path[1]));
  if (review === undefined) throw notFound();
  return review;
}

const update: Handler = (call) => {
  const review = reviewOf(call);
  if (review.by !== call.account.login) needWrite(call);
  review.body = text(call.body["body"]);
  return { status: 200, body: showReview(call.state, review) };
};

const dismiss: Handler = (call) => {
  needWrite(call);
  const review = reviewOf(call);
  const { protection } = call.state.settings;
  if (
    protection !== null &&
    call.account.permission !== "admin" &&
    !protection.bypass.includes(call.account.login)
  )
    throw new Refusal(403, "You do not have permission to dismiss reviews on this pull request.");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
    throw unprocessable(`Can not dismiss a ${review.state.toLowerCase()} pull request review`);
  review.state = "DISMISSED";
  return { status: 200, body: showReview(call.state, review) };
};

/** What nobody but its author sees of a review that is not yet submitted. */
const list: Handler = (call) => {
  const { state, account } = call;
  const { number } = pullOf(call);
  const seen = state.reviews.filter(
    (r) => r.pull === number && (r.state !== "PENDING" || r.by === account.login),
  );
  return { status: 200, body: seen.map((r) => showReview(state, r)) };
};

/** Each writer's latest review that decides something. */
export function opinions({ state }: Pick<Call, "state">, pull: number): ReviewRow[] {
  const last = new Map<string, ReviewRow>();
  for (const review of state.reviews)
    if (review.pull === pull && review.state !== "COMMENTED" && review.state !== "PENDING")
      last.set(review.by, review);
  return [...last.values()].filter((r) => {
    const account = accountOf(state, r.by);
    return account !== undefined && mayWrite(account);
  });
}

export const reviewHandlers: Record<string, Handler> = {
  "pulls/list-reviews": list,
  "pulls/create-review": create,
  "pulls/get-review": (call) => ({ status: 200, body: showReview(call.state, reviewOf(call)) }),
  "pulls/update-review": update,
  "pulls/dismiss-review": dismiss,
};
