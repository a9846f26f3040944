import type { Sha } from "../domain/id.ts";
import { pathFault } from "../domain/path.ts";
import { LIMITS, Refused } from "../domain/airlock.ts";
import type { Edits } from "../port/engine.ts";
import type { Objects } from "./objects.ts";
import type { Packed } from "./pack.ts";
import { parseTree, type Item } from "./trees.ts";

const FOLDER = "040000";

/** Both sides of the airlock: what came in, and what the tree below it holds. */
interface Sides {
  came: ReadonlyMap<Sha, Packed>;
  ours: Objects;
  /** Every object of the parent's tree: nothing else of ours may be named. */
  known: ReadonlySet<string>;
  edits: Map<string, Uint8Array | null>;
}

/** What a tree that came in changes in a tree of ours. `known`: every object of that tree. Throws `Refused` for what no proposal may hold. */
export async function treeEdits(
  ours: Objects,
  came: ReadonlyMap<Sha, Packed>,
  { old, now, known }: { old: Sha; now: Sha; known: ReadonlySet<string> },
): Promise<Edits> {
  const sides: Sides = { came, ours, known, edits: new Map() };
  await compare(sides, "", { old, now });
  return new Map([...sides.edits].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Compares two folders; only what differs is entered. */
async function compare(
  sides: Sides,
  path: string,
  { old, now }: { old: Sha | null; now: Sha | null },
): Promise<void> {
  if (old === now) return;
  if (path.split("/").length > LIMITS.depth)
    throw new Refused("huge", `its folders lie more than ${LIMITS.depth} deep`);
  const before = old === null ? [] : parse(await one(sides.ours, old), old);
  const after = now === null ? [] : parse(await folder(sides, now, path), now);
  const names = new Map(before.map((item) => [item.name, item]));
  if (new Set(after.map((item) => item.name)).size < after.length)
    throw new Refused("tree", `${shown(path)} holds a name twice`);
  for (const item of after) {
    const was = names.get(item.name);
    names.delete(item.name);
    await entry(sides, path + item.name, { was, item });
  }
  for (const gone of names.values()) await remove(sides, path + gone.name, gone);
}

const parse = (raw: Buffer, id: Sha): Item[] => parseTree(raw, id.length / 2);

async function one(objects: Objects, id: Sha): Promise<Buffer> {
  return (await objects.read("tree", [id])).get(id) ?? Buffer.alloc(0);
}

/** A folder comes along, or is one of the parent's, copied: none that lies elsewhere in our clone is looked up. */
async function folder({ came, ours, known }: Sides, id: Sha, path: string): Promise<Buffer> {
  const packed = came.get(id);
  if (packed === undefined && known.has(id)) return one(ours, id);
  if (packed?.kind === "tree" && isTree(packed.content, id.length / 2)) return packed.content;
  throw new Refused("tree", `the folder ${shown(path)} did not come along, or is none`);
}

/** Entry by entry to the very last byte: `<mode> <name>\0<id>`. */
function isTree(raw: Buffer, size: number): boolean {
  let at = 0;
  while (at < raw.length) {
    const end = raw.indexOf(0, at);
    if (end < 0 || !/^[0-7]{5,6} [^]+$/.test(raw.toString("latin1", at, end))) return false;
    at = end + 1 + size;
  }
  return at === raw.length;
}

interface Met {
  was: Item | undefined;
  item: Item;
}

async function entry(sides: Sides, path: string, { was, item }: Met): Promise<void> {
  if (was?.mode === item.mode && was.id === item.id) return;
  const fault = pathFault(path);
  if (fault !== null) throw new Refused("path", `${shown(path)}: ${fault}`);
  const wasFolder = was?.mode === FOLDER;
  if (item.mode === FOLDER) {
    if (was !== undefined && !wasFolder) await remove(sides, path, was);
    return compare(sides, `${path}/`, { old: wasFolder ? was.id : null, now: item.id });
  }
  checkMode(path, { was, item });
  if (wasFolder) await remove(sides, path, was);
  set(sides, path, await content(sides, item, path));
}

/** A file is a plain one, and stays what it was. */
function checkMode(path: string, { was, item }: Met): void {
  const wanted = was?.mode === "100755" ? "100755" : "100644";
  if (item.mode === wanted) return;
  throw new Refused("mode", `${shown(path)} would be ${MODES.get(item.mode) ?? "of an unknown kind"}`);
}

const MODES = new Map([
  ["120000", "a symbolic link"],
  ["160000", "a submodule"],
  ["100755", "made executable"],
  ["100644", "no longer executable"],
]);

async function content({ came, ours, known }: Sides, { id }: Item, path: string): Promise<Uint8Array> {
  const packed = came.get(id);
  if (packed?.kind === "blob") return packed.content;
  if (packed === undefined && known.has(id)) {
    const blob = (await ours.read("blob", [id])).get(id);
    if (blob !== undefined) return blob;
  }
  throw new Refused("tree", `the content of ${shown(path)} did not come along`);
}

async function remove(sides: Sides, path: string, { mode, id }: Item): Promise<void> {
  if (mode === FOLDER) return compare(sides, `${path}/`, { old: id, now: null });
  set(sides, path, null);
}

function set({ edits }: Sides, path: string, what: Uint8Array | null): void {
  // A file that takes a folder's place, or the other way round, is told once: what stands there in the end.
  if (what !== null || !edits.has(path)) edits.set(path, what);
  if (edits.size > LIMITS.files) throw new Refused("huge", `it changes more than ${LIMITS.files} files`);
}

/** A stranger's path, short and on one line. */
const shown = (path: string): string =>
  path === "" ? "the root" : JSON.stringify(path.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200));
