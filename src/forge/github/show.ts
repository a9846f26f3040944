import type { Login, PullNumber } from "../../domain/id.ts";
import type { Note, Pull, Showing } from "../../domain/pull/pull.ts";
import type { Hub } from "./hub.ts";
import { Anything, PullJson } from "./json.ts";
import { cut, digestOf, MOST, pullBody, readPullBody } from "./mark.ts";
import { Refusal } from "./refusal.ts";
import { same } from "./reviews.ts";

/** The check that branch rules may require. */
const CHECK = "pullbeat";
const LABEL = "your-turn";

const CONCLUSIONS = { pass: "success", fail: "failure", wait: "action_required" } as const;
const STATES = { pass: "success", fail: "failure", wait: "pending" } as const;

/**
 * Shows how a pull stands: the check on its head, its label, and whose review is waited for. The mark in its body and the
 * label, which is set last, tell that all of it was shown; then nothing is asked and nothing is said.
 */
export async function show(
  hub: Hub,
  pull: Pick<Pull, "number" | "kind" | "agent" | "base">,
  showing: Showing,
): Promise<void> {
  const { number } = pull;
  const row = await rowOf(hub, number);
  const { text, mark, note: noted } = readPullBody(row.body);
  const shown = digestOf(showing);
  const isLabelled = row.labels.some((l) => l.name === LABEL);
  if (mark?.shown === shown && isLabelled === showing.turn) return;
  await check(hub, showing);
  if (mark?.shown !== shown) {
    const body = pullBody({ ...pull, body: text }, { shown, web: hub.web, note: noted });
    const what = `note on pull ${number} what was shown`;
    row.body = body;
    await hub.client.write({ route: `PATCH /pulls/${number}`, body: { body }, what }, Anything);
  }
  await turn(hub, row, showing);
}

/** Notes what a pull has beside it below its text, instead of what was noted before. An edited text disturbs nobody. */
export async function note(
  hub: Hub,
  pull: Pick<Pull, "number" | "kind" | "agent" | "base">,
  noted: Note,
): Promise<void> {
  const { number } = pull;
  const row = await rowOf(hub, number);
  const { text, mark } = readPullBody(row.body);
  if ((mark?.beside ?? "") === noted.key) return;
  const body = pullBody({ ...pull, body: text }, { shown: mark?.shown ?? "", web: hub.web, note: noted });
  row.body = body;
  const what = `note on pull ${number} what it has beside it`;
  await hub.client.write({ route: `PATCH /pulls/${number}`, body: { body }, what }, Anything);
}

/** As it was listed, or else as it is. */
async function rowOf({ client, memory }: Hub, number: PullNumber): Promise<PullJson> {
  const listed = [...(memory.listed?.values() ?? [])].find((r) => r.number === number);
  return listed ?? client.read(`/pulls/${number}`, `look at pull ${number}`, PullJson);
}

/** The decision, on the head itself: as a check run, or as a status where the token is a person's. */
export async function check(hub: Hub, { head, standing, title, text }: Showing): Promise<void> {
  const { client, memory } = hub;
  const what = `set the check ${CHECK}`;
  if (!memory.noChecks) {
    const body = {
      name: CHECK,
      head_sha: head,
      status: "completed",
      conclusion: CONCLUSIONS[standing],
      output: { title: title.slice(0, 250), summary: cut(text, MOST - 1) },
    };
    try {
      await client.write({ route: "POST /check-runs", body, what, twice: true }, Anything);
      return;
    } catch (error) {
      if (!(error instanceof Refusal && error.status === 403 && /GitHub App/.test(error.words))) throw error;
      memory.noChecks = true;
    }
  }
  const body = { context: CHECK, state: STATES[standing], description: title.slice(0, 140) };
  await client.write({ route: `POST /statuses/${head}`, body, what, twice: true }, Anything);
}

/** Asks people for their review, or takes that back; the label comes last. The row tells then what GitHub shows. */
export async function turn(
  hub: Hub,
  row: Pick<PullJson, "number" | "labels" | "requested_reviewers">,
  { people, turn: isTurn }: Showing,
): Promise<void> {
  const { number } = row;
  const asked = (row.requested_reviewers ?? []).map((u) => u.login);
  if (people.length > 0) await ask(hub, number, { people, asked });
  else if (asked.length > 0) await askNobody(hub, number, asked);
  const isLabelled = row.labels.some((l) => l.name === LABEL);
  if (isTurn && !isLabelled) await label(hub, number);
  if (!isTurn && isLabelled) await unlabel(hub, number);
  row.labels = [...row.labels.filter((l) => l.name !== LABEL), ...(isTurn ? [{ name: LABEL }] : [])];
}

async function ask(
  hub: Hub,
  number: number,
  { people, asked }: { people: readonly Login[]; asked: readonly string[] },
): Promise<void> {
  const able = people.filter((p) => !same(p, hub.account) && !hub.memory.unasked.has(p));
  const missing = able.filter((p) => !asked.some((a) => same(a, p)));
  if (missing.length > 0) await request(hub, number, missing);
}

const askNobody = ({ client }: Hub, number: number, reviewers: readonly string[]): Promise<unknown> =>
  client.write(
    {
      route: `DELETE /pulls/${number}/requested_reviewers`,
      body: { reviewers },
      what: `wait for nobody's review of pull ${number}`,
    },
    Anything,
  );

const label = ({ client }: Hub, number: number): Promise<unknown> =>
  client.write(
    {
      route: `POST /issues/${number}/labels`,
      body: { labels: [LABEL] },
      what: `label pull ${number}`,
      twice: true,
    },
    Anything,
  );

async function unlabel({ client }: Hub, number: number): Promise<void> {
  const what = `take the label from pull ${number}`;
  try {
    await client.write({ route: `DELETE /issues/${number}/labels/${LABEL}`, body: {}, what }, Anything);
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 404)) throw error;
  }
}

/** GitHub lets only collaborators be asked, and refuses all when one is none: then each is asked alone, once. */
async function request(hub: Hub, number: number, people: readonly Login[]): Promise<void> {
  const call = {
    route: `POST /pulls/${number}/requested_reviewers`,
    body: { reviewers: people },
    what: `ask for the review of pull ${number}`,
    twice: true,
  } as const;
  try {
    await hub.client.write(call, Anything);
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 422)) throw error;
    const [first] = people;
    if (people.length === 1 && first !== undefined) {
      hub.memory.unasked.add(first);
      hub.warn(`GitHub does not let pullbeat ask ${first} for a review: ${error.words}`);
    } else for (const person of people) await request(hub, number, [person]);
  }
}
