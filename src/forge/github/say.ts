import { Fault } from "../../domain/fault.ts";
import type { Login, PullNumber, Sha } from "../../domain/id.ts";
import type { Word } from "../../port/forge.ts";
import type { Client } from "./client.ts";
import type { Hub } from "./hub.ts";
import { Anything, PullJson, type ReviewJson } from "./json.ts";
import { isOurs, reviewsOf } from "./listing.ts";
import { readPullBody, readReviewBody, reviewBody } from "./mark.ts";
import { Refusal } from "./refusal.ts";
import { same } from "./reviews.ts";

const EVENTS = {
  approve: "APPROVE",
  "request-changes": "REQUEST_CHANGES",
  comment: "COMMENT",
  answer: "COMMENT",
} as const;
const STATES = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
} as const;

/** Says something about a pull's present head, as the account whose token this is. */
export async function say(hub: Hub, number: PullNumber, by: Login, said: Word): Promise<boolean> {
  const row = await pullAt(hub, number);
  const head = mayReview(hub, row, { by, said });
  if (same(by, hub.account)) return asFleet(hub, number, { ...said, head });
  return asPerson(hub, number, { by, ...said, head });
}

export async function pullAt(hub: Hub, number: PullNumber): Promise<PullJson> {
  try {
    const row = await hub.client.read(`/pulls/${number}`, `look at pull ${number}`, PullJson);
    if (isOurs(hub, row)) return row;
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
  }
  throw new Fault("not-found", `there is no pull ${number} of the fleet's`, {
    next: "`pullbeat pull list` shows what is open",
  });
}

const refuse = (message: string, next: string): Fault => new Fault("refused", message, { next });

/** The head that the review is about, or a refusal that says what to do instead. */
function mayReview(hub: Hub, row: PullJson, { by, said }: { by: Login; said: Word }): Sha {
  const { verdict, head } = said;
  if (same(by, hub.account) && (verdict === "approve" || verdict === "answer"))
    throw refuse(
      `${by} is the fleet's own account: its word decides nothing`,
      `review it as a person: ${row.html_url}`,
    );
  if (verdict === "answer" && readPullBody(row.body).mark?.kind !== "question")
    throw refuse(`pull ${row.number} asks nothing`, "approve it, ask for changes, or comment");
  if (row.state !== "open")
    throw refuse(`pull ${row.number} is closed`, "`pullbeat pull list` shows what is open");
  if (head !== undefined && head !== row.head.sha)
    throw refuse(
      `pull ${row.number} has moved on: ${head.slice(0, 10)} is not its head any more`,
      `look again: pullbeat pull show ${row.number}`,
    );
  return row.head.sha;
}

type Said = Word & { head: Sha };

/** A person's own review, pinned to the head that was looked at. */
async function asPerson(
  hub: Hub,
  number: PullNumber,
  { by, verdict, body, head }: Said & { by: Login },
): Promise<boolean> {
  await needOwn(hub, by, `${hub.web}/pull/${number}/files`);
  const event = EVENTS[verdict];
  const words = body === "" && event !== "APPROVE" ? "(no words)" : body;
  const isSaid = async (): Promise<boolean> => {
    const last = (await reviewsOf(hub, number)).findLast((r) => isBy(r, by));
    return last?.state === STATES[event] && last.commit_id === head && (last.body ?? "") === words;
  };
  if (await isSaid()) return false;
  const call = {
    route: `POST /pulls/${number}/reviews`,
    body: { commit_id: head, event, body: words },
    what: `review pull ${number}`,
    asker: "person",
  } as const;
  await once(() => hub.client.write(call, Anything), isSaid);
  return true;
}

/** GitHub knows only the token's own account. */
export async function needOwn({ client, account }: Hub, by: Login, where: string): Promise<void> {
  const login = await client.login();
  if (login !== null && same(login, by)) return;
  throw new Fault(
    "refused",
    `GitHub lets nobody speak in ${by}'s name: this token is ${login ?? account}'s`,
    {
      expected: `a token of ${by}`,
      next: `do it on GitHub: ${where}`,
    },
  );
}

/** A deed that may have been done though nobody told: it is looked for before it is done again. */
async function once(deed: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await deed();
      return;
    } catch (error) {
      const isOpen =
        error instanceof Fault &&
        error.code === "remote" &&
        !(error instanceof Refusal && error.status < 500);
      if (!isOpen) throw error;
      if (await isDone()) return;
      if (tries === 3) throw error;
    }
  }
}

/** The fleet's one review of a pull, edited in place. With a second identity it is one that GitHub counts. */
async function asFleet(hub: Hub, number: PullNumber, { verdict, body, head }: Said): Promise<boolean> {
  const { client, voice } = voiceOf(hub);
  const asks = voice !== hub.account && verdict === "request-changes";
  const text = reviewBody(body, { head, verdict });
  const mine = async (): Promise<ReviewJson | undefined> =>
    (await reviewsOf(hub, number)).findLast((r) => isBy(r, voice) && readReviewBody(r.body).mark !== null);
  const last = await mine();
  const isAsking = last?.state === "CHANGES_REQUESTED";
  if (last === undefined || (asks && !isAsking)) {
    const call = {
      route: `POST /pulls/${number}/reviews`,
      body: { commit_id: head, event: asks ? "REQUEST_CHANGES" : "COMMENT", body: text },
      what: `say on pull ${number} what the gates say`,
    };
    const isSaid = async (): Promise<boolean> => (await mine())?.body === text;
    await once(() => client.write(call, Anything), isSaid);
    return true;
  }
  const isNews = last.body?.replaceAll("\r\n", "\n") !== text;
  if (isNews) await reword(client, { number, id: last.id, text });
  if (isAsking && !asks) await takeBack(client, { number, id: last.id });
  return isNews;
}

/** GitHub lets nobody ask for changes of their own pull: that takes the second identity. */
const voiceOf = ({ client, account, second, reviewer }: Hub): { client: Client; voice: Login } =>
  second === null || reviewer === null ? { client, voice: account } : { client: second, voice: reviewer };

const isBy = ({ user }: ReviewJson, login: string): boolean => user !== null && same(user.login, login);

const reword = (
  client: Client,
  { number, id, text }: { number: number; id: number; text: string },
): Promise<unknown> =>
  client.write(
    {
      route: `PUT /pulls/${number}/reviews/${id}`,
      body: { body: text },
      what: `edit the review of pull ${number}`,
    },
    Anything,
  );

/** Rules may let only administrators do this; then the approval before the merge takes it back. */
async function takeBack(client: Client, { number, id }: { number: number; id: number }): Promise<void> {
  const call = {
    route: `PUT /pulls/${number}/reviews/${id}/dismissals`,
    body: { message: "The gates do not ask for this any more.", event: "DISMISS" },
    what: `take back a request for changes on pull ${number}`,
  };
  try {
    await client.write(call, Anything);
  } catch (error) {
    if (!(error instanceof Refusal && (error.status === 403 || error.status === 422))) throw error;
  }
}

/** The second identity's approval of what is about to be merged; rules may ask for one. */
export async function approve(hub: Hub, number: PullNumber, head: Sha): Promise<void> {
  const { second, reviewer } = hub;
  if (second === null || reviewer === null) return;
  const isSaid = async (): Promise<boolean> => {
    const words = (await reviewsOf(hub, number)).filter((r) => isBy(r, reviewer));
    return words.some((r) => r.state === "APPROVED" && r.commit_id === head);
  };
  if (await isSaid()) return;
  const text = "Every gate passed, and a person approved this very change.";
  const call = {
    route: `POST /pulls/${number}/reviews`,
    body: { commit_id: head, event: "APPROVE", body: text },
    what: `approve pull ${number} as ${reviewer}`,
  };
  await once(() => second.write(call, Anything), isSaid);
}
