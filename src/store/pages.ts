import { lstat, readFile, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { Fault } from "../domain/fault.ts";
import { pathFault } from "../domain/path.ts";
import { textOf } from "../domain/text/text.ts";
import type { Pages } from "../port/pages.ts";
import { tokens } from "./diff.ts";
import type { Git } from "./git.ts";
import { frontData } from "./matter.ts";
import { topOf, type Checkout } from "./worktree.ts";

/** Larger files are not read. */
const MOST_BYTES = 8_000_000;

/**
 * The pages of a checkout, or of a plain folder; their sources are those of `base`, a name of git's for a commit, or of
 * the work tree.
 */
export async function pagesIn(checkout: Checkout, base?: string): Promise<Pages> {
  const looked = await topOf(checkout);
  if ("fault" in looked && base !== undefined) throw looked.fault;
  const found = "fault" in looked ? null : looked;
  const root = await realpath(found?.top ?? checkout.dir);
  const commit = found === null || base === undefined ? null : await commitOf(found.git, base);
  const text = (path: string): Promise<string | null> => onDisk(root, path);
  return {
    locate: (file) => locate(root, checkout.dir, file),
    text,
    source: found === null || commit === null ? text : (path) => inCommit(found.git, commit, path),
    front: frontData,
  };
}

async function commitOf(git: Git, name: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  const { code, out } = await git.run(args, { ok: "any" });
  if (code === 0) return out.toString().trim();
  throw new Fault("usage", `there is no commit ${name} here`, {
    expected: "--base with a commit, branch or tag",
  });
}

async function locate(root: string, dir: string, file: string): Promise<string> {
  const whole = resolve(await realpath(dir), file);
  const path = relative(root, whole).split(sep).join("/");
  if (path === "" || path.startsWith("../") || isAbsolute(path))
    throw new Fault("usage", `${file} is no file of this repository`);
  return path;
}

/** No link is followed, at no step of the path: what is read lies in the checkout. */
async function onDisk(root: string, path: string): Promise<string | null> {
  if (pathFault(path) !== null) return null;
  const whole = join(root, ...path.split("/"));
  const found = await lstat(whole).catch(() => null);
  if (found?.isFile() !== true || found.size > MOST_BYTES || (await realpath(whole)) !== whole) return null;
  return textOf(await readFile(whole));
}

async function inCommit(git: Git, commit: string, path: string): Promise<string | null> {
  if (pathFault(path) !== null) return null;
  const [entry = ""] = tokens((await git.run(["ls-tree", "-z", "--full-tree", commit, "--", path])).out);
  const [, blob] = /^100\d{3} blob ([0-9a-f]+)\t/.exec(entry) ?? [];
  return blob === undefined ? null : textOf((await git.run(["cat-file", "blob", blob])).out);
}
