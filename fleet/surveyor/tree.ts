import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Files of a work tree by their path from its root, as text, in order. */
export type Tree = ReadonlyMap<string, string>;

/** Folders that hold nothing of the repository's own. */
const SKIPPED = new Set([".git", "node_modules", "dist", ".demo"]);

export const readTree = (root: string): Tree =>
  new Map([...pathsBelow(root, "")].sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));

function* pathsBelow(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* pathsBelow(root, `${path}/`);
    if (entry.isFile()) yield path;
  }
}
