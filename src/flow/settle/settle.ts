import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import type { PullNumber } from "../../domain/id.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { archive } from "./archive.ts";
import { earsOf, type Ears, type WordRow } from "../phone/ears.ts";
import { read, readAgain } from "../read.ts";
import { release } from "./release.ts";
import { reopen } from "./reopen.ts";
import type { Step } from "./pull-end.ts";
import { settlePull } from "./settle-pull.ts";
import { tellBeside } from "./tell-beside.ts";
import type { World } from "../world.ts";

/** A pull with what became of it, for people and `--json`. */
export interface SettledPull {
  pull: PullNumber;
  title: string;
  /** One sentence. */
  what: string;
}

/** What a settle changed. All lists empty: there was nothing to do. */
export interface Settled {
  merged: SettledPull[];
  closed: SettledPull[];
  parked: SettledPull[];
  conflicts: SettledPull[];
  /** Pulls on which the gates' word changed. */
  judged: SettledPull[];
  reopened: PullNumber[];
  /** Refs of claims that a person's `release` ended. */
  released: string[];
  /** The archive pull that was opened. */
  archive: PullNumber | null;
  /** What people said in comments and issues, and what became of it. */
  words: WordRow[];
  /** An agent may have something to do now that it had not before: worth another tick. */
  madeReady: boolean;
}

/**
 * Brings every open pull as far as it can get without anybody's further word: merges, closes, parks. Safe at any time,
 * any number of times, by several at once: each step is one atomic push, compared with what was read.
 */
export async function settle(world: World): Promise<Settled> {
  const ears = earsOf(world);
  return (await settleFrom(world, await heardFirst(world, ears), ears)).settled;
}

/** The world as it is when everything is done that people said. */
export async function heardFirst(world: World, ears: Ears, chain = 0): Promise<Snapshot> {
  const snapshot = await read(world, chain);
  return (await ears.listen(snapshot)) ? read(world, chain) : snapshot;
}

/** The same from a reading that is at hand; returns the reading to go on with. */
export async function settleFrom(
  outside: World,
  before: Snapshot,
  ears: Ears = earsOf(outside),
): Promise<{ settled: Settled; snapshot: Snapshot }> {
  const world = { ...outside, lane: { isShut: false } };
  let snapshot = before;
  const settled: Settled = {
    merged: [],
    closed: [],
    parked: [],
    conflicts: [],
    judged: [],
    released: await release(world, snapshot),
    reopened: await reopen(world, snapshot),
    archive: null,
    words: ears.rows,
    madeReady: false,
  };
  if (settled.reopened.length > 0) snapshot = await read(world, before.chain);
  for (const { number } of snapshot.pulls)
    snapshot = await settleOne(world, snapshot, { number, settled, ears });
  settled.madeReady ||= ears.isReady();
  settled.archive = await archive(world, snapshot);
  const stale = settled.archive !== null || settled.released.length + settled.judged.length > 0;
  if (stale) snapshot = await read(world, before.chain);
  await tellBeside(world, snapshot);
  return { settled, snapshot };
}

/**
 * Settles one pull, and returns the world as it is afterwards. A lost race means: read everything, decide again. Where
 * somebody is faster each time, the pull is left to the next tick: it is in no other pull's way.
 */
async function settleOne(
  world: World,
  before: Snapshot,
  { number, settled, ears }: { number: PullNumber; settled: Settled; ears: Ears },
): Promise<Snapshot> {
  let snapshot = before;
  for (let n = 1; n <= TRIES; n++) {
    const pull = snapshot.pulls.find((p) => p.number === number);
    if (pull === undefined) return snapshot;
    const end = await settlePull(world, snapshot, pull, ears);
    if (end.kind === "kept") return snapshot;
    if (end.kind === "heard") {
      snapshot = await readAgain(world, before);
      continue;
    }
    if (end.kind !== "lost") {
      note(settled, { pull: number, title: pull.title, what: end.what }, end);
      return end.kind === "judged" || end.kind === "conflicts" ? snapshot : readAgain(world, before);
    }
    await world.clock.sleep(backoff(world.clock.chance, n));
    snapshot = await read(world, before.chain);
  }
  const text = `pull ${number}: others were faster ${TRIES} times in a row; it is settled in the next tick`;
  world.watch({ kind: "note", text });
  return snapshot;
}

function note(settled: Settled, row: SettledPull, end: Step): void {
  if (end.kind !== "over") settled[end.kind].push(row);
  settled.madeReady ||= end.madeReady;
}
