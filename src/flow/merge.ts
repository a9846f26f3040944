import { cleanLine } from "../domain/clean.ts";
import { Fault } from "../domain/fault.ts";
import type { Sha } from "../domain/id.ts";
import { addTokens } from "../domain/price.ts";
import type { Pull } from "../domain/pull.ts";
import { recordPath } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { composeMessage, type TrailerKey } from "../domain/trailer.ts";
import type { Conflict, FileDraft } from "../port/repo.ts";
import { recordedOn, type Recorded } from "./draft.ts";
import { signature } from "./journal.ts";
import { writeOne } from "./land.ts";
import { mergeThere } from "./merge-there.ts";
import { recordMerge, type Ripe } from "./merged.ts";
import { reconcile } from "./reconcile.ts";
import type { World } from "./world.ts";

export type MergeEnd =
  | { kind: "merged"; astray: string | null }
  | { kind: "lost" }
  | { kind: "conflict"; paths: string[] }
  /** The forge says no. */
  | { kind: "refused"; why: string };

/**
 * Merges a head into the tip that it was judged against: the mechanical merge, with exactly these two parents. Base
 * branch, journal, work branch and what was said of it move in one atomic push, each compared with what was read. Where
 * rules let nobody push to the base branch, the forge is asked for the same merge.
 */
export async function merge(world: World, snapshot: Snapshot, ripe: Ripe): Promise<MergeEnd> {
  const { base, branch } = snapshot;
  const merged = await mergedWith(world, base, ripe.head);
  if ("conflicts" in merged) return { kind: "conflict", paths: merged.conflicts };
  const message = messageOf(snapshot, ripe);
  const to = await writeOne(world, {
    parents: [base, ripe.head],
    ...merged,
    message,
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
  const strays = await unseen(world, snapshot, ripe.pull, to);
  if (strays.length > 0) return { kind: "conflict", paths: strays };
  try {
    const done = await recordMerge(world, snapshot, ripe, {
      merge: to,
      updates: [{ ref: `refs/heads/${branch}`, from: base, to }],
    });
    return done ? { kind: "merged", astray: null } : { kind: "lost" };
  } catch (error) {
    if (!(error instanceof Fault && error.code === "refused") || world.forge.merge === null) throw error;
    // A forge merges as git does; task files that only came together field by field are beyond it.
    if (merged.files.length > 0) return { kind: "conflict", paths: merged.files.map((f) => f.path) };
    return mergeThere(world, snapshot, ripe, { message, tree: merged.tree });
  }
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
