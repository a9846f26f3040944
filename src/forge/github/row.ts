import { Login, taskOf, type Unit } from "../../domain/id.ts";
import { readBranch, type Pull } from "../../domain/pull/pull.ts";
import type { Hub } from "./hub.ts";
import { CommentJson, IssueJson, WholePullJson, type PullJson } from "./json.ts";
import { readPullBody, type PullMark } from "./mark.ts";
import { same } from "./reviews.ts";

/** What branch and body tell of a pull; its branch alone cannot be edited. */
export function toldBy({
  head,
  base,
  body,
}: PullJson): Pick<Pull, "kind" | "unit" | "task" | "attempt" | "agent" | "base" | "body" | "beside"> {
  const { text, mark } = readPullBody(body);
  const { unit, attempt } = readBranch(head.ref) ?? { unit: null, attempt: 0 };
  const kind = mark?.kind ?? (isArchive(unit) ? "archive" : "work");
  const task = kind === "archive" || unit === null ? null : taskOf(unit);
  const agent = mark?.agent ?? null;
  const own = { body: text, kind, unit, attempt, task, agent, base: mark?.base ?? base.sha };
  return mark === null ? own : { ...own, ...notedIn(mark) };
}

const isArchive = (unit: Unit | null): boolean => /^archive-\d{8}$/.test(unit ?? "");

const notedIn = ({ beside }: PullMark): Pick<Pull, "beside"> => (beside === undefined ? {} : { beside });

/** Who ended it, and the last thing they said there. */
export async function endOf(hub: Hub, row: PullJson): Promise<NonNullable<Pull["ended"]>> {
  const at = row.merged_at ?? row.closed_at ?? row.updated_at;
  const what = `see who ended pull ${row.number}`;
  const who =
    row.merged_at === null
      ? (await hub.client.read(`/issues/${row.number}`, what, IssueJson)).closed_by
      : (await hub.client.read(`/pulls/${row.number}`, what, WholePullJson)).merged_by;
  // GitHub shows an account that is gone as "ghost".
  const by = Login.safeParse(who?.login).data ?? Login.parse("ghost");
  return { by, at, why: row.merged_at === null ? await lastWordOf(hub, row, by) : "" };
}

async function lastWordOf({ client }: Hub, { number, closed_at: at }: PullJson, by: Login): Promise<string> {
  const since = new Date(Date.parse(at ?? "") - 600_000).toISOString();
  const comments = await client.all({
    path: `/issues/${number}/comments`,
    query: { since },
    what: `read why pull ${number} was closed`,
    item: CommentJson,
  });
  return comments.findLast((c) => c.user !== null && same(c.user.login, by))?.body?.trim() ?? "";
}
