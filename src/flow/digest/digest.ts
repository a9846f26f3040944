import { backoff, TRIES } from "../../domain/plan/backoff.ts";
import { digest } from "../../domain/digest/digest.ts";
import { dayOf, digestDue, lastDay } from "../../domain/digest/due.ts";
import {
  digestPath,
  digestRecordPath,
  seenPulls,
  type Day,
  type DigestRecord,
  type DigestSource,
} from "../../domain/digest/record.ts";
import { Fault } from "../../domain/fault.ts";
import { instantOf, Unit, type PullNumber, type Sha } from "../../domain/id.ts";
import { branchOf, readBranch } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { composeMessage } from "../../domain/text/trailer.ts";
import { digestDraft } from "./digest-draft.ts";
import { recordText, signature } from "../journal.ts";
import { land, writeOne } from "../land.ts";
import { read } from "../read.ts";
import { recall } from "./recall.ts";
import { sightOf } from "./sight.ts";
import { settle } from "../settle/settle.ts";
import type { World } from "../world.ts";

/** A digest that was published just now. */
export interface DigestEnd {
  date: Day;
  file: string;
  pull: PullNumber;
  /** False: it waits for a person, or for the end of a hold. */
  merged: boolean;
}

/** Publishes the digest whose slot is due, and merges it; null when none is. `seen` is from a moment ago. */
export const tickDigest = async (world: World, seen: Snapshot): Promise<DigestEnd | null> =>
  digestDue(seen) === null ? null : publishDigest(world, digestDue);

/** Publishes today's digest by hand. Null: the journal has it already. */
export async function digestByHand(world: World): Promise<DigestEnd | null> {
  return publishDigest(world, ({ journal, fleet, now }) => {
    const today = dayOf(now, fleet.config);
    return (lastDay(journal) ?? "") >= today ? null : today;
  });
}

/**
 * Journal and branch move in one atomic push, and the record's path is the day's lock: whoever comes second finds it.
 * A crash after the push leaves a branch whose pull the next settle opens.
 */
async function publishDigest(
  world: World,
  dayFor: (snapshot: Snapshot) => Day | null,
): Promise<DigestEnd | null> {
  for (let n = 1; n <= TRIES; n++) {
    const snapshot = await read(world);
    const date = dayFor(snapshot);
    if (date === null) return null;
    const made = await make(world, snapshot, date);
    const files = [{ path: digestRecordPath(made.record), content: recordText(made.record) }];
    const updates = [{ ref: `refs/heads/${made.record.branch}`, from: null, to: made.head }];
    if (await land(world, snapshot, { subject: `digest of ${date}`, files, updates })) {
      const pull = await world.forge.open(await digestDraft(world, made.record, made.text));
      await settle(world);
      const { journal } = await read(world);
      const merged = journal.merges.some((m) => m.branch === made.record.branch);
      return { date, file: digestPath(date), pull, merged };
    }
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others won the journal ${TRIES} times in a row, so there is no digest yet`, {
    next: "nothing is lost: the next `pullbeat tick` makes it",
  });
}

/** The digest of a snapshot: its text, its commit, and its record. */
async function make(
  world: World,
  snapshot: Snapshot,
  date: Day,
): Promise<{ record: DigestRecord; text: string; head: Sha }> {
  const { base, journal, fleet } = snapshot;
  if (journal.head === null)
    throw new Fault("refused", "there is no journal yet, so there is nothing to tell", {
      next: "pullbeat tick",
    });
  const source: DigestSource = {
    version: 1,
    date,
    at: instantOf(snapshot.now),
    pullbeat: world.version,
    base,
    journal: journal.head,
    pulls: seenPulls((await sightOf(world, snapshot)).pulls),
  };
  const text = digest(await recall(world, source));
  const head = await writeOne(world, {
    parents: [base],
    files: [{ path: digestPath(date), content: text }],
    message: composeMessage(`Digest of ${date}`, "", []),
    who: signature(fleet.config.fleet),
    at: snapshot.now,
  });
  return { record: { ...source, branch: freshBranch(snapshot, date) }, text, head };
}

/** Never a name that is in use, or was: a task may be called as a digest is. */
function freshBranch({ branches, journal }: Snapshot, date: Day): string {
  const unit = Unit.parse(`digest-${date.replaceAll("-", "")}`);
  const used = [...branches.map((b) => b.name), ...journal.merges.map((m) => m.branch)]
    .map(readBranch)
    .filter((b) => b?.unit === unit)
    .map((b) => b?.attempt ?? 0);
  return branchOf(unit, 1 + Math.max(0, ...used));
}
