import { appendAgain } from "../../domain/product/append.ts";
import { matchesAny } from "../../domain/glob.ts";
import type { Sha } from "../../domain/id.ts";
import type { Sides } from "../../domain/product/sides.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Conflict, FileDraft } from "../../port/repo.ts";
import type { Joint } from "./join.ts";
import type { Workshop } from "../world.ts";

/** Task files: what people and agents both write while the work is under way. */
const TASK = /^board\/[^/]+\.md$/;

export const isTaskFile = (path: string): boolean => TASK.test(path);

/** Files that come together without git, and those of them that were added to again; and what is left in conflict. */
export interface Reconciled {
  files: FileDraft[];
  redone: string[];
  left: string[];
}

/**
 * What becomes of the conflicts of a merge. Of task files the front matter is merged field by field, and the text below as
 * git merges text; to files that an agent only adds to, the same lines are added again. What is left in conflict, or
 * could not be read afterwards, is said, and nothing is forced.
 */
export async function reconcile(
  world: Workshop,
  joint: Joint,
  { conflicts, partial }: Conflict,
): Promise<Reconciled> {
  const done: Reconciled = { files: [], redone: [], left: [] };
  for (const path of conflicts) {
    const content = partial === null ? null : await contentOf(world, joint, { path, root: partial.root });
    if (content === null) done.left.push(path);
    else done.files.push({ path, content });
    if (content !== null && !isTaskFile(path)) done.redone.push(path);
  }
  return done;
}

/** What one file becomes; null where it stays in conflict. */
async function contentOf(
  world: Workshop,
  joint: Joint,
  { path, root }: { path: string; root: Sha },
): Promise<string | null> {
  const isOurs = isTaskFile(path);
  // A branch that took in other history shows more than its agent added.
  const isGrown = root === joint.from && matchesAny(joint.appends, path);
  if (!isOurs && !isGrown) return null;
  const sides = await sidesOf(world, path, { base: root, ours: joint.onto, theirs: joint.head });
  if (sides === null) return null;
  return isOurs ? fieldByField(world, path, sides) : appendAgain(sides);
}

async function fieldByField(world: Workshop, path: string, sides: Sides): Promise<string | null> {
  const aligned = world.records.align(sides);
  const content = aligned && (await mergeText(world, path, aligned));
  const isBroken = content !== null && world.records.inspect(path, content).some((f) => f.level === "error");
  return isBroken ? null : content;
}

/** The file's three versions; null unless each is a plain file of text. */
async function sidesOf(
  { repo }: Workshop,
  path: string,
  commits: Readonly<Record<keyof Sides, Sha>>,
): Promise<Sides | null> {
  const side = async (commit: Sha): Promise<string | null> => {
    const [entry] = await repo.entries(commit, [path]);
    if (entry?.mode !== "100644") return null;
    const bytes = (await repo.blobs([entry.blob])).get(entry.blob);
    return bytes === undefined ? null : textOf(bytes);
  };
  const [base, ours, theirs] = [
    await side(commits.base),
    await side(commits.ours),
    await side(commits.theirs),
  ];
  return base === null || ours === null || theirs === null ? null : { base, ours, theirs };
}

/** git's own merge of three texts, by commits that are pushed nowhere. */
async function mergeText({ repo, clock }: Workshop, path: string, sides: Sides): Promise<string | null> {
  const who = { name: "pullbeat", email: "pullbeat@users.noreply.github.com" };
  const write = async (content: string, parents: readonly Sha[]): Promise<Sha | undefined> => {
    const draft = { parents, files: [{ path, content }], message: "merge of a text", who, at: clock.now() };
    return (await repo.write([draft]))[0];
  };
  const root = await write(sides.base, []);
  if (root === undefined) return null;
  const [ours, theirs] = [await write(sides.ours, [root]), await write(sides.theirs, [root])];
  if (ours === undefined || theirs === undefined) return null;
  const merged = await repo.merge(ours, theirs);
  if ("conflicts" in merged) return null;
  const [blob] = await repo.entries(merged.tree);
  const bytes = blob && (await repo.blobs([blob.blob])).get(blob.blob);
  return bytes === undefined ? null : textOf(bytes);
}
