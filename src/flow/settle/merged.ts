import { instantOf, type Login, type Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { mergePath, type Approval, type Merge } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Clearance } from "../../domain/clearance/decided.ts";
import type { Ruling } from "../../domain/clearance/tier.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { FileDraft, RefUpdate } from "../../port/repo.ts";
import { recordedOn } from "../beat/draft.ts";
import { endedFile, pullEnds } from "./ending.ts";
import { recordText } from "../journal.ts";
import { land } from "../land.ts";
import type { World } from "../world.ts";

/** Everything that a merge stands on. */
export interface Ripe {
  pull: Pull;
  /** The commit that is merged: the pull's head, or pullbeat's own commit with the answer on top of it. */
  head: Sha;
  verdict: Verdict;
  approvals: readonly Approval[];
  clearance: Clearance;
}

const CONFIG = ".github/pullbeat.yml";

/** How a merge was decided, as the journal keeps it. */
export const clearanceOf = (
  { fleet }: Snapshot,
  { tier, rules }: Pick<Ruling, "tier" | "rules">,
  by: Clearance["by"],
): Clearance => ({
  tier,
  by,
  rules,
  policy: fleet.entries.find((e) => e.path === CONFIG)?.blob ?? null,
});

/** Why a pull merges that nobody approved. */
export const letIn = ({ kind }: Pick<Pull, "kind">, { tier }: Pick<Clearance, "tier">): string =>
  kind === "archive" || kind === "digest"
    ? "made again byte for byte, so nobody needs to approve it"
    : `let in by its gates (${tier})`;

/** A merge that was made, or that is made by the very push which records it. */
export interface Made {
  merge: Sha;
  /** Its first parent; without it the tip. */
  base?: Sha;
  updates: readonly RefUpdate[];
  /** Paths whose added lines were put behind lines that came there meanwhile. */
  redone?: readonly string[];
  /** Who ended the pull, and how; without it whoever approved, or git. */
  ended?: { by: string; why: string };
  /** What else goes into the journal with it. */
  files?: readonly FileDraft[];
}

/** Puts a merge into the journal and ends its pull. False: lost, read again. */
export async function recordMerge(
  world: World,
  snapshot: Snapshot,
  ripe: Ripe,
  { merge: id, base = snapshot.base, updates, redone = [], ended, files: more = [] }: Made,
): Promise<boolean> {
  const { pull, head, verdict, approvals, clearance } = ripe;
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
    clearance,
    ...(redone.length === 0 ? {} : { redone: [...redone] }),
  };
  const { by, why } = ended ?? endOf(world.forge.account, snapshot, ripe);
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

/** Whose act the end of a pull was, and what it was. */
function endOf(
  account: Login,
  { branch }: Snapshot,
  { pull, approvals, clearance }: Ripe,
): { by: string; why: string } {
  const people = approvals.map((a) => a.login).join(", ");
  if (people !== "") return { by: people, why: "approved" };
  if (clearance.by === "auto") return { by: account, why: letIn(pull, clearance) };
  return { by: "git", why: `merged into ${branch} by hand` };
}
