import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Fault } from "../domain/fault.ts";
import type { Step } from "../domain/starter/starter.ts";
import { gitAt } from "./folder.ts";
import type { Environment, Git } from "./git.ts";
import { answered, porcelainIn } from "./porcelain.ts";

/** The one remote that pullbeat works with. */
export const REMOTE = "origin";

/** Does one step of a beginning in a folder. */
export async function takeStep({ dir, env }: { dir: string; env: Environment }, step: Step): Promise<void> {
  const git = await gitAt(dir, env);
  const porcelain = porcelainIn(dir, env);
  switch (step.kind) {
    case "init":
      await answered("init", porcelain.init(false, [`--initial-branch=${step.branch}`]));
      return;
    case "write":
      for (const [path, text] of step.files) await writeNew(join(dir, path), text);
      return;
    case "commit":
      await commit(git, step);
      return;
    case "remote":
      if (!step.exists)
        await answered("init", porcelain.init(true, [`--initial-branch=${step.branch}`, step.path]));
      await answered("remote", porcelain.addRemote(REMOTE, step.path));
      return;
    case "push":
      await git.run(["push", "--quiet", "--set-upstream", REMOTE, `refs/heads/${step.branch}`]);
      await git.run(["remote", "set-head", REMOTE, step.branch]);
      return;
    default:
      step satisfies never;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" }).catch((cause: unknown) => {
    throw new Fault("refused", `${path} could not be written as a new file`, {
      cause,
      next: "pullbeat init --dry-run",
    });
  });
}

/** Only these files: what else lies in the folder, or is staged, is not ours to commit. */
async function commit(git: Git, { paths, message, who }: Extract<Step, { kind: "commit" }>): Promise<void> {
  const pathspecs = ["--", ...paths];
  const isNamed = (await configured(git, "user.name")) !== null;
  const named = isNamed ? [] : ["-c", `user.name=${who.login}`];
  await git.run(["--literal-pathspecs", "add", "--force", ...pathspecs]);
  await git.run(["--literal-pathspecs", ...named, "commit", "--quiet", `--message=${message}`, ...pathspecs]);
}

/** A setting of git's; null where nobody set it. */
export async function configured(git: Git, key: string): Promise<string | null> {
  const said = await git.run(["config", "--get", key], { ok: [0, 1] });
  return said.out.toString().trim() || null;
}
