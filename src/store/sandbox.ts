import { chmod, lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../domain/fault.ts";
import { gitIn, type Environment, type Git } from "./git.ts";
import { answered, porcelainIn } from "./porcelain.ts";

export interface SandboxOptions {
  /** A folder of the repository whose committed state is copied. */
  from: string;
  /** Where the sandbox goes. An older sandbox there is replaced; any other folder is not. */
  to: string;
  /** When the copy was committed, for those who ask. */
  at: Date;
  /** The person who sits at the clone. */
  person: { name: string; email: string };
  env: Environment;
}

export interface Sandbox {
  origin: string;
  clone: string;
}

const MARK = ".pullbeat-sandbox";

/** A bare remote that holds one commit, the repository as it is committed now, and a person's clone of it. */
export async function makeSandbox({ from, to, at, person, env }: SandboxOptions): Promise<Sandbox> {
  const top = await topOf(gitIn(from, env));
  await clear(to);
  const origin = join(to, "origin.git");
  const clone = join(to, "clone");
  await mkdir(origin);
  await answered("init", porcelainIn(origin, env).init(true, ["--initial-branch=main"]));
  await copyTree(gitIn(origin, env), top, at);
  await answered("clone", porcelainIn(to, env).clone(origin, clone));
  const near = porcelainIn(clone, env);
  await answered("config", near.addConfig("user.name", person.name));
  await answered("config", near.addConfig("user.email", person.email));
  return { origin, clone };
}

/** The top of the checkout; a `Fault` when there is nothing committed that could be copied. */
async function topOf(git: Git): Promise<string> {
  const head = await git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { ok: "any" });
  if (head.code === 0) return (await git.run(["rev-parse", "--show-toplevel"])).out.toString().trim();
  throw new Fault("git", "the repository has no commit yet", {
    expected: "a fleet that is committed: a sandbox copies what HEAD holds",
    next: "git add . && git commit",
  });
}

/** History stays behind: a sandbox's day begins with its first commit. */
async function copyTree(far: Git, from: string, at: Date): Promise<void> {
  await far.run([
    "fetch",
    "--quiet",
    "--depth=1",
    "--no-tags",
    "--end-of-options",
    from,
    "HEAD:refs/heads/copied",
  ]);
  const seconds = Math.floor(at.getTime() / 1000);
  const who = `pullbeat demo <demo@example.com> ${seconds} +0000`;
  const tree = (await far.run(["rev-parse", "refs/heads/copied^{tree}"])).out.toString().trim();
  const commit = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nThe fleet, as it stands\n`;
  const written = await far.run(["hash-object", "-t", "commit", "-w", "--stdin"], { input: commit });
  await far.run(["update-ref", "refs/heads/main", written.out.toString().trim()]);
  await far.run(["update-ref", "-d", "refs/heads/copied"]);
  await rm(join((await far.run(["rev-parse", "--absolute-git-dir"])).out.toString().trim(), "shallow"), {
    force: true,
  });
}

/** Only what a sandbox left behind is ever removed: its mark goes last, so that what a crash leaves is one still. */
async function clear(dir: string): Promise<void> {
  const there = await namesIn(dir);
  if (there.length > 0 && !there.includes(MARK))
    throw new Fault("usage", `${dir} is not empty, and no sandbox`, { next: ELSEWHERE });
  for (const name of there.toSorted((a, b) => Number(a === MARK) - Number(b === MARK)))
    await rm(join(dir, name), { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, MARK), "A sandbox of pullbeat: `pullbeat demo` replaces it.\n");
  // It usually lies in the repository that it was made from, and is none of its files.
  await writeFile(join(dir, ".gitignore"), "*\n");
}

const ELSEWHERE = "name another folder with --to";

/** What lies in a folder; nothing where there is none. A place that cannot be looked into is not an empty one. */
async function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(async (error: NodeJS.ErrnoException) => {
    const isThere = await lstat(dir).then(
      () => true,
      () => false,
    );
    if (error.code === "ENOENT" && !isThere) return [];
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    const what = error.code === "ENOENT" ? "is a link to nothing" : "is a file";
    throw new Fault("usage", `${dir} ${isThere ? what : "lies below a file"}`, {
      expected: "a folder that is empty, or not there yet",
      next: ELSEWHERE,
    });
  });
}

export interface Launcher {
  /** Program and arguments that run pullbeat. */
  command: readonly string[];
  clone: string;
  env: Readonly<Record<string, string>>;
}

/** A program in the sandbox that runs pullbeat in its clone, so that commands to copy are short. */
export async function writeLauncher(path: string, { command, clone, env }: Launcher): Promise<void> {
  const settings = Object.entries(env).map(([name, value]) => `export ${name}="\${${name}:-${value}}"\n`);
  const script = `exec ${command.map(quoted).join(" ")} -C ${quoted(clone)} "$@"`;
  await writeFile(path, `#!/bin/sh\n${settings.join("")}${script}\n`);
  await chmod(path, 0o755);
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
