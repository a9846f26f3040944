import type { Config } from "../domain/config.ts";
import { gitAt } from "./folder.ts";
import { CONFIG, parseText } from "./leaf.ts";
import type { Checkout } from "./worktree.ts";

/** The config of a remote's branch where it was last seen; null when it was not, or cannot be read. Asks nobody. */
export async function lastConfig(
  { dir, env }: Checkout,
  { remote, branch }: { remote: string; branch: string },
): Promise<Config | null> {
  const git = await gitAt(dir, env);
  const name = `refs/remotes/${remote}/${branch}:${CONFIG}`;
  const said = await git.run(["cat-file", "blob", name], { ok: "any" });
  if (said.code !== 0) return null;
  const leaf = parseText("config", { path: CONFIG, blob: "", text: said.out.toString() });
  return leaf.kind === "config" ? leaf.config : null;
}

/** Where a remote lies, as the clone says it. */
export async function remoteUrl({ dir, env }: Checkout, remote: string): Promise<string> {
  const git = await gitAt(dir, env);
  return (await git.run(["remote", "get-url", remote])).out.toString().trim();
}
