import { isDeepStrictEqual } from "node:util";
import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import { Fault } from "../../domain/fault.ts";
import type { Sha } from "../../domain/id.ts";
import { JOURNAL, recordPath, type BeatRecord } from "../../domain/record.ts";
import type { Claim, Fleet, Journal } from "../../domain/snapshot.ts";
import { withReassigned } from "../../domain/control/stop.ts";
import type { RefUpdate, Refs } from "../../port/repo.ts";
import type { Finished } from "./attempt.ts";
import { compose, type Committed } from "./compose.ts";
import type { World } from "../world.ts";

/** A beat that has come to its end here, and nowhere else yet. One without claims is a rest or a missed slot. */
export interface FinishedBeat {
  record: BeatRecord;
  /** What it holds; every push is fenced by these objects' ids. */
  claims: readonly Claim[];
  works: readonly Finished[];
}

/** What became of a beat: `landed` is in the journal, `already` was there before us, `lost` had its claim taken. */
export interface Published {
  fate: "landed" | "already" | "lost";
  reason: string;
  /** As it stands in the journal when it landed: heads filled in, refused proposals turned into failures. */
  record: BeatRecord;
}

/** The world at one moment of publishing. */
export interface Ground {
  refs: Refs;
  tip: Sha;
  fleet: Fleet;
  journal: Journal;
}

/**
 * Puts beats into the remote: work branches, records, transcripts and the end of their claims in one atomic push.
 * Refused pushes are looked at, re-parented and tried again with full jitter; a `Fault` `race` after `TRIES`.
 */
export async function publish(world: World, beats: readonly FinishedBeat[]): Promise<Published[]> {
  const sent = new Map<string, BeatRecord>();
  const committed: Committed = new Map();
  for (let n = 1; n <= TRIES; n++) {
    const ground = await survey(world);
    const sorted = beats.map((beat) => ({ beat, fate: fateOf(beat, ground, sent) }));
    const live = sorted.filter((s) => s.fate === null).map((s) => s.beat);
    const leftover = sorted.filter((s) => s.fate?.fate === "already").flatMap((s) => s.beat.claims);
    const batch = await compose(world, ground, { beats: live, committed });
    for (const record of batch.records) sent.set(recordPath(record), record);
    const updates = [...batch.updates, ...releases(leftover, ground.refs)];
    if (updates.length === 0 || (await world.repo.push(updates)))
      return sorted.map(({ beat, fate }) => fate ?? landed(sent.get(recordPath(beat.record)) ?? beat.record));
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row`, {
    expected: "a push that nobody overtakes",
    next: "nothing is lost: run `pullbeat tick` again after the leases end",
  });
}

async function survey(world: World): Promise<Ground> {
  const branch = await world.repo.defaultBranch();
  const refs = await world.repo.fetch();
  const tip = refs.get(`refs/heads/${branch}`);
  if (tip === undefined) throw new Fault("git", `the remote has no branch ${branch} any more`);
  const now = world.clock.now();
  const journal = await world.records.journal(refs.get(JOURNAL) ?? null, now);
  return { refs, tip, fleet: withReassigned(await world.records.fleet(tip), journal, now), journal };
}

/**
 * Null: still ours to publish. The record's path is the slot's lock; the claims' ids are the fence.
 * A push that won and was overtaken before it could be read back shows by its own record.
 */
function fateOf(beat: FinishedBeat, ground: Ground, sent: ReadonlyMap<string, BeatRecord>): Published | null {
  const { record, claims } = beat;
  const path = recordPath(record);
  const there = ground.journal.records.find((r) => recordPath(r) === path);
  if (there !== undefined) {
    const mine = sent.get(path);
    if (mine !== undefined && isDeepStrictEqual(mine, there)) return landed(mine);
    return { fate: "already", reason: `the journal holds ${record.agent}@${record.slot} already`, record };
  }
  if (ground.journal.findings.some((f) => f.file === path))
    return { fate: "already", reason: `${path} is in the journal already, and cannot be read`, record };
  const gone = claims.find((c) => ground.refs.get(c.ref) !== c.id);
  if (gone !== undefined)
    return {
      fate: "lost",
      reason: `its claim ${gone.ref} is held by somebody else now, or was released`,
      record,
    };
  return null;
}

const landed = (record: BeatRecord): Published => ({ fate: "landed", reason: record.reason, record });

const releases = (claims: readonly Claim[], refs: Refs): RefUpdate[] =>
  claims.filter((c) => refs.get(c.ref) === c.id).map((c) => ({ ref: c.ref, from: c.id, to: null }));
