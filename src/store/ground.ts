import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ground } from "../domain/doctor/facts.ts";
import { gitAt } from "./folder.ts";
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
  };
}

/** The schema files that `init` writes, by the path they have in a repository. */
export async function shippedSchemas(folder: string): Promise<Map<string, string>> {
  const files = Object.entries(SCHEMAS).map(
    async ([name, path]) => [path, await readFile(join(folder, name), "utf8")] as const,
  );
  return new Map(await Promise.all(files));
}
