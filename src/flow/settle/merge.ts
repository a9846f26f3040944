import type { Change } from "../../domain/change.ts";
import { cleanLine } from "../../domain/text/clean.ts";
import { Fault } from "../../domain/fault.ts";
import type { Sha } from "../../domain/id.ts";
import { addTokens } from "../../domain/plan/price.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { JOURNAL, recordPath } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { composeMessage, type TrailerKey } from "../../domain/text/trailer.ts";
import { recordedOn, type Recorded } from "../beat/draft.ts";
import { signature } from "../journal.ts";
import { join, jointOf } from "./join.ts";
import { writeOne } from "../land.ts";
import { mergeThere } from "./merge-there.ts";
import { recordMerge, type Ripe } from "./merged.ts";
import { judgePull } from "../verdict/verdict.ts";
import type { World } from "../world.ts";

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
  const { base } = snapshot;
  const merged = await join(world, jointOf(snapshot, ripe.pull, ripe.head));
  if ("conflicts" in merged) return { kind: "conflict", paths: merged.conflicts };
  const { tree, files, redone } = merged;
  const message = messageOf(snapshot, ripe, redone);
  const to = await writeOne(world, {
    parents: [base, ripe.head],
    tree,
    files,
    message,
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
  const odd = await inTheWay(world, snapshot, ripe, to);
  if (odd.length > 0) return { kind: "conflict", paths: odd };
  return bring(world, snapshot, ripe, { to, tree, message, redone, beyond: files.map((f) => f.path) });
}

/** A merge commit that nobody has pushed yet. */
interface Ready {
  to: Sha;
  tree: Sha;
  message: string;
  redone: readonly string[];
  /** Paths that did not come together as git merges; a forge merges as git does. */
  beyond: readonly string[];
}

/** Pushes a merge; where rules let nobody, the forge makes the same. */
async function bring(world: World, snapshot: Snapshot, ripe: Ripe, ready: Ready): Promise<MergeEnd> {
  const { base, branch } = snapshot;
  const { lane, forge } = world;
  const { to, redone, beyond } = ready;
  const isGits = beyond.length === 0;
  if (lane?.isShut === true && isGits && forge.merge !== null)
    return bringThere(world, snapshot, ripe, ready);
  try {
    const updates = [{ ref: `refs/heads/${branch}`, from: base, to }];
    const done = await recordMerge(world, snapshot, ripe, { merge: to, redone, updates });
    return done ? { kind: "merged", astray: null } : { kind: "lost" };
  } catch (error) {
    if (!(error instanceof Fault && error.code === "refused") || forge.merge === null) throw error;
    if (lane !== undefined) lane.isShut = true;
    if (isGits) return mergeThere(world, snapshot, ripe, ready);
    return { kind: "conflict", paths: [...beyond] };
  }
}

/** What a push would have compared is looked at as late as can be: a person's hold may have come into the journal. */
async function bringThere(world: World, snapshot: Snapshot, ripe: Ripe, ready: Ready): Promise<MergeEnd> {
  const { base, branch, journal } = snapshot;
  const refs = await world.repo.fetch();
  const isAsRead = refs.get(`refs/heads/${branch}`) === base && (refs.get(JOURNAL) ?? null) === journal.head;
  return isAsRead ? mergeThere(world, snapshot, ripe, ready) : { kind: "lost" };
}

/** What is wrong with what a merge would change, path by path. */
interface Odd {
  /**
   * The pull's own diff, which was judged and approved, does not show them. A branch that took in other history can bring
   * them along.
   */
  strays: string[];
  /** They come out as on neither side: both changed them, or lines were added again. */
  mixed: string[];
}

function oddIn({ changes }: Snapshot, { branch }: Pull, landed: readonly Change[]): Odd {
  const shown = new Map((changes.get(branch) ?? []).map((c) => [c.path, c.newBlob]));
  return {
    strays: landed.map((c) => c.path).filter((path) => !shown.has(path)),
    mixed: landed.filter((c) => shown.get(c.path) !== c.newBlob).map((c) => c.path),
  };
}

/**
 * Paths that keep a merge from being made. What comes out as on neither side was seen by no gate, so it is judged once more,
 * as a change of the tip. Gates that judge elsewhere have seen the merged tree, or need the diff alone.
 */
async function inTheWay(world: World, snapshot: Snapshot, ripe: Ripe, merged: Sha): Promise<string[]> {
  const { base } = snapshot;
  const { pull, verdict } = ripe;
  const [landed = []] = await world.repo.diffs([{ from: base, to: merged }]);
  const { strays, mixed } = oddIn(snapshot, pull, landed);
  if (strays.length > 0 || mixed.length === 0 || pull.kind !== "work") return strays;
  const there = { ...snapshot, changes: new Map([[pull.branch, landed]]) };
  const outside = new Map(verdict.gates.map((g) => [g.gate, g]));
  const bar = { names: [...outside.keys()], outside };
  const again = await judgePull(world, there, { pull: { ...pull, base }, bar });
  return again.ruling === "pass" ? [] : mixed;
}

function messageOf(
  snapshot: Snapshot,
  { pull, head, verdict, approvals, clearance }: Ripe,
  redone: readonly string[],
): string {
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
  const body = redone.map((path) => `Its lines stand behind newer ones: ${cleanLine(path, 200)}`).join("\n");
  return composeMessage(`Merge pull ${pull.number}: ${cleanLine(pull.title, 90)}`, body, trailers);
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
