import { access, constants, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ground } from "../domain/doctor/facts.ts";
import { gitAt } from "./folder.ts";
import type { Git } from "./git.ts";
import { lookAtRemote, lookAtRepository } from "./starter.ts";
import { SCHEMAS } from "./template.ts";
import { topOf, type Checkout } from "./worktree.ts";

/** Machine, clone and remote as git tells of them. A remote that gives no answer is a doubt; no repository is a `Fault`. */
export async function groundAt(checkout: Checkout, node: string): Promise<Ground> {
  const git = await gitAt(checkout.dir, checkout.env);
  const said = (await git.run(["version"])).out.toString();
  const top = await topOf(checkout);
  if ("fault" in top) throw top.fault;
  const here = await lookAtRepository(git);
  const far = here.origin === null ? null : await lookAtRemote(git);
  return {
    git: /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.trim(),
    node,
    origin: here.origin,
    base: far?.base ?? null,
    clashes: [...here.clashes, ...(far?.clashes ?? [])],
    doubts: far?.doubts ?? [],
    sealed: await sealedIn(git),
  };
}

/**
 * Folders of the clone that whoever asks may not write to, though a tick must: for objects and for refs. Who fetches
 * nothing new writes nothing, so nobody would notice before. Only asked, not tried: nothing is left behind.
 */
async function sealedIn(git: Git): Promise<string[]> {
  const said = await git.run(["rev-parse", "--path-format=absolute", "--git-common-dir"]);
  const home = said.out.toString().replace(/\n$/, "");
  const objects = join(home, "objects");
  const folders = [
    home,
    objects,
    ...(await foldersIn(objects, { recursive: false })),
    join(home, "refs"),
    ...(await foldersIn(join(home, "refs"), { recursive: true })),
  ];
  const may = await Promise.all(folders.map(mayWrite));
  return folders.filter((_, i) => may[i] === false);
}

async function foldersIn(folder: string, { recursive }: { recursive: boolean }): Promise<string[]> {
  const found = await readdir(folder, { recursive, withFileTypes: true }).catch(() => []);
  return found.filter((e) => e.isDirectory()).map((e) => join(e.parentPath, e.name));
}

const mayWrite = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    // Another pullbeat tidies up its refs meanwhile.
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );

/** The schema files that `init` writes, by the path they have in a repository. */
export async function shippedSchemas(folder: string): Promise<Map<string, string>> {
  const files = Object.entries(SCHEMAS).map(
    async ([name, path]) => [path, await readFile(join(folder, name), "utf8")] as const,
  );
  return new Map(await Promise.all(files));
}
