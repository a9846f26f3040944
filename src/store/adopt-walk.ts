import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import { textOf } from "../domain/text/text.ts";
import type { Given } from "../port/shelf.ts";
import { parseLeaf } from "./leaf.ts";

/** Where names count from, and the root of the repository. */
interface Ground {
  dir: string;
  top: string;
}

/** More than any fleet has; a slip such as `adopt /` ends here. */
const MOST_FILES = 10_000;
const MB = 1024 * 1024;

/** The files that names stand for, each once, in the order of the names. */
export async function gather({ dir, top }: Ground, names: readonly string[]): Promise<Given[]> {
  const given = new Map<string, Given>();
  for (const name of names) {
    const start = resolve(dir, name);
    const files = await filesOf(start);
    for (const path of files.length === 0 ? [start] : files) {
      const real = await realpath(path).catch(() => path);
      if (!given.has(real)) given.set(real, await take(real, placeIn(top, { path, real })));
      if (given.size > MOST_FILES)
        throw new Fault("usage", `${name} holds more than ${MOST_FILES} markdown files`, {
          expected: "the folder of the specs or of the board",
        });
    }
  }
  return [...given.values()];
}

/** How a file is called, and where it lies in the repository. A file outside is called by its whole path. */
function placeIn(top: string, { path, real }: { path: string; real: string }): Omit<Given, "text"> {
  const within = relative(top, real).split(sep).join("/");
  if (!within.startsWith("../") && within !== ".." && within !== real) return { file: within, path: within };
  return { file: path.split(sep).join("/"), path: null };
}

async function take(real: string, place: Omit<Given, "text">): Promise<Given> {
  const broken = (rule: string, message: string): Given => ({
    ...place,
    text: { rule, level: "error", message, file: place.file, line: 1, column: 1 },
  });
  const found = await stat(real).catch(() => null);
  if (found === null) return broken("file/missing", "there is no such file or folder");
  if (!found.isFile())
    return broken("file/kind", "expected a file, or a folder that can be read and holds markdown files");
  if (found.size > MB) return broken("file/size", "the file is larger than 1 MB");
  const bytes = await readFile(real).catch(() => null);
  if (bytes === null) return broken("file/unreadable", "the file cannot be read");
  return { ...place, text: textOf(bytes) ?? notText(place.file, bytes) ?? "" };
}

/** The finding of bytes that are no text, with the place of the first. */
function notText(path: string, bytes: Uint8Array): Finding | undefined {
  const leaf = parseLeaf("task", { path, blob: "", bytes });
  return leaf.kind === "bad" ? leaf.findings[0] : undefined;
}

/** A file is itself, also one that is not there; a folder is what it holds. */
async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? walk(path) : [path];
}

const NOT_OURS = new Set([".git", "node_modules"]);
/** Folders of Backlog.md that hold tasks. Documents, decisions and milestones lie beside them. */
const BOARD = ["tasks", "completed", "archive/tasks", "drafts", "archive/drafts"];

/** Markdown files below a folder. Links are not followed: they may lead round in a circle. */
async function walk(folder: string): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : null,
  );
  // Named as it is, and refused then: what cannot be seen is not nothing.
  if (found === null) return [folder];
  const entries = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(entries.map((e) => e.name));
  if (names.has("tasks") && names.has("config.yml")) {
    const parts = await Promise.all(BOARD.map((part) => walk(join(folder, part))));
    return parts.flat();
  }
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) files.push(...(await walk(path)));
    else if (entry.isFile() && /\.md$/i.test(entry.name) && !/^readme\.md$/i.test(entry.name))
      files.push(path);
    if (files.length > MOST_FILES) return files;
  }
  return files;
}
