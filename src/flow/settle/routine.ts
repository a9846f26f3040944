import type { Change } from "../../domain/change.ts";
import { digest } from "../../domain/digest/digest.ts";
import { digestPath, type DigestRecord } from "../../domain/digest/record.ts";
import { Fault } from "../../domain/fault.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import { recall } from "../digest/recall.ts";
import type { World } from "../world.ts";

/**
 * True for the newest digest's own pull when it holds exactly what this pullbeat makes of the journal, the base branch
 * and the record that came with it. Nobody needs to approve that.
 */
export async function isRoutine(world: World, snapshot: Snapshot, pull: Pull): Promise<boolean> {
  const record = snapshot.journal.digest;
  if (record === null || !isItsPull(world, record, pull)) return false;
  const blob = onlyFile(snapshot.changes.get(pull.branch) ?? [], digestPath(record.date));
  if (blob === null) return false;
  try {
    if (!(await isAnchored(world, snapshot, record))) return false;
    const bytes = (await world.repo.blobs([blob])).get(blob);
    return bytes !== undefined && textOf(bytes) === digest(await recall(world, record));
  } catch (error) {
    // What is not to be had any more cannot be made again.
    if (error instanceof Fault && error.code === "git") return false;
    throw error;
  }
}

const isItsPull = (
  { version, forge }: World,
  record: DigestRecord,
  { kind, branch, base, author }: Pull,
): boolean =>
  kind === "digest" &&
  record.branch === branch &&
  record.base === base &&
  record.pullbeat === version &&
  author === forge.account;

/** The blob of the one new file, when there is nothing else. */
function onlyFile([change, ...others]: readonly Change[], path: string): Change["newBlob"] {
  if (change === undefined || others.length > 0) return null;
  return change.path === path && change.oldBlob === null ? change.newBlob : null;
}

/** What it was made from lies below the base branch and the journal as they are now. */
async function isAnchored(
  { repo }: World,
  { base, journal }: Snapshot,
  record: DigestRecord,
): Promise<boolean> {
  if (journal.head === null) return false;
  const beyond = await Promise.all([
    repo.between(base, record.base),
    repo.between(journal.head, record.journal),
  ]);
  return beyond.flat().length === 0;
}
