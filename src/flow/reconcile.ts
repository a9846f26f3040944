import type { Sha } from "../domain/id.ts";
import type { Sides } from "../domain/sides.ts";
import { textOf } from "../domain/text.ts";
import type { Conflict, FileDraft } from "../port/repo.ts";
import type { World } from "./world.ts";

/** Task files: what people and agents both write while the work is under way. Nothing else is merged but by git. */
const TASK = /^board\/[^/]+\.md$/;

export const isTaskFile = (path: string): boolean => TASK.test(path);

/**
 * What a merge that conflicts in nothing but task files becomes: their front matter merged field by field, the text below
 * as git merges text. Null where that does not resolve every conflict, or leaves a file that cannot be read: then the
 * conflict is said, and nothing is forced.
 */
export async function reconcile(
  world: World,
  { base, head }: { base: Sha; head: Sha },
  { conflicts, partial }: Conflict,
): Promise<FileDraft[] | null> {
  if (partial === null) return null;
  const files: FileDraft[] = [];
  for (const path of conflicts) {
    const commits = { base: partial.root, ours: base, theirs: head };
    const sides = isTaskFile(path) ? await sidesOf(world, path, commits) : null;
    const aligned = sides && world.records.align(sides);
    const content = aligned && (await mergeText(world, path, aligned));
    if (content === null || world.records.inspect(path, content).some((f) => f.level === "error"))
      return null;
    files.push({ path, content });
  }
  return files;
}

/** The file's three versions; null unless each is a plain file of text. */
async function sidesOf(
  { repo }: World,
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
async function mergeText({ repo, clock }: World, path: string, sides: Sides): Promise<string | null> {
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
