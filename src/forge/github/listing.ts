import { PullNumber, type Login, type Sha } from "../../domain/id.ts";
import { readBranch, type Pull, type Review } from "../../domain/pull/pull.ts";
import type { Seen } from "../../port/forge.ts";
import type { Hub } from "./hub.ts";
import { EventJson, PullJson, ReviewJson, WholePullJson } from "./json.ts";
import { readReviews, same, type Heard } from "./reviews.ts";
import { endOf, toldBy } from "./row.ts";

/** How far the list of closed pulls is read back: ticks come at least once a day. */
const BACK_MS = 2 * 86_400_000;
/** Branches without a listed pull that one reading asks for. */
const LOOKUPS = 20;

/** One list of what is open, one of what was closed of late; then only what changed is asked for. */
export async function listPulls(hub: Hub, seen: Seen): Promise<Pull[]> {
  if (seen.only !== undefined) return lookAt(hub, seen.only);
  if (seen.again === true && hub.memory.pulls !== null) return toldBefore(hub, hub.memory.pulls, seen);
  const [open, closed] = await Promise.all([listOpen(hub), listClosed(hub)]);
  const rows = [...open, ...closed].filter((row) => isOurs(hub, row));
  const listed = byBranch(rows);
  for (const row of await unlisted(hub, listed, seen)) listed.set(row.head.ref, row);
  hub.memory.listed = listed;
  hub.memory.refs = seen.refs ?? null;
  hub.bucket.spent(4 * rows.filter((r) => isRecent(hub, r.created_at, 3_600_000)).length, hub.clock.tick());
  const over = await (seen.ended?.() ?? new Set<number>());
  const present = [...listed.values()]
    .filter((r) => !hub.memory.ended.has(r.number) && (r.state === "open" || !over.has(r.number)))
    .toSorted((a, b) => a.number - b.number);
  const pulls = await Promise.all(present.map((row) => pullOf(hub, row, seen)));
  hub.memory.pulls = pulls;
  return pulls;
}

/** What was told last, without what ended by our own doing since; where branches stand, git knows. */
function toldBefore({ memory }: Hub, pulls: readonly Pull[], { refs }: Seen): Pull[] {
  memory.refs = refs ?? null;
  return pulls
    .filter((pull) => !memory.ended.has(pull.number))
    .map((pull) =>
      refs === undefined ? pull : { ...pull, head: refs.get(`refs/heads/${pull.branch}`) ?? null },
    );
}

const listOpen = ({ client }: Hub): Promise<PullJson[]> =>
  client.all({
    path: "/pulls",
    query: { state: "open", sort: "created", direction: "asc" },
    what: "list the open pulls",
    item: PullJson,
  });

const listClosed = (hub: Hub): Promise<PullJson[]> =>
  hub.client.all({
    path: "/pulls",
    query: { state: "closed", sort: "updated", direction: "desc" },
    what: "list the pulls that were closed of late",
    item: PullJson,
    enough: (page) => page.some((row) => !isRecent(hub, row.updated_at, BACK_MS)),
  });

const isRecent = ({ clock }: Hub, at: string, ms: number): boolean =>
  clock.now().getTime() - Date.parse(at) < ms;

/** Opened by the fleet's account, from a proposal's branch of this very repository. A title tells nothing. */
export function isOurs({ account, repository }: Hub, { user, head, base }: PullJson): boolean {
  const home = `${repository.owner}/${repository.name}`;
  return (
    user !== null &&
    same(user.login, account) &&
    same(head.repo?.full_name ?? "", home) &&
    same(base.repo?.full_name ?? "", home) &&
    readBranch(head.ref) !== null
  );
}

/** One pull a branch: what is open before what was closed, then the newest. */
function byBranch(rows: readonly PullJson[]): Map<string, PullJson> {
  const sorted = rows.toSorted(
    (a, b) => Number(a.state === "open") - Number(b.state === "open") || a.number - b.number,
  );
  return new Map(sorted.map((row) => [row.head.ref, row]));
}

/** Branches that stand without a listed pull: a crash came between push and pull, or theirs was closed long ago. */
async function unlisted(
  hub: Hub,
  listed: ReadonlyMap<string, PullJson>,
  { refs }: Seen,
): Promise<PullJson[]> {
  const branches = [...(refs?.keys() ?? [])]
    .filter((ref) => ref.startsWith("refs/heads/"))
    .map((ref) => ref.slice("refs/heads/".length))
    .filter((name) => readBranch(name) !== null && !listed.has(name));
  const found = await Promise.all(branches.slice(0, LOOKUPS).map((branch) => findPull(hub, branch)));
  return found.filter((row) => row !== null);
}

/** The fleet's pull of a branch, whatever became of it. */
export async function findPull(hub: Hub, branch: string): Promise<PullJson | null> {
  const rows = await hub.client.all({
    path: "/pulls",
    query: { state: "all", head: `${hub.repository.owner}:${branch}` },
    what: `look for the pull of ${branch}`,
    item: PullJson,
  });
  return byBranch(rows.filter((row) => isOurs(hub, row))).get(branch) ?? null;
}

async function lookAt(hub: Hub, number: PullNumber): Promise<Pull[]> {
  const row = await hub.client.read(`/pulls/${number}`, `look at pull ${number}`, WholePullJson);
  return isOurs(hub, row) ? [await pullOf(hub, row, {})] : [];
}

async function pullOf(hub: Hub, row: PullJson, seen: Seen): Promise<Pull> {
  const told = toldBy(row);
  const isMerged = row.merged_at !== null && row.base.ref === hub.branch;
  const said = await heard(hub, row, { kind: told.kind, people: seen.people });
  const faults = [...said.faults, ...retargeted(hub, row)];
  return {
    ...told,
    number: PullNumber.parse(row.number),
    title: row.title,
    branch: row.head.ref,
    author: hub.account,
    created: row.created_at,
    head: headOf(row, seen),
    state: row.state === "open" ? "open" : isMerged ? "merged" : "closed",
    reviews: said.reviews,
    ...(said.unread === true ? { unread: true } : {}),
    ended: row.state === "open" ? null : await endOf(hub, row),
    ...(isMerged && row.merge_commit_sha !== null ? { commit: row.merge_commit_sha } : {}),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** git's word, where it was asked; GitHub's lists may come late. */
function headOf({ head, state }: PullJson, { refs }: Seen): Sha | null {
  if (refs !== undefined) return refs.get(`refs/heads/${head.ref}`) ?? null;
  return state === "open" ? head.sha : null;
}

const retargeted = ({ branch }: Hub, { base, state }: PullJson): string[] =>
  base.ref === branch || state !== "open"
    ? []
    : [`somebody pointed it at ${base.ref}: it merges when it points at ${branch} again`];

/**
 * While GitHub waits for the review of each person who could decide, nobody has approved: whoever reviews is taken off that
 * list. So nothing is read, and the pull says so: whoever was asked again may still object, and others may have said a word.
 */
async function heard(
  hub: Hub,
  row: PullJson,
  { kind, people = [] }: { kind: Pull["kind"]; people: readonly Login[] | undefined },
): Promise<Heard> {
  const waiting = (row.requested_reviewers ?? []).map((u) => u.login);
  const voters = people.filter((p) => !same(p, hub.account));
  const isSilent = voters.length > 0 && voters.every((p) => waiting.some((w) => same(w, p)));
  if (isSilent && row.state === "open") return { reviews: [], faults: [], unread: true };
  const said = readReviews(await reviewsOf(hub, row.number), kind, hub);
  const decides = said.reviews.some((r) => r.verdict === "approve" || r.verdict === "answer");
  return decides ? sincePointed(hub, row, said) : said;
}

/** While a pull points elsewhere, GitHub shows another difference than the one that would be merged. */
async function sincePointed(
  { client }: Hub,
  { number }: PullJson,
  { reviews, faults }: Heard,
): Promise<Heard> {
  const events = await client.all({
    path: `/issues/${number}/events`,
    what: `see whether pull ${number} pointed elsewhere`,
    item: EventJson,
  });
  const last = events.findLast((e) => e.event === "base_ref_changed")?.created_at;
  const isBefore = (at: string): boolean => last !== undefined && Date.parse(at) <= Date.parse(last);
  const kept = reviews.map((r): Review =>
    r.verdict !== "request-changes" && isBefore(r.at) ? { ...r, verdict: "comment" } : r,
  );
  return { reviews: kept, faults };
}

export const reviewsOf = ({ client }: Pick<Hub, "client">, number: number): Promise<ReviewJson[]> =>
  client.all({
    path: `/pulls/${number}/reviews`,
    what: `read the reviews of pull ${number}`,
    item: ReviewJson,
  });
