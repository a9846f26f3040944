import type { Entry } from "../domain/change.ts";
import { fold } from "../domain/path.ts";
import type { Tree } from "../port/engine.ts";

/** The job's tree with the attempt's own texts laid over it. Nothing is ever deleted through it. */
export interface Overlay {
  /** What was written, by path. */
  readonly edits: ReadonlyMap<string, string>;
  entry(path: string): Entry | undefined;
  put(path: string, text: string): void;
  /** Why a path cannot stand beside what is there: a link, a file in a folder's place, another spelling. */
  clash(path: string): string | null;
}

export function layOver(tree: Tree): Overlay {
  const entries = new Map(tree.entries.map((e) => [e.path, e]));
  const edits = new Map<string, string>();
  // Most attempts write a file or two of thousands: the names are folded when the first one is.
  let names: Names | null = null;
  return {
    edits,
    entry: (path) => entries.get(path),
    put(path, text) {
      edits.set(path, text);
      if (names !== null) register(names, path);
    },
    clash(path) {
      const mode = entries.get(path)?.mode;
      if (mode === "120000" || mode === "160000") return `${path} is a link or a submodule`;
      if (mode !== undefined || edits.has(path)) return null;
      names ??= namesOf([...entries.keys(), ...edits.keys()]);
      return clashAmong(names, path);
    },
  };
}

/** Every file and folder by its folded name: the spelling that stands, and whether it is a folder. */
type Names = Map<string, { path: string; folder: boolean }>;

/** `a/b/c` -> `a`, `a/b`, `a/b/c`. */
const prefixes = (path: string): string[] =>
  path.split("/").map((_, i, segments) => segments.slice(0, i + 1).join("/"));

function namesOf(paths: readonly string[]): Names {
  const names: Names = new Map();
  for (const path of paths) register(names, path);
  return names;
}

function register(names: Names, path: string): void {
  for (const prefix of prefixes(path)) names.set(fold(prefix), { path: prefix, folder: prefix !== path });
}

function clashAmong(names: Names, path: string): string | null {
  for (const prefix of prefixes(path)) {
    const there = names.get(fold(prefix));
    if (there === undefined) continue;
    if (there.path !== prefix)
      return `${there.path} is there already, and some file systems cannot tell it from ${prefix}`;
    if (there.folder !== (prefix !== path))
      return `${prefix} is a ${there.folder ? "folder" : "file or link, not a folder"}`;
  }
  return null;
}
