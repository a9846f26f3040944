import type { Change, Entry } from "../../domain/change.ts";
import { Fault } from "../../domain/fault.ts";
import { bodyOf } from "../../domain/text/front.ts";
import { Sha, type AgentName } from "../../domain/id.ts";
import { earlierMerges } from "../../domain/clearance/past.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { TierFacts } from "../../domain/clearance/tier-facts.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Commit } from "../../port/repo.ts";
import { recordedOn } from "../beat/draft.ts";
import type { World } from "../world.ts";

/** Merges of an agent's work since its spec has the body that it has now; those of a version that is gone do not count. */
export async function provenOf(world: World, snapshot: Snapshot, agent: AgentName | null): Promise<number> {
  const spec = agent === null ? undefined : snapshot.fleet.agents.get(agent)?.blob;
  if (spec === undefined) return 0;
  const merged = snapshot.journal.merges.filter((m) => m.agent === agent && m.kind === "work");
  const specs = merged.map((m) => recordedOn(snapshot, m).at(-1)?.record.spec ?? null);
  const bodies = await bodiesOf(world, new Set([Sha.parse(spec), ...specs.filter((s) => s !== null)]));
  const present = bodies.get(spec);
  return specs.filter((s) => s !== null && present !== undefined && bodies.get(s) === present).length;
}

/** The bodies of specs by blob; blobs that nobody can find any more are left out. */
async function bodiesOf({ repo }: World, blobs: ReadonlySet<Sha>): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for (const blob of blobs) {
    const bytes = await known(async () => (await repo.blobs([blob])).get(blob));
    const text = bytes === undefined ? null : textOf(bytes);
    if (text !== null) bodies.set(blob, bodyOf(text));
  }
  return bodies;
}

/** What git can say; undefined where it does not know an object any more. */
export async function known<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Fault && error.code === "git") return undefined;
    throw error;
  }
}

/**
 * An earlier merge of the same task that was taken back: a path that it changed, outside of the board, is at the tip as it
 * was before the merge. The board is left out, for tasks are archived.
 */
export async function revertedBefore(
  { repo }: World,
  snapshot: Snapshot,
  pull: Pull,
): Promise<TierFacts["reverted"]> {
  const tip = new Map(snapshot.fleet.entries.map((e) => [e.path, e]));
  const since = new Set<string>();
  for (const merge of earlierMerges(snapshot, pull)) {
    const [changes = []] = (await known(() => repo.diffs([{ from: merge.base, to: merge.merge }]))) ?? [];
    const back = changes.find((c) => !since.has(c.path) && isRestored(c, tip));
    if (back !== undefined) return { pull: merge.pull, path: back.path };
    // What the task itself changed later was not taken back by anybody.
    for (const { path } of changes) since.add(path);
  }
  return null;
}

const isRestored = ({ path, oldBlob }: Change, tip: ReadonlyMap<string, Entry>): boolean =>
  !path.startsWith("board/") && (tip.get(path)?.blob ?? null) === oldBlob;

/** How many commits of a pull's branch no beat of its agent's made: a task can be given to another between two rounds. */
export function foreignIn(snapshot: Snapshot, pull: Pull, commits: readonly Commit[]): number {
  const own = recordedOn(snapshot, pull).filter((r) => r.record.agent === pull.agent);
  const ours = new Set(own.map((r) => r.attempt.proposal?.head));
  return commits.filter((c) => !ours.has(c.id)).length;
}
