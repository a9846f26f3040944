import { Login } from "../../domain/id.ts";
import type { Remark, Talk, Wish } from "../../port/talk.ts";
import type { Hub } from "./hub.ts";
import { Anything, RemarkJson, WishJson } from "./json.ts";
import { cut, MOST } from "./mark.ts";
import { Refusal } from "./refusal.ts";
import { same } from "./reviews.ts";

/** The label that makes an issue the wish for a task. */
const LABEL = "task";
const HOUR = 3_600_000;
/** Behind two days a word that nobody heard is not obeyed any more. */
const BACK = 48 * HOUR;

const ANSWER = /<!-- pullbeat answers ((?:comment|issue)-[0-9a-f-]+) -->\s*$/;

/** Comments and issues of people, over REST: two listings, whatever there is. */
export const talkOf = (hub: Hub): Talk => ({
  async listen() {
    const [comments, wishes] = await Promise.all([
      readable(hub, "comments", () => commentsOf(hub)),
      readable(hub, "issues", () => wishesOf(hub)),
    ]);
    const answered = comments.flatMap((c) => (isApps(hub, c) ? (ANSWER.exec(c.body ?? "")?.[1] ?? []) : []));
    return {
      remarks: comments.flatMap((c) => remarkOf(hub, c)),
      wishes: wishes.flatMap((w) => wishOf(hub, w)),
      answered: new Set(answered),
    };
  },
  nod: ({ id }) =>
    write(hub, {
      route: `POST /issues/comments/${id}/reactions`,
      body: { content: "+1" },
      what: "nod at a comment",
      twice: true,
    }),
  answer: (on, id, text) =>
    write(hub, {
      route: `POST /issues/${on}/comments`,
      body: { body: `${cut(text, MOST - 200)}\n\n<!-- pullbeat answers ${id} -->` },
      what: `answer on ${on}`,
    }),
  finish: (on) =>
    write(hub, {
      route: `PATCH /issues/${on}`,
      body: { state: "closed", state_reason: "completed" },
      what: `close issue ${on}`,
    }),
});

/** A token that may not read them hears nothing there, and that is told; a repository without issues has none. */
async function readable<T>(hub: Hub, what: string, ask: () => Promise<T[]>): Promise<T[]> {
  if (hub.memory.deaf.has(what)) return [];
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "limit" || ![403, 404, 410].includes(error.status))
      throw error;
    hub.memory.deaf.add(what);
    if (error.status !== 410)
      hub.warn(`GitHub does not let pullbeat read ${what}, so it obeys none: ${error.words}`);
    return [];
  }
}

async function write(
  { client }: Hub,
  call: { route: string; body: Readonly<Record<string, unknown>>; what: string; twice?: true },
): Promise<void> {
  await client.write({ ...call, asker: "person" }, Anything);
}

/** From a whole hour on, so that the same question is asked twice and the second time costs nothing of the limit. */
const commentsOf = ({ client, clock }: Hub): Promise<RemarkJson[]> => {
  const since = Math.floor((clock.now().getTime() - BACK) / HOUR) * HOUR;
  return client.all({
    path: "/issues/comments",
    query: { since: `${new Date(since).toISOString().slice(0, 19)}Z`, sort: "created", direction: "asc" },
    what: "read what people say",
    item: RemarkJson,
  });
};

const wishesOf = ({ client }: Hub): Promise<WishJson[]> =>
  client.all({
    path: "/issues",
    query: { labels: LABEL, state: "open", sort: "created", direction: "asc" },
    what: `list the issues with the label ${LABEL}`,
    item: WishJson,
  });

/** Whoever speaks for the fleet, whatever kind of account that is. */
const isOwn = ({ account, reviewer }: Hub, login: string): boolean =>
  same(login, account) || (reviewer !== null && same(login, reviewer));

/** An answer's mark counts from the fleet and from apps: a stranger's could keep an answer back. */
const isApps = (hub: Hub, { user }: RemarkJson): boolean =>
  user !== null && (user.type !== "User" || isOwn(hub, user.login));

/** Who wrote it, where that is a person who speaks for themselves: no app that was let into their account. */
function personIn(
  hub: Hub,
  { user, performed_via_github_app: via }: Pick<RemarkJson, "user" | "performed_via_github_app">,
): Login | null {
  if (user === null || user.type !== "User" || isOwn(hub, user.login) || (via ?? null) !== null) return null;
  return Login.safeParse(user.login).data ?? null;
}

function remarkOf(hub: Hub, json: RemarkJson): Remark[] {
  const by = personIn(hub, json);
  const on = Number(/\/issues\/(\d+)$/.exec(json.issue_url)?.[1]);
  if (by === null || !(on > 0)) return [];
  return [
    {
      id: json.id,
      on,
      by,
      body: json.body ?? "",
      at: json.created_at,
      edited: json.created_at !== json.updated_at,
      nodded: (json.reactions?.["+1"] ?? 0) > 0,
    },
  ];
}

function wishOf(hub: Hub, json: WishJson): Wish[] {
  const by = json.pull_request === undefined ? personIn(hub, json) : null;
  if (by === null) return [];
  const { number: on, title, body, created_at: at, state_reason: why } = json;
  return [{ on, by, title, body: body ?? "", at, reopened: why === "reopened" }];
}
