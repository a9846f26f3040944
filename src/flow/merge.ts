import { cleanLine } from "../domain/clean.ts";
import { instantOf, type Login, type Sha } from "../domain/id.ts";
import type { Clearance } from "../domain/decided.ts";
import { addTokens } from "../domain/price.ts";
import type { Pull } from "../domain/pull.ts";
import { mergePath, recordPath, type Approval, type Merge } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { composeMessage, type TrailerKey } from "../domain/trailer.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Conflict, FileDraft } from "../port/repo.ts";
import type { Recorded } from "./draft.ts";
import { endedFile, pullEnds } from "./ending.ts";
import { recordText, signature } from "./journal.ts";
import { land, writeOne } from "./land.ts";
import { reconcile } from "./reconcile.ts";
import type { World } from "./world.ts";

/** Why a pull merges that nobody approved. */
export const letIn = ({ kind }: Pick<Pull, "kind">, { tier }: Pick<Clearance, "tier">): string =>
  kind === "archive" || kind === "digest"
    ? "made again byte for byte, so nobody needs to approve it"
    : `let in by its gates (${tier})`;

/** Everything that a merge stands on. */
export interface Ripe {
  pull: Pull;
  /** The commit that is merged: the pull's head, or pullbeat's own commit with the answer on top of it. */
  head: Sha;
  verdict: Verdict;
  approvals: readonly Approval[];
  clearance: Clearance;
}

export type MergeEnd = { kind: "merged" } | { kind: "lost" } | { kind: "conflict"; paths: string[] };

/**
 * Merges a head into the tip that it was judged against: the mechanical merge, with exactly these two parents. Base
 * branch, journal, work branch and what was said of it move in one atomic push, each compared with what was read.
 */
export async function merge(world: World, snapshot: Snapshot, ripe: Ripe): Promise<MergeEnd> {
  const { base, branch } = snapshot;
  const merged = await mergedWith(world, base, ripe.head);
  if ("conflicts" in merged) return { kind: "conflict", paths: merged.conflicts };
  const to = await writeOne(world, {
    parents: [base, ripe.head],
    ...merged,
    message: messageOf(snapshot, ripe),
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
  const strays = await unseen(world, snapshot, ripe.pull, to);
  if (strays.length > 0) return { kind: "conflict", paths: strays };
  const done = await recordMerge(world, snapshot, ripe, {
    merge: to,
    updates: [{ ref: `refs/heads/${branch}`, from: base, to }],
  });
  return { kind: done ? "merged" : "lost" };
}

/** git's merge; where it conflicts in nothing but task files, with these merged field by field. */
export async function mergedWith(
  world: World,
  base: Sha,
  head: Sha,
): Promise<{ tree: Sha; files: FileDraft[] } | Conflict> {
  const merged = await world.repo.merge(base, head);
  if ("tree" in merged) return { tree: merged.tree, files: [] };
  const files = await reconcile(world, { base, head }, merged);
  return files === null || merged.partial === null ? merged : { tree: merged.partial.tree, files };
}

/**
 * Paths that a merge would change and that the pull's own diff, which was judged and approved, does not show. A branch
 * that took in other history can bring them along.
 */
async function unseen(
  { repo }: World,
  { base, changes }: Snapshot,
  { branch }: Pull,
  merged: Sha,
): Promise<string[]> {
  const [landed = []] = await repo.diffs([{ from: base, to: merged }]);
  const shown = new Set((changes.get(branch) ?? []).map((c) => c.path));
  return landed.map((c) => c.path).filter((path) => !shown.has(path));
}

/** Puts a merge into the journal and ends its pull. False: lost, read again. */
export async function recordMerge(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict, approvals, clearance }: Ripe,
  { merge: id, updates }: { merge: Sha; updates: { ref: string; from: Sha; to: Sha }[] },
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
    base: snapshot.base,
    merge: id,
    at,
    approvals: [...approvals],
    result: kind === "work" ? (recordedOn(snapshot, pull).at(-1)?.attempt.result ?? null) : null,
    verdict,
    clearance,
  };
  const { by, why } = endOf(world.forge.account, snapshot, { pull, approvals, clearance });
  const ended = { by, at, why };
  const files = [
    { path: mergePath(entry), content: recordText(entry) },
    endedFile(pull, { state: "merged", ended, head }),
  ];
  const subject = `pull ${number}: merged, ${ended.why} by ${by}`;
  if (!(await land(world, snapshot, { subject, files, updates: [...updates, ...pullEnds(snapshot, pull)] })))
    return false;
  await world.forge.end(number);
  return true;
}

/** Whose act the end of a pull was, and what it was. */
function endOf(
  account: Login,
  { branch }: Snapshot,
  { pull, approvals, clearance }: Pick<Ripe, "pull" | "approvals" | "clearance">,
): { by: string; why: string } {
  const people = approvals.map((a) => a.login).join(", ");
  if (people !== "") return { by: people, why: "approved" };
  if (clearance.by === "auto") return { by: account, why: letIn(pull, clearance) };
  return { by: "git", why: `merged into ${branch} by hand` };
}

/** The attempts that made a pull, oldest first. */
export const recordedOn = ({ journal }: Snapshot, { branch }: Pick<Pull, "branch">): Recorded[] =>
  journal.records.flatMap((record) =>
    record.attempts.filter((a) => a.proposal?.branch === branch).map((attempt) => ({ attempt, record })),
  );

function messageOf(snapshot: Snapshot, { pull, head, verdict, approvals, clearance }: Ripe): string {
  const works = recordedOn(snapshot, pull);
  const { tier, by, rules, policy } = clearance;
  const trailers: (readonly [TrailerKey, string])[] = [
    ...(pull.task === null ? [] : [["Pullbeat-Task", pull.task] as const]),
    ...(pull.unit === null ? [] : [["Pullbeat-Unit", pull.unit] as const]),
    ["Pullbeat-Attempt", String(works.at(-1)?.attempt.attempt ?? pull.attempt)],
    ["Pullbeat-Tier", tier],
    ["Pullbeat-Decision", by],
    ["Pullbeat-Rules", rules.join(" ")],
    ...(policy === null ? [] : [["Pullbeat-Policy", policy] as const]),
    ["Pullbeat-Head", head],
    ["Pullbeat-Base", snapshot.base],
    ["Pullbeat-Gates", verdict.gates.map((g) => `${g.gate}=${g.ruling}`).join(" ")],
    ...approvals.map((a) => ["Pullbeat-Approved-By", `${a.login} ${a.review} ${a.head}`] as const),
    ...costTrailers(works),
  ];
  return composeMessage(`Merge pull ${pull.number}: ${cleanLine(pull.title, 90)}`, "", trailers);
}

function costTrailers(works: readonly Recorded[]): (readonly [TrailerKey, string])[] {
  const last = works.at(-1);
  if (last === undefined) return [];
  const spent = works.map((w) => w.attempt.spent);
  const { input, output } = spent.map((s) => s.tokens).reduce(addTokens);
  const usd = spent.map((s) => s.usd);
  const known = usd.every((u) => u !== null);
  return [
    ["Pullbeat-Tokens", String(input + output)],
    ["Pullbeat-Cost-USD", known ? usd.reduce((a, b) => a + b, 0).toFixed(4) : "unknown"],
    ["Pullbeat-Record", recordPath(last.record)],
  ];
}
