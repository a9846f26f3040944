import { chmod, lstat, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { constants, type Dirent } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Entry } from "../domain/change.ts";
import { matchesAny } from "../domain/glob.ts";
import { pathFault } from "../domain/path.ts";
import type { Shown, Tree } from "../port/engine.ts";

/** A folder of one attempt's own, with a work tree in it. */
export interface PrivateTree {
  /** The work tree. */
  root: string;
  /** An empty folder beside it, for HOME. */
  home: string;
  /** What was put there. */
  put: Shown[];
  /** What stands there now that did not, and what is gone. Nothing is followed. */
  diff(): Promise<Diff>;
  remove(): Promise<void>;
}

interface Diff {
  edits: Map<string, Uint8Array | null>;
  /** What was left behind and cannot be a file of a proposal, one sentence each. */
  refused: string[];
}

/** A tree with the patterns of what is taken from it. */
export interface Source {
  tree: Tree;
  globs: readonly string[];
}

/** Files and folders that are looked at afterwards; more than that were not left behind in good faith. */
const MOST_ENTRIES = 50_000;
/** Bytes of one changed file, and of all of them; gates have bounds far below. */
const MOST_BYTES = 16_000_000;
const MOST_TOTAL = 64_000_000;

const isFile = ({ mode, path }: Entry): boolean =>
  (mode === "100644" || mode === "100755") && pathFault(path) === null;

/** Lays out regular files of the sources in a new folder; of one path in two sources, the later one's counts. */
export async function privateTree(sources: readonly Source[]): Promise<PrivateTree> {
  const folder = await mkdtemp(join(tmpdir(), "pullbeat-"));
  const [root, home] = [join(folder, "tree"), join(folder, "home")];
  await mkdir(root);
  await mkdir(home);
  const wanted = new Map<string, { entry: Entry; tree: Tree }>();
  for (const { tree, globs } of sources)
    for (const entry of tree.entries)
      if (isFile(entry) && matchesAny(globs, entry.path)) wanted.set(entry.path, { entry, tree });
  const before = await layOut(root, wanted).catch(async (error: unknown) => {
    await removeAll(folder);
    throw error;
  });
  return {
    root,
    home,
    put: [...wanted].map(([path, { entry }]) => ({ path, blob: entry.blob })),
    diff: () => compare(root, before),
    remove: () => removeAll(folder),
  };
}

/** Puts the files there; their contents by path. */
async function layOut(
  root: string,
  wanted: ReadonlyMap<string, { entry: Entry; tree: Tree }>,
): Promise<Map<string, Uint8Array>> {
  const before = new Map<string, Uint8Array>();
  for (const [path, { entry, tree }] of wanted) {
    const bytes = await tree.read(path);
    if (bytes === null) continue;
    before.set(path, bytes);
    await putFile(join(root, path), bytes, entry.mode === "100755");
  }
  return before;
}

async function putFile(file: string, bytes: Uint8Array, executable: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes, { flag: "wx", mode: executable ? 0o755 : 0o644 });
}

async function compare(root: string, before: ReadonlyMap<string, Uint8Array>): Promise<Diff> {
  const diff: Diff = { edits: new Map(), refused: [] };
  const gone = new Set(before.keys());
  const walk: Walk = { root, diff, left: MOST_ENTRIES };
  let total = 0;
  for await (const path of filesUnder(walk, "")) {
    gone.delete(path);
    const bytes = await readRegular(join(root, path));
    if (typeof bytes === "string") diff.refused.push(`${shown(path)}: ${bytes}`);
    else if (!before.has(path) || Buffer.compare(bytes, before.get(path) ?? bytes) !== 0) {
      diff.edits.set(path, bytes);
      if ((total += bytes.byteLength) > MOST_TOTAL) {
        diff.refused.push(`more than ${MOST_TOTAL} bytes were left behind`);
        return diff;
      }
    }
  }
  for (const path of gone) diff.edits.set(path, null);
  if (walk.left <= 0) diff.refused.push(`more than ${MOST_ENTRIES} files and folders were left behind`);
  return diff;
}

interface Walk {
  root: string;
  diff: Diff;
  left: number;
}

/** Every name under a folder that may be a file of a proposal. Links are not followed; odd names are refused. */
async function* filesUnder(walk: Walk, folder: string): AsyncGenerator<string> {
  for (const entry of await namesIn(walk, folder)) {
    if (walk.left-- <= 0) return;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const fault = pathFault(path);
    if (fault !== null) walk.diff.refused.push(`${shown(path)}: ${fault}`);
    else if (entry.isDirectory()) yield* filesUnder(walk, path);
    else yield path;
  }
}

/** The work tree itself may have been replaced by a link, and a folder may have been closed. */
async function namesIn({ root, diff }: Walk, folder: string): Promise<Dirent[]> {
  const real = join(root, folder);
  try {
    if ((await lstat(real)).isDirectory()) return await readdir(real, { withFileTypes: true });
    diff.refused.push(`${shown(folder)}: not a folder any more`);
  } catch (error) {
    diff.refused.push(`${shown(folder)}: ${unreadable(error)}`);
  }
  return [];
}

const unreadable = (error: unknown): string =>
  `cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown"})`;

/** The bytes of a regular file of its own; a sentence when it is anything else. */
async function readRegular(file: string): Promise<Uint8Array | string> {
  try {
    return await readPlain(file);
  } catch (error) {
    return unreadable(error);
  }
}

async function readPlain(file: string): Promise<Uint8Array | string> {
  const stat = await lstat(file);
  if (stat.isSymbolicLink()) return "a symbolic link";
  if (!stat.isFile()) return "not a regular file";
  if (stat.nlink > 1) return "a hard link";
  if (stat.size > MOST_BYTES) return `larger than ${MOST_BYTES} bytes`;
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** A name as an error shows it: on one line, with what cannot be seen made visible. */
const shown = (path: string): string => JSON.stringify(path.slice(0, 200));

/** Folders that a program has closed to itself are opened again first. */
async function removeAll(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await openFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function openFolders(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
}
