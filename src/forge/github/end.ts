import { Fault } from "../../domain/fault.ts";
import type { Login, PullNumber, Sha } from "../../domain/id.ts";
import type { ForgeMerge } from "../../port/forge.ts";
import type { Hub } from "./hub.ts";
import { Anything, MergedJson, WholePullJson } from "./json.ts";
import { Refusal } from "./refusal.ts";
import { same } from "./reviews.ts";
import { approve, needOwn, pullAt } from "./say.ts";

/** GitHub's own merge, of exactly this head. Its first parent is whatever the base branch is then: look at it afterwards. */
export async function mergeThere(
  hub: Hub,
  number: PullNumber,
  { head, message }: { head: Sha; message: string },
): Promise<ForgeMerge> {
  await approve(hub, number, head);
  const [title = "", ...rest] = message.split("\n");
  const call = {
    route: `PUT /pulls/${number}/merge`,
    body: { sha: head, merge_method: "merge", commit_title: title, commit_message: rest.join("\n").trim() },
    what: `merge pull ${number}`,
  };
  try {
    return { commit: (await hub.client.write(call, MergedJson)).sha };
  } catch (error) {
    return mergedAfterAll(hub, { number, head }, error);
  }
}

/** GitHub may have merged and not have said so. */
async function mergedAfterAll(
  hub: Hub,
  { number, head }: { number: PullNumber; head: Sha },
  error: unknown,
): Promise<ForgeMerge> {
  if (!(error instanceof Fault)) throw error;
  const { status, words } = error instanceof Refusal ? error : { status: 500, words: "" };
  if (status < 500 && ![405, 409, 422].includes(status)) throw error;
  const now = await hub.client.read(
    `/pulls/${number}`,
    `see whether pull ${number} is merged`,
    WholePullJson,
  );
  if (now.merged_at !== null && now.merge_commit_sha !== null && now.head.sha === head)
    return { commit: now.merge_commit_sha };
  if (status === 409 || /branch was modified/i.test(words)) return { moved: true };
  if (status >= 500) throw error;
  return { refused: words };
}

/** Closes a pull in somebody's name, and says why. */
export async function close(
  hub: Hub,
  number: PullNumber,
  { by, why }: { by: Login; why: string },
): Promise<void> {
  const row = await pullAt(hub, number);
  if (row.state === "closed") return;
  const asker = same(by, hub.account) ? "fleet" : "person";
  if (asker === "person") await needOwn(hub, by, `${hub.web}/pull/${number}`);
  await shut(hub, number, asker);
  if (why.trim() === "") return;
  const call = {
    route: `POST /issues/${number}/comments`,
    body: { body: why },
    what: `say why pull ${number} was closed`,
    asker,
  } as const;
  await hub.client.write(call, Anything);
}

const shut = (hub: Hub, number: PullNumber, asker: "fleet" | "person"): Promise<unknown> =>
  hub.client.write(
    { route: `PATCH /pulls/${number}`, body: { state: "closed" }, what: `close pull ${number}`, asker },
    Anything,
  );

/**
 * The push that merged a pull took its branch along, and GitHub ends the pull by itself, as merged. Only where it still
 * stands though its branch was gone when the world was read, it is closed.
 */
export async function end(hub: Hub, number: PullNumber): Promise<void> {
  const { listed, refs, ended } = hub.memory;
  ended.add(number);
  const row = [...(listed?.values() ?? [])].find((r) => r.number === number);
  if (row === undefined || row.state === "closed" || refs === null) return;
  if (!refs.has(`refs/heads/${row.head.ref}`)) await shut(hub, number, "fleet");
}
