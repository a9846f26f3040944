import { simpleGit, type SimpleGit } from "simple-git";
import { Fault, sentence } from "../domain/fault.ts";
import { ALLOWED, clean, CONFIG, lastWords, type Environment } from "./git.ts";

/** Programs that git could start and that simple-git therefore refuses to pass on; none of our commands needs them. */
const PROGRAMS = ["EDITOR", "VISUAL", "PAGER", "PREFIX"];

/** simple-git under the same conditions as `gitIn`: for making repositories, clones and remotes, as a person would. */
export function porcelainIn(dir: string, env: Environment): SimpleGit {
  const known = Object.entries(clean(env)).filter(([key]) => !PROGRAMS.includes(key.toUpperCase()));
  return simpleGit({
    baseDir: dir,
    config: CONFIG,
    allowEnvironment: ALLOWED,
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
    },
  }).env(Object.fromEntries(known));
}

/** What simple-git answers; its refusals in the form of all others. */
export async function answered<T>(command: string, answer: PromiseLike<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Fault("git", `git ${command} failed: ${lastWords(sentence(cause))}`, { cause });
  }
}
