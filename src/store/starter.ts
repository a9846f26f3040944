import { lstat, readFile, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { WORKFLOWS } from "../domain/actions/files.ts";
import { Fault } from "../domain/fault.ts";
import { onGithub } from "../domain/starter/starter-hub.ts";
import type { Found, Template } from "../domain/starter/starter.ts";
import { textOf } from "../domain/text/text.ts";
import type { Kit } from "../port/starter.ts";
import { configured, REMOTE, takeStep } from "./begin.ts";
import { gitAt } from "./folder.ts";
import { checkVersion, type Environment, type Git } from "./git.ts";
import { readHead, readRefs } from "./refs.ts";
import { fleetBeside, templateFiles } from "./template.ts";
import { lastTip, unseen } from "./worktree.ts";

/** Where a fleet is to begin, and what it is made of. */
export interface KitOptions {
  dir: string;
  env: Environment;
  /** The folder that holds the templates. */
  templates: string;
  /** The folder that holds the JSON Schemas, which go into the repository so that editors find them without a network. */
  schemas: string;
}

/** Branches below which the fleet's own would lie: as a file is no folder, a branch leaves no room for others. */
const CLASHES = ["pullbeat", "pullbeat/work"];

/** The door to a folder that may not be a repository yet. */
export function kitIn(options: KitOptions): Kit {
  const { dir, env } = options;
  return {
    look: (template, how) => look(options, template, how?.github === true),
    take: (step) => takeStep({ dir, env }, step),
  };
}

async function look(options: KitOptions, template: Template, github: boolean): Promise<Found> {
  const { dir, env } = options;
  const git = await gitAt(dir, env);
  await checkVersion(git);
  const hasRepository = await isTop(git, dir);
  const plain = await templateFiles(options, template);
  const files = github ? onGithub(plain) : plain;
  const there = await placesTaken(dir, [...files.keys(), ...(github ? WORKFLOWS : [])]);
  const here = hasRepository ? await lookAtRepository(git) : NONE;
  const far = here.origin === null ? NOWHERE : await lookAtRemote(git);
  const folder = await realpath(dir);
  return {
    ...here,
    ...far,
    branch: hasRepository ? here.branch : ((await configured(git, "init.defaultBranch")) ?? "main"),
    hasRepository,
    clashes: [...here.clashes, ...far.clashes],
    beside: await besideOf(folder, env),
    identity: { email: await configured(git, "user.email"), name: await configured(git, "user.name") },
    template: files,
    there,
    fleet: github ? await fleetBeside(options, { files, there, hasRepository }) : null,
    unseen: hasRepository ? await unseenIn(options) : { uncommitted: false, unpushed: false },
  };
}

/** False outside of a repository. Inside of one, but not at its top, the fleet would lie where nobody looks for it. */
async function isTop(git: Git, dir: string): Promise<boolean> {
  const said = await git.run(["rev-parse", "--show-toplevel"], { ok: "any" });
  if (said.code === 0) {
    const top = said.out.toString().replace(/\n$/, "");
    if ((await realpath(top)) === (await realpath(dir))) return true;
    throw new Fault("refused", `${dir} lies inside of the repository ${top}`, {
      expected: "the top of a repository, or a folder outside of any",
      next: `pullbeat init -C ${top}; or \`git init\` here first`,
    });
  }
  const inside = await git.run(["rev-parse", "--git-dir"], { ok: "any" });
  if (inside.code !== 0) return false;
  throw new Fault("refused", `${dir} is a bare repository, or git's own folder`, {
    expected: "a folder with files",
  });
}

const NONE = { branch: null, hasCommit: false, origin: null, clashes: [] };
const NOWHERE = { base: null, clashes: [], doubts: [] };

type Here = Pick<Found, "branch" | "hasCommit" | "origin" | "clashes">;

export async function lookAtRepository(git: Git): Promise<Here> {
  const head = await git.run(["symbolic-ref", "--quiet", "--short", "HEAD"], { ok: [0, 1] });
  const names = CLASHES.map((name) => `refs/heads/${name}`);
  // A pattern also matches what lies below it.
  const listed = lines((await git.run(["for-each-ref", "--format=%(refname)", ...names])).out);
  return {
    branch: head.out.toString().trim() || null,
    hasCommit:
      (await git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { ok: "any" })).code === 0,
    origin: await configured(git, `remote.${REMOTE}.url`),
    clashes: listed.filter((ref) => names.includes(ref)).map((ref) => ref.slice("refs/heads/".length)),
  };
}

/** A remote that does not answer is no reason not to begin: what it could not be asked is said. */
export async function lookAtRemote(git: Git): Promise<Pick<Found, "base" | "clashes" | "doubts">> {
  const remote = { git, name: REMOTE };
  try {
    const refs = await readRefs(
      remote,
      CLASHES.map((name) => `refs/heads/${name}`),
    );
    const clashes = [...refs.keys()].map((ref) => `${REMOTE}/${ref.slice("refs/heads/".length)}`);
    return { base: await headOf(remote), clashes, doubts: [] };
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "remote") throw thrown;
    const doubt = `${thrown.message}; whether it has a branch called pullbeat was not seen`;
    return { ...NOWHERE, doubts: [doubt] };
  }
}

/** Null: the remote has no branch yet. */
async function headOf(remote: { git: Git; name: string }): Promise<string | null> {
  try {
    return await readHead(remote);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === "git") return null;
    throw thrown;
  }
}

const lines = (out: Buffer): string[] =>
  out
    .toString()
    .split("\n")
    .filter((line) => line !== "");

/** A bare repository without a ref is what a run that was cut off leaves behind. */
async function besideOf(folder: string, env: Environment): Promise<Found["beside"]> {
  const path = `../${basename(folder)}.git`;
  const there = join(folder, path);
  if ((await lstat(there).catch(() => null)) === null) return { path, state: "free" };
  const git = await gitAt(there, env).catch(() => null);
  const said = await git?.run(["rev-parse", "--is-bare-repository", "--absolute-git-dir"], { ok: "any" });
  const [bare, gitDir] = lines(said?.out ?? Buffer.alloc(0));
  if (git === null || bare !== "true" || gitDir !== there) return { path, state: "taken" };
  return { path, state: (await git.run(["for-each-ref"])).out.length === 0 ? "empty" : "taken" };
}

/** What stands where a file would go: its text; null where it is something else, or lies behind a link or a file. */
async function placesTaken(dir: string, paths: readonly string[]): Promise<Map<string, string | null>> {
  const taken = new Map<string, string | null>();
  for (const path of paths) {
    const found = await lstat(join(dir, path)).catch(() => null);
    if (!(await isReached(dir, path))) taken.set(path, null);
    else if (found !== null) taken.set(path, found.isFile() ? textOf(await readFile(join(dir, path))) : null);
  }
  return taken;
}

/** Whether every folder on the way is a real one, or is not there yet. */
async function isReached(dir: string, path: string): Promise<boolean> {
  const folders = path.split("/").slice(0, -1);
  for (const [i] of folders.entries()) {
    const found = await lstat(join(dir, ...folders.slice(0, i + 1))).catch(() => null);
    if (found !== null && !found.isDirectory()) return false;
  }
  return true;
}

async function unseenIn({ dir, env }: KitOptions): Promise<Found["unseen"]> {
  const files = await unseen({ dir, env }, await lastTip({ dir, env }, REMOTE));
  return {
    uncommitted: files.some((f) => f.why === "uncommitted"),
    unpushed: files.some((f) => f.why === "not pushed"),
  };
}
