import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { textOf } from "../domain/text/text.ts";
import type { Shelf } from "../port/shelf.ts";
import { openForeign } from "./adopt-read.ts";
import { gather } from "./adopt-walk.ts";
import { composeMatter } from "./edit.ts";
import { gitAt, noRepository } from "./folder.ts";
import { kindOf, parseText } from "./leaf.ts";
import type { Checkout } from "./worktree.ts";

/** The shelf of a checkout: files come from anywhere on the disk and go into the repository. */
export async function shelfIn({ dir, env }: Checkout): Promise<Shelf> {
  const said = await (await gitAt(dir, env)).run(["rev-parse", "--show-toplevel"], { ok: "any" });
  if (said.code !== 0) throw noRepository(dir, said.err);
  const top = said.out.toString().replace(/\n$/, "");
  return {
    gather: (names) => gather({ dir, top }, names),
    open: openForeign,
    read: (path) => read(join(top, path)),
    put: (path, text) => put(top, path, text),
    compose: composeMatter,
    inspect(path, text) {
      const kind = kindOf(path);
      const leaf = kind === null ? null : parseText(kind, { path, blob: "", text });
      return leaf?.kind === "bad" ? leaf.findings : [];
    },
  };
}

/** Something that is there and is no text is a text that nothing equals. */
async function read(path: string): Promise<string | null> {
  if ((await lstat(path).catch(() => null)) === null) return null;
  const bytes = await readFile(path).catch(() => null);
  return (bytes === null ? null : textOf(bytes)) ?? "";
}

/** Folders are made one by one: a symbolic link among them would lead out of the repository. */
async function put(top: string, path: string, text: string): Promise<string | null> {
  const folders = dirname(path).split("/");
  for (const [i] of folders.entries()) {
    const folder = folders.slice(0, i + 1).join("/");
    await mkdir(join(top, folder)).catch(() => null);
    const found = await lstat(join(top, folder)).catch(() => null);
    if (found?.isDirectory() !== true) return `${folder} is no folder that can be written to`;
  }
  try {
    await writeFile(join(top, path), text, { flag: "wx" });
    return null;
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return `${path} could not be written (${why})`;
  }
}
