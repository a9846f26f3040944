import { Fault } from "../../domain/fault.ts";
import { instantOf, randomId, type Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import { controlPath, type Control } from "../../domain/record.ts";
import { refusedShowing } from "../../domain/pull/showing.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { ForgeMerge } from "../../port/forge.ts";
import type { FileDraft } from "../../port/repo.ts";
import { recordText } from "../journal.ts";
import type { MergeEnd } from "./merge.ts";
import { recordMerge, type Ripe } from "./merged.ts";
import { showing } from "../show.ts";
import type { World } from "../world.ts";

/** What a merge must be: these two parents, and git's own tree. */
interface Due {
  base: Sha;
  head: Sha;
  /** Null where git makes none. */
  tree: Sha | null;
}

/**
 * The forge merges, pinned to the head that was judged. It does not let us pin the base branch, so the merge is looked
 * at afterwards: anything but the judged parents and git's own tree puts the whole fleet on hold. Where that is lost, whoever
 * finds the merge compares it with what its message says was judged (take-merged-there.ts).
 */
export async function mergeThere(
  world: World,
  snapshot: Snapshot,
  ripe: Ripe,
  { message, tree }: { message: string; tree: Sha },
): Promise<MergeEnd> {
  const { pull, head } = ripe;
  const ref = `refs/heads/${pull.branch}`;
  const from = pull.head;
  const isMoved = from !== null && from !== head;
  if (isMoved && !(await world.repo.push([{ ref, from, to: head }]))) return { kind: "lost" };
  const made = await ask(world, snapshot, ripe, message);
  if (!("commit" in made)) {
    if (isMoved) await world.repo.push([{ ref, from: head, to: from }]);
    return "moved" in made ? { kind: "lost" } : { kind: "refused", why: made.refused };
  }
  const refs = await world.repo.fetch();
  const astray = await faultIn(world, made.commit, { base: snapshot.base, head, tree });
  const left = refs.has(ref) ? { ...pull, head } : { ...pull, head: null };
  const done = await recordMerge(
    world,
    snapshot,
    { ...ripe, pull: left },
    {
      merge: made.commit,
      updates: [],
      files: astray === null ? [] : [holdFile(world, pull, astray)],
    },
  );
  return done ? { kind: "merged", astray } : { kind: "lost" };
}

/**
 * The check on the head may still stand in the way: where the forge says no, everything is shown as it is now, its no
 * included, and then it is asked again.
 */
async function ask(
  world: World,
  snapshot: Snapshot,
  { pull, head, verdict }: Ripe,
  message: string,
): Promise<ForgeMerge> {
  const { forge } = world;
  if (forge.merge === null) throw new Fault("broken", "this forge merges nothing");
  const first = await forge.merge(pull.number, { head, message });
  if (!("refused" in first)) return first;
  const shown = showing(snapshot, { pull, head, verdict }, { kind: "merge" });
  await forge.show(pull, refusedShowing(shown, first.refused));
  return forge.merge(pull.number, { head, message });
}

/** What is wrong with a merge; null when it is the one that was decided about. */
export async function faultIn({ repo }: World, id: Sha, { base, head, tree }: Due): Promise<string | null> {
  const made = (await repo.commits([id])).get(id);
  const [first, second, ...more] = made?.parents ?? [];
  if (made === undefined || more.length > 0 || second !== head)
    return `${id.slice(0, 10)} is not the merge of ${head.slice(0, 10)}`;
  if (first !== base)
    return `${id.slice(0, 10)} stands on ${first?.slice(0, 10)}, and ${base.slice(0, 10)} was judged`;
  return made.tree === tree ? null : `the tree of ${id.slice(0, 10)} is not the merge of its parents`;
}

/** Nothing else merges until a person has looked. */
export function holdFile(world: World, pull: Pull, astray: string): FileDraft {
  const control: Control = {
    version: 1,
    verb: "hold",
    target: { kind: "fleet" },
    who: "pullbeat",
    why: `pull ${pull.number} was not merged as judged: ${astray}`,
    at: instantOf(world.clock.now()),
    until: null,
    taskBlob: null,
    pull: pull.number,
  };
  return { path: controlPath(control, randomId(world.clock.chance, 6)), content: recordText(control) };
}
