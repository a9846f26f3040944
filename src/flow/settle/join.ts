import { appendedBy } from "../../domain/product/declared.ts";
import type { Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Conflict, FileDraft } from "../../port/repo.ts";
import { writeOne } from "../land.ts";
import { reconcile } from "./reconcile.ts";
import type { Workshop } from "../world.ts";

/** A head that is to come onto a commit, and what settles where git alone cannot bring the two together. */
export interface Joint {
  onto: Sha;
  head: Sha;
  /** Where the pull says that it started from: what was judged and approved is the change from there. */
  from: Sha;
  /** What its agent may only add to, by the tip's spec. */
  appends: readonly string[];
}

/** What comes of it: a tree, in which these files are to be put. */
export interface Joined {
  tree: Sha;
  files: FileDraft[];
  /** Paths whose added lines were put behind lines that came there meanwhile. */
  redone: string[];
}

/** A pull's head onto the tip. */
export function jointOf(
  { base, fleet }: Pick<Snapshot, "base" | "fleet">,
  pull: Pick<Pull, "kind" | "agent" | "base">,
  head: Sha,
): Joint {
  const spec = pull.kind !== "work" || pull.agent === null ? undefined : fleet.agents.get(pull.agent)?.spec;
  return { onto: base, head, from: pull.base, appends: spec === undefined ? [] : appendedBy(spec) };
}

/** git's merge; where it conflicts in task files and files that are only added to, with these merged field by field, and added to again. */
export async function join(world: Workshop, joint: Joint): Promise<Joined | Conflict> {
  const merged = await world.repo.merge(joint.onto, joint.head);
  if ("tree" in merged) return { tree: merged.tree, files: [], redone: [] };
  const { left, ...done } = await reconcile(world, joint, merged);
  if (left.length > 0 || merged.partial === null) return { ...merged, conflicts: left };
  return { tree: merged.partial.tree, ...done };
}

/** The tree that the base branch would get, as an object; or the paths in conflict. */
export async function joinedTree(world: Workshop, joint: Joint): Promise<Sha | Conflict> {
  const joined = await join(world, joint);
  if ("conflicts" in joined) return joined;
  const { tree, files } = joined;
  if (files.length === 0) return tree;
  const who = { name: "pullbeat", email: "pullbeat@users.noreply.github.com" };
  const id = await writeOne(world, {
    parents: [],
    tree,
    files,
    message: "what if",
    who,
    at: world.clock.now(),
  });
  return (await world.repo.commits([id])).get(id)?.tree ?? tree;
}
