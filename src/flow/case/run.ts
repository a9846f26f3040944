import { isFinding, outcomeOf, saysIn, type Outcome } from "../../domain/case/outcome.ts";
import { isRelapse } from "../../domain/case/live.ts";
import type { Config } from "../../domain/config.ts";
import { casesFolder, MOST_CASES, readCasePath, repliesPath, type Case } from "../../domain/case/case.ts";
import type { Entry } from "../../domain/change.ts";
import { sentence } from "../../domain/fault.ts";
import type { AgentName } from "../../domain/id.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import { discreetVerdict } from "../beat/discreet.ts";
import type { World } from "../world.ts";
import { changesOf, judgeIn, printOf, replay } from "./play.ts";
import { live, type Lived } from "./live.ts";
import { repliesIn, sceneOf, type Scene } from "./scene.ts";

/** What one case came to. */
export interface Ran {
  path: string;
  /** Null when the file cannot be read: then the outcome says why. */
  case: Case | null;
  outcome: Outcome;
  /** What the model itself does; null where it was not asked. */
  lived: Lived | null;
}

/** Plain files that are an agent's cases, in the order of their names. */
const caseEntries = ({ entries }: Pick<Fleet, "entries">, agent: AgentName): Entry[] =>
  entries.filter((e) => e.mode.startsWith("100") && readCasePath(e.path)?.agent === agent);

/** Agents that have cases. */
export const agentsWithCases = ({ entries }: Pick<Fleet, "entries">): AgentName[] =>
  [...new Set(entries.flatMap((e) => readCasePath(e.path)?.agent ?? []))].sort();

/** Which cases are run, and by whose gates and specs. */
export interface Running {
  agent: AgentName;
  /** Where the cases lie. */
  cases: Pick<Fleet, "entries">;
  /** The fleet whose specs, gates and config judge. */
  against: Fleet;
  /** Only the case of this name. */
  only?: string;
  /** The most that are run; the rest is left. */
  most?: number;
  /** Ask the model too, so often with each spec; at the endpoint of this config, which is the tip's whatever is tried. */
  live?: { times: number; config: Config };
}

/** Runs an agent's cases offline: replies are played, and gates judge what they make. What breaks is told, and no pass. */
export async function runCases(
  world: World,
  { agent, cases, against, only, live: asked, most = MOST_CASES }: Running,
): Promise<{ ran: Ran[]; left: number }> {
  const chosen = caseEntries(cases, agent).filter(
    (e) => only === undefined || e.path === `${casesFolder(agent)}/${only}.md`,
  );
  const ran: Ran[] = [];
  for (const entry of chosen.slice(0, most)) {
    const { scene, ...done } = await runOne(world, entry, { cases, against });
    const lived =
      asked === undefined || scene === null || done.case === null
        ? null
        : await live(world, scene, { file: done.case, against, ...asked });
    ran.push({ ...done, lived });
  }
  return { ran, left: Math.max(0, chosen.length - most) };
}

const untold = (why: string): Outcome => ({ kind: "untold", why });

/** A case's file and its replies as bytes. */
async function bytesOf(
  { repo }: World,
  entry: Entry,
  { entries }: Pick<Fleet, "entries">,
): Promise<[Uint8Array | null, Uint8Array | null]> {
  const beside = entries.find((e) => e.path === repliesPath(entry.path) && e.mode.startsWith("100"));
  const blobs = await repo.blobs([entry.blob, ...(beside === undefined ? [] : [beside.blob])]);
  return [blobs.get(entry.blob) ?? null, beside === undefined ? null : (blobs.get(beside.blob) ?? null)];
}

async function runOne(
  world: World,
  entry: Entry,
  { cases, against }: Pick<Running, "cases" | "against">,
): Promise<Omit<Ran, "lived"> & { scene: Scene | null }> {
  const { path } = entry;
  const [bytes, said] = await bytesOf(world, entry, cases);
  const text = bytes === null ? null : textOf(bytes);
  const unread = (why: string) => ({ path, case: null, outcome: untold(why), scene: null });
  if (text === null) return unread("the file is not text");
  const read = world.records.case(path, text);
  if (Array.isArray(read)) {
    const [first] = read;
    return unread(
      first === undefined ? "it cannot be read" : `${path}:${first.line}:${first.column}: ${first.message}`,
    );
  }
  const done = { path, case: read.case };
  try {
    const scene = await sceneOf(world, read.case);
    if (typeof scene === "string") return { ...done, outcome: untold(scene), scene: null };
    return { ...done, scene, outcome: await judged(world, scene, { file: read.case, path, said, against }) };
  } catch (thrown) {
    return { ...done, outcome: untold(`it broke: ${sentence(thrown)}`), scene: null };
  }
}

async function judged(
  world: World,
  scene: Scene,
  { file, path, said, against }: { file: Case; path: string; said: Uint8Array | null; against: Fleet },
): Promise<Outcome> {
  const replies = repliesIn(repliesPath(path), said);
  if (typeof replies === "string") return untold(replies);
  const handed = (await replay(world, scene, { replies, made: file.made })).at(-1)?.at(-1);
  if (handed === undefined) return untold("its replies hand nothing in");
  const changes = await changesOf(scene, handed.edits);
  if (printOf(changes) !== file.makes_sha256)
    return untold("its replies make something else than they did: the case was edited, or a tool changed");
  if (file.kind === "good" && saysIn(changes, file.says).length < file.says.length)
    return untold("its own replies do not say what it wants to be said");
  const verdict = await judgeIn(world, scene, { against, edits: handed.edits, said: handed.said });
  return outcomeOf(file, await discreetVerdict(verdict));
}

/** Whether a person must look at it. */
export const isToLookAt = ({ case: file, outcome, lived }: Ran): boolean =>
  isFinding(outcome) || (file !== null && lived !== null && isRelapse(file, lived.now));
