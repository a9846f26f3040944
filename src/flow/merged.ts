import { instantOf, type Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import { mergePath, type Approval, type Merge } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { FileDraft, RefUpdate } from "../port/repo.ts";
import { recordedOn } from "./draft.ts";
import { endedFile, pullEnds } from "./ending.ts";
import { recordText } from "./journal.ts";
import { land } from "./land.ts";
import type { World } from "./world.ts";

/** Everything that a merge stands on. */
export interface Ripe {
  pull: Pull;
  /** The commit that is merged: the pull's head, or pullbeat's own commit with the answer on top of it. */
  head: Sha;
  verdict: Verdict;
  approvals: readonly Approval[];
}

/** A merge that was made, or that is made by the very push which records it. */
export interface Made {
  merge: Sha;
  /** Its first parent; without it the tip. */
  base?: Sha;
  updates: readonly RefUpdate[];
  /** Who ended the pull, and how; without it whoever approved, or git. */
  ended?: { by: string; why: string };
  /** What else goes into the journal with it. */
  files?: readonly FileDraft[];
}

/** Puts a merge into the journal and ends its pull. False: lost, read again. */
export async function recordMerge(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict, approvals }: Ripe,
  { merge: id, base = snapshot.base, updates, ended = endOf(snapshot, approvals), files: more = [] }: Made,
): Promise<boolean> {
  const at = instantOf(world.clock.now());
  const { unit, task, agent, kind, number, branch } = pull;
  const entry: Merge = {
    version: 1,
    unit,
    task,
    agent,
    kind,
    pull: number,
    branch,
    head,
    base,
    merge: id,
    at,
    approvals: [...approvals],
    result: kind === "work" ? (recordedOn(snapshot, pull).at(-1)?.attempt.result ?? null) : null,
    verdict,
  };
  const { by, why } = ended;
  const files = [
    { path: mergePath(entry), content: recordText(entry) },
    endedFile(pull, { state: "merged", ended: { by, at, why }, head }),
    ...more,
  ];
  const subject = `pull ${number}: merged, ${why} by ${by}`;
  if (!(await land(world, snapshot, { subject, files, updates: [...updates, ...pullEnds(snapshot, pull)] })))
    return false;
  await world.forge.end(number);
  return true;
}

const endOf = ({ branch }: Snapshot, approvals: readonly Approval[]): { by: string; why: string } =>
  approvals.length > 0
    ? { by: approvals.map((a) => a.login).join(", "), why: "approved" }
    : { by: "git", why: `merged into ${branch} by hand` };
