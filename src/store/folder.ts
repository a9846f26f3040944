import { stat } from "node:fs/promises";
import { Fault } from "../domain/fault.ts";
import { gitIn, type Environment, type Git } from "./git.ts";

/** git in a folder that somebody named; a `Fault` when there is no such folder. */
export async function gitAt(dir: string, env: Environment): Promise<Git> {
  const folder = await stat(dir).catch(() => null);
  if (folder?.isDirectory() !== true) throw new Fault("git", `${dir} is no folder`);
  return gitIn(dir, env);
}

export const noRepository = (dir: string): Fault =>
  new Fault("git", `${dir} is not in a git repository`, { next: "git init, or clone one" });
