import type { Entry } from "../domain/change.ts";
import { Sha } from "../domain/id.ts";
import { modeOf } from "./diff.ts";
import { readCommits, type Objects } from "./objects.ts";

/** An entry of a tree object; modes with six digits. */
export interface Item {
  mode: string;
  name: string;
  id: Sha;
}

/** A folder that is still to be read, and whose listing it belongs to. */
interface Folder {
  commit: Sha;
  path: string;
  tree: Sha;
}

/** Every file of many small trees, by commit, with as many questions to git as the trees are deep. */
export async function readTrees(objects: Objects, commits: Iterable<Sha>): Promise<Map<Sha, Entry[]>> {
  const found = new Map<Sha, Entry[]>();
  let folders: Folder[] = [];
  for (const { id, tree } of (await readCommits(objects, commits)).values()) {
    found.set(id, []);
    folders.push({ commit: id, path: "", tree });
  }
  while (folders.length > 0) {
    const raw = await objects.read(
      "tree",
      folders.map((f) => f.tree),
    );
    const below: Folder[] = [];
    for (const { commit, path, tree } of folders)
      for (const { mode, name, id } of parseTree(raw.get(tree) ?? Buffer.alloc(0), tree.length / 2)) {
        if (mode === "040000") below.push({ commit, path: `${path}${name}/`, tree: id });
        else found.get(commit)?.push({ path: path + name, mode: modeOf(mode), blob: id });
      }
    folders = below;
  }
  return found;
}

/** A tree object: `<mode> <name>\0<id>` again and again, modes without leading zeros; `size`: bytes of an id. */
export function parseTree(raw: Buffer, size: number): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < raw.length;) {
    const end = raw.indexOf(0, at);
    const [mode = "", name = ""] = raw.toString("utf8", at, end).split(/ (.*)/s);
    items.push({
      mode: mode.padStart(6, "0"),
      name,
      id: Sha.parse(raw.toString("hex", end + 1, end + 1 + size)),
    });
    at = end + 1 + size;
  }
  return items;
}
