import { randomId, unitOf, type Sha } from "../../domain/id.ts";
import { parkReason, STOPPED } from "../../domain/control/park.ts";
import { fitRecord } from "../../domain/product/fit.ts";
import { stopOn, type Floor } from "../../domain/control/stop.ts";
import {
  controlPath,
  JOURNAL,
  recordPath,
  type Attempt,
  type BeatRecord,
  type Control,
} from "../../domain/record.ts";
import type { FileDraft, RefUpdate } from "../../port/repo.ts";
import { refused, rejudge, type Finished } from "./attempt.ts";
import { draftsOf } from "../verdict/collect.ts";
import { journalDraft, recordText, signature } from "../journal.ts";
import { writeOne } from "../land.ts";
import type { FinishedBeat, Ground } from "./publish.ts";
import { workMessage } from "../../domain/pull/pull-text.ts";
import { transcriptRef } from "../transcripts.ts";
import type { World } from "../world.ts";

/** One push's worth: what to move, and the records as they will stand in the journal. */
export interface Batch {
  updates: RefUpdate[];
  records: BeatRecord[];
}

/** Attempts with their commits, and the tip that they were judged by: a further try at that tip makes nothing anew. */
export type Committed = Map<Finished, { tip: Sha; attempt: Attempt }>;

/** Makes the objects of a publish on the ground as it is now: judged again, committed, recorded. */
export async function compose(
  world: World,
  ground: Ground,
  { beats, committed }: { beats: readonly FinishedBeat[]; committed: Committed },
): Promise<Batch> {
  if (beats.length === 0) return { updates: [], records: [] };
  const branches: RefUpdate[] = [];
  const records: BeatRecord[] = [];
  for (const beat of beats) {
    const attempts: Attempt[] = [];
    for (const attempt of beat.record.attempts) {
      const work = beat.works.find((w) => w.attempt === attempt);
      const done =
        stopped(attempt, beat, { ...ground, now: world.clock.now() }) ??
        (work === undefined ? attempt : await commitWork(world, ground, { beat, work, committed }));
      const placed = place(done, ground);
      attempts.push(placed.attempt);
      branches.push(...placed.updates);
    }
    records.push(fitRecord({ ...beat.record, attempts, ...verdictOn(beat.record, attempts) }));
  }
  const ends = beats.flatMap((b) => b.claims).map((c) => ({ ref: c.ref, from: c.id, to: null }));
  const kept = await keepTranscripts(world, ground, beats);
  const journal = await keepRecords(world, ground, records);
  return { updates: [...branches, ...kept, journal, ...ends], records };
}

/** A beat whose every attempt failed has failed itself, with the last one's reason. */
function verdictOn(record: BeatRecord, attempts: readonly Attempt[]): Pick<BeatRecord, "outcome" | "reason"> {
  const last = attempts.at(-1);
  if (last === undefined || attempts.some((a) => a.outcome !== "failed"))
    return { outcome: record.outcome, reason: record.reason };
  return { outcome: "failed", reason: last.reason };
}

/** Work that a person stopped while it was done: it is recorded, and nothing of it is handed over. Null: nobody did. */
function stopped(attempt: Attempt, { record }: FinishedBeat, floor: Floor): Attempt | null {
  if (attempt.proposal === null) return null;
  const stop = stopOn(floor, { agent: record.agent, unit: attempt.unit });
  if (stop === null) return null;
  const reason = `${attempt.unit} ${stop.reason}; what was worked meanwhile is not handed over`;
  return refused(attempt, STOPPED + stop.verb, reason);
}

/** The attempt as the tip judges it now, with its commit when it still passes. */
async function commitWork(
  world: World,
  ground: Ground,
  { beat, work, committed }: { beat: FinishedBeat; work: Finished; committed: Committed },
): Promise<Attempt> {
  const { tip, fleet } = ground;
  const known = committed.get(work);
  if (known?.tip === tip) return known.attempt;
  let attempt = await rejudge(world, ground, work);
  const { proposal } = attempt;
  if (proposal !== null) {
    const head = await writeOne(world, {
      parents: [proposal.parent],
      files: draftsOf(work.stand.tree, work.edits),
      message: workMessage(attempt, beat.record),
      who: signature(fleet.config.fleet, beat.record.agent),
      at: new Date(beat.record.now),
    });
    attempt = { ...attempt, proposal: { ...proposal, head } };
  }
  committed.set(work, { tip, attempt });
  return attempt;
}

/** Puts a commit on its branch, unless somebody moved that: then the attempt has failed. */
function place(attempt: Attempt, { refs }: Ground): { attempt: Attempt; updates: RefUpdate[] } {
  const { proposal } = attempt;
  if (proposal === null) return { attempt, updates: [] };
  const ref = `refs/heads/${proposal.branch}`;
  const from = proposal.round === 1 ? null : proposal.parent;
  if ((refs.get(ref) ?? null) === from) return { attempt, updates: [{ ref, from, to: proposal.head }] };
  return { attempt: refused(attempt, "branch-moved", `somebody else moved ${proposal.branch}`), updates: [] };
}

/** Full transcripts lie on a ref of their own for each month, so that a month can be deleted. */
async function keepTranscripts(
  world: World,
  ground: Ground,
  beats: readonly FinishedBeat[],
): Promise<RefUpdate[]> {
  const files = beats
    .flatMap((b) => b.works)
    .flatMap((w) =>
      w.attempt.transcript === null ? [] : [{ path: `${w.attempt.transcript}.jsonl`, content: w.transcript }],
    );
  if (files.length === 0) return [];
  const now = world.clock.now();
  const ref = transcriptRef(beats[0]?.record.now ?? now.toISOString());
  const from = await world.repo.fetchOne(ref);
  const by = { fleet: ground.fleet.config.fleet, now };
  const to = await writeOne(world, journalDraft(from, files, `keep ${files.length} transcripts`, by));
  return [{ ref, from, to }];
}

/** One journal commit for the batch: the records, and the parks that their failures bring about. */
async function keepRecords(world: World, ground: Ground, records: readonly BeatRecord[]): Promise<RefUpdate> {
  const now = world.clock.now();
  const parks = records.flatMap((r) => r.attempts.flatMap((a) => parkOf(a, r, ground)));
  const files: FileDraft[] = [
    ...records.map((r) => ({ path: recordPath(r), content: recordText(r) })),
    ...parks.map((c) => ({ path: controlPath(c, randomId(world.clock.chance, 6)), content: recordText(c) })),
  ];
  const subject =
    records.length === 1 && records[0] !== undefined
      ? `${records[0].agent}@${records[0].slot}: ${records[0].outcome}`
      : `${records.length} records`;
  const by = { fleet: ground.fleet.config.fleet, now };
  const from = ground.journal.head;
  return { ref: JOURNAL, from, to: await writeOne(world, journalDraft(from, files, subject, by)) };
}

function parkOf(attempt: Attempt, record: BeatRecord, { journal }: Ground): Control[] {
  const why = parkReason(attempt, journal);
  if (why === null) return [];
  return [
    {
      version: 1,
      verb: "park",
      // All of a duty, not only this occurrence: the next one would fail in the same way.
      target: { kind: "unit", unit: unitOf(attempt.task) },
      who: "pullbeat",
      why,
      at: record.ended,
      until: null,
      taskBlob: attempt.taskBlob,
      pull: null,
    },
  ];
}
