import { createHash } from "node:crypto";
import { peopleOf } from "../../domain/clearance/approval.ts";
import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import { cleanLine, cleanText } from "../../domain/text/clean.ts";
import { Fault } from "../../domain/fault.ts";
import { instantOf, type Instant, type Login } from "../../domain/id.ts";
import { isCall, spokenIn } from "../../domain/phone/spoken.ts";
import { requestIn } from "../../domain/phone/request.ts";
import { wordPath, type Word } from "../../domain/phone/word.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Overheard, Talk } from "../../port/talk.ts";
import { controlFiles } from "../control.ts";
import { directiveDeed, taskDeed, verbDeed, type Deed, type Speaker } from "./deed.ts";
import { recordText } from "../journal.ts";
import { land } from "../land.ts";
import { read } from "../read.ts";
import { answer, isUnanswered, wordsIn } from "./words.ts";
import type { World } from "../world.ts";

/** Something that a person said where pullbeat listens, and that nobody has obeyed yet. */
interface Call {
  id: string;
  on: number;
  by: Login;
  at: Instant;
  /** Its first line, or an issue's title. */
  said: string;
  deed(world: World, snapshot: Snapshot, who: Speaker): Promise<Deed> | Deed;
}

/** A word that is in the journal now, and whether an agent may have something to do for it. */
export interface Heard {
  word: Word;
  ready: boolean;
}

/**
 * Hears what people said, does it, and answers. What was missed is heard the next time; what is in the journal is done,
 * however often it is heard. Costs nothing where the forge has no place to talk.
 */
export async function listen(world: World, snapshot: Snapshot): Promise<Heard[]> {
  const { talk } = world.forge;
  if (talk === null) return [];
  const overheard = await talk.listen();
  const people = peopleOf(snapshot.fleet.config).filter((p) => !isSame(p, world.forge.account));
  const calls = callsIn(overheard, people);
  if (calls.length === 0) return [];
  const heard: Heard[] = [];
  const known = await wordsIn(world, snapshot, calls);
  for (const call of calls) {
    if (known.has(call.id) || isGranted(call, [...known.values()])) continue;
    const obeyed = await obey(world, call);
    if (obeyed !== null) heard.push(obeyed);
  }
  const now = world.clock.now();
  const lost = [...known.values()].filter((w) => w !== null).filter((w) => isUnanswered(w, now));
  for (const word of [...heard.map((h) => h.word), ...lost]) await respond(world, word, overheard, talk);
  return heard;
}

/** What was done stays done, also where GitHub takes no answer; it is tried again for a day. */
async function respond(world: World, word: Word, overheard: Overheard, talk: Talk): Promise<void> {
  try {
    await answer(talk, word, overheard);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    world.watch({ kind: "note", text: `${word.by} has no answer yet: ${error.message}` });
  }
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** In the order in which people spoke. Who is not on the roster has said nothing. */
function callsIn({ remarks, wishes }: Overheard, people: readonly Login[]): Call[] {
  const known = (login: Login): Login | null => people.find((p) => isSame(p, login)) ?? null;
  const calls = [
    ...remarks.flatMap(({ id, on, by: login, body, at, edited }): Call[] => {
      const by = known(login);
      if (by === null || edited || !isCall(body)) return [];
      const [line = ""] = body.split(/[\r\n]/, 1);
      const said = cleanLine(line.slice("/pullbeat".length), 200);
      return [{ id: `comment-${id}`, on, by, at, said, deed: (...ground) => spokenDeed(body, ...ground) }];
    }),
    ...wishes.flatMap(({ on, by: login, title, body, at }): Call[] => {
      const by = known(login);
      if (by === null) return [];
      const id = `issue-${on}-${digestOf(title, body)}`;
      const deed: Call["deed"] = (world, snapshot, who) =>
        taskDeed(world, snapshot, requestIn({ title, body }), who);
      return [{ id, on, by, at, said: cleanLine(title, 200), deed }];
    }),
  ];
  return calls.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const digestOf = (title: string, body: string): string =>
  createHash("sha256")
    .update(JSON.stringify([title, body]))
    .digest("hex")
    .slice(0, 12);

function spokenDeed(body: string, world: World, snapshot: Snapshot, who: Speaker): Promise<Deed> | Deed {
  const spoken = spokenIn(body);
  switch (spoken.kind) {
    case "verb":
      return verbDeed(snapshot, spoken, who);
    case "task": {
      const { agent, title, body: brief } = spoken;
      return taskDeed(world, snapshot, { agent, priority: null, title, brief, done: [] }, who);
    }
    case "directive":
      return directiveDeed(world, snapshot, spoken, who);
    default:
      return spoken satisfies never;
  }
}

/** An issue whose task was made is done with, whatever is written into it afterwards. */
const isGranted = ({ on, id }: Call, words: readonly (Word | null)[]): boolean =>
  id.startsWith("issue-") &&
  words.some((w) => w !== null && w.on === on && w.done && w.id.startsWith("issue-"));

/** Does what was said and notes it, in one push. Null: somebody else heard it first. */
async function obey(world: World, call: Call): Promise<Heard | null> {
  let closed: Fault | null = null;
  for (let n = 1; n <= TRIES; n++) {
    const snapshot = await read(world);
    const known = await wordsIn(world, snapshot, [call]);
    if (known.has(call.id) || isGranted(call, [...known.values()])) return null;
    const who = { by: call.by, at: call.at, here: await hereOf(world, snapshot, call.on) };
    const { controls, updates, ready, ...end } = await attempt(() => {
      if (closed !== null) throw closed;
      return call.deed(world, snapshot, who);
    });
    const word = wordOf(call, end, world.clock.now());
    const files = [
      ...controlFiles(world, snapshot, controls),
      { path: wordPath(call.id), content: recordText(word) },
    ];
    try {
      if (await land(world, snapshot, { subject: `${call.by}: ${call.said}`, files, updates }))
        return { word, ready };
    } catch (error) {
      // Rules let nobody push to the base branch: that is an answer, too.
      if (!(error instanceof Fault && error.code === "refused") || updates.length === 0) throw error;
      closed = error;
    }
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row`, {
    next: "nothing is lost: `pullbeat settle` hears it again",
  });
}

/** What a verb without names is about: the task of the pull that it stands under, even of one that has ended. */
async function hereOf(world: World, { pulls, journal }: Snapshot, on: number): Promise<string | null> {
  const pull = pulls.find((p) => p.number === on);
  if (pull !== undefined && pull.state === "open") return pull.unit === null ? null : `#${on}`;
  const ended = pull ?? (journal.head === null ? null : await world.records.ended(journal.head, on));
  return ended?.unit ?? null;
}

/** What people do wrong is answered; what breaks otherwise breaks. */
async function attempt(deed: () => Promise<Deed> | Deed): Promise<Deed & { done: boolean }> {
  try {
    return { ...(await deed()), done: true };
  } catch (error) {
    const isTheirs = error instanceof Fault && ["usage", "not-found", "refused"].includes(error.code);
    if (!isTheirs) throw error;
    return { controls: [], updates: [], answer: sentenceOf(error), done: false, ready: false };
  }
}

/** As the command line would say it. */
const sentenceOf = ({ message, expected, where }: Fault): string =>
  `${where === undefined ? "" : `${where}: `}${message}.${expected === undefined ? "" : ` Expected: ${expected}.`}`;

const wordOf = (
  { id, on, by, said, at }: Call,
  { answer: told, done }: { answer: string | null; done: boolean },
  now: Date,
): Word => ({
  version: 1,
  id,
  on,
  by,
  said,
  at,
  heard: instantOf(now),
  done,
  answer: told === null ? null : cleanText(told, 1000),
});
