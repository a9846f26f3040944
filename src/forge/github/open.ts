import { Fault } from "../../domain/fault.ts";
import { PullNumber } from "../../domain/id.ts";
import type { PullDraft, Showing } from "../../domain/pull/pull.ts";
import type { Hub } from "./hub.ts";
import { PullJson } from "./json.ts";
import { findPull } from "./listing.ts";
import { digestOf, pullBody, readPullBody } from "./mark.ts";
import { Refusal } from "./refusal.ts";
import { same } from "./reviews.ts";
import { check, show, turn } from "./show.ts";

/** How often a pull that exists already is looked for: GitHub's lists come late. */
const LOOKS = 6;

/**
 * Opens the pull of a branch. Where one stands, or was closed by a person, there is never a second: it is found by branch
 * and author. The check is set before the pull and the label after it, so that a crash in between shows.
 */
export async function open(hub: Hub, draft: PullDraft, showing: Showing | undefined): Promise<PullNumber> {
  const standing = hub.memory.listed === null ? await findPull(hub, draft.branch) : known(hub, draft);
  if (standing !== null) return retell(hub, standing, { draft, showing });
  await ownToken(hub);
  if (showing !== undefined) await check(hub, showing);
  const row = await create(hub, draft, showing);
  if ("found" in row) return retell(hub, row.found, { draft, showing });
  if (showing !== undefined) await turn(hub, row, showing);
  return PullNumber.parse(row.number);
}

/** What was listed in this process; a branch that stood there already was looked up then. */
const known = ({ memory }: Hub, { branch }: PullDraft): PullJson | null => memory.listed?.get(branch) ?? null;

async function create(
  hub: Hub,
  draft: PullDraft,
  showing: Showing | undefined,
): Promise<PullJson | { found: PullJson }> {
  const what = `open the pull of ${draft.branch}`;
  const body = {
    title: draft.title,
    head: draft.branch,
    base: hub.branch,
    body: pullBody(draft, { shown: digestOf(showing), web: hub.web }),
  };
  try {
    const row = await hub.client.write({ route: "POST /pulls", body, what }, PullJson);
    ofAccount(hub, row);
    hub.memory.listed?.set(draft.branch, row);
    return row;
  } catch (error) {
    const mayStand = error instanceof Refusal ? error.status === 422 || error.status >= 500 : isCut(error);
    const found = mayStand ? await lookAgain(hub, draft.branch, isTold(error)) : null;
    if (found === null) throw error;
    hub.memory.listed?.set(draft.branch, found);
    return { found };
  }
}

const isCut = (error: unknown): boolean => error instanceof Fault && error.code === "remote";
const isTold = (error: unknown): boolean => error instanceof Refusal && /already exists/.test(error.words);

/** Somebody was faster, or our own words got through and the answer did not. */
async function lookAgain(hub: Hub, branch: string, isSure: boolean): Promise<PullJson | null> {
  for (let look = 1; look <= (isSure ? LOOKS : 1); look++) {
    const found = await findPull(hub, branch);
    if (found !== null) return found;
    await hub.clock.sleep(500 * 2 ** look);
  }
  return null;
}

/** A pull in a person's name would be nobody's: the fleet would not know it, and the person could not approve it. */
async function ownToken(hub: Hub): Promise<void> {
  const login = await hub.client.login();
  if (login !== null && !same(login, hub.account)) throw stranger(hub, login);
}

function ofAccount(hub: Hub, { user, number }: PullJson): void {
  if (user === null || same(user.login, hub.account)) return;
  throw stranger(hub, user.login, `pull ${number} was opened by ${user.login}`);
}

const stranger = ({ account }: Hub, login: string, what = `the token belongs to ${login}`): Fault =>
  new Fault("config", `${what}, and the fleet's account is ${account}`, {
    expected: `the token of ${account}`,
    next: `set \`forge.account: ${login}\` in .github/pullbeat.yml, or another token`,
  });

/** A further round tells its own story, unless a person closed the pull meanwhile. */
async function retell(
  hub: Hub,
  row: PullJson,
  { draft, showing }: { draft: PullDraft; showing: Showing | undefined },
): Promise<PullNumber> {
  const number = PullNumber.parse(row.number);
  if (row.state === "closed") return number;
  const { mark, note } = readPullBody(row.body);
  const body = pullBody(draft, { shown: mark?.shown ?? "", web: hub.web, note });
  if (row.title !== draft.title || row.body?.replaceAll("\r\n", "\n") !== body) {
    const what = `tell the newer story of pull ${number}`;
    const call = { route: `PATCH /pulls/${number}`, body: { title: draft.title, body }, what };
    const told = await hub.client.write(call, PullJson);
    hub.memory.listed?.set(draft.branch, told);
  }
  if (showing !== undefined) await show(hub, { ...draft, number }, showing);
  return number;
}
