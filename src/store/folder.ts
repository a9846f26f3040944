import { stat } from "node:fs/promises";
import { Fault } from "../domain/fault.ts";
import { gitIn, lastWords, type Environment, type Git } from "./git.ts";

/** git in a folder that somebody named; a `Fault` when there is no such folder. */
export async function gitAt(dir: string, env: Environment): Promise<Git> {
  const folder = await stat(dir).catch(() => null);
  if (folder?.isDirectory() !== true)
    throw new Fault("git", `${dir} is no folder`, {
      expected: "the folder of a clone, behind -C",
      next: `ls -d ${dir}`,
    });
  return gitIn(dir, env);
}

/** Why git found no repository in a folder: there is none, or git will not have it, and says why. */
export function noRepository(dir: string, err: string): Fault {
  if (/dubious ownership/.test(err))
    return new Fault("git", `git does not trust the repository in ${dir}: somebody else owns it`, {
      expected: "a repository of your own, or one that you told git to trust",
      next: /git config --global --add safe\.directory .*/.exec(err)?.[0] ?? "git status",
    });
  if (!/not a git repository|^$/i.test(err))
    return new Fault("git", `git cannot read the repository in ${dir}: ${lastWords(err)}`, {
      next: "git status",
    });
  return new Fault("git", `${dir} is not in a git repository`, {
    expected: "a clone of the fleet's repository, or `-C <dir>` with one",
    next: "pullbeat init --dry-run tells what a fleet would begin with here",
  });
}
