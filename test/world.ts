import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { Sha } from "../src/domain/id.ts";
import { openRepo } from "../src/store/repo.ts";
import { testClock, type TestClock } from "./clock.ts";

/** Contents by path; null deletes. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>;

export interface World {
  /** Holds everything of this world; gone after the test. */
  dir: string;
  /** The bare repository that everybody pushes to. */
  origin: string;
  /** The person's clone, in which pullbeat runs. */
  clone: string;
  /** An environment that knows nothing of the machine's git configuration. */
  env: Record<string, string>;
  clock: TestClock;
  repo: Opened;
  /** git in the clone, as Ann. */
  git: (...args: string[]) => Promise<string>;
  /** git in the bare repository. */
  far: (...args: string[]) => Promise<string>;
  /** Ann writes files on the newest main, commits and pushes. */
  commit: (files: Files, message?: string) => Promise<Sha>;
  /** A file as it stands on the remote; null when there is none. */
  file: (path: string, ref?: string) => Promise<string | null>;
  /** Another machine: the repo of a fresh clone. */
  another: () => Promise<Opened>;
  /** What the remote holds, as text; a story ends with `expect(await world.show())`. */
  show: () => Promise<string>;
}

type Opened = Awaited<ReturnType<typeof openRepo>>;

export interface WorldOptions {
  at?: string;
  /** For `clock.chance`. */
  seed?: number;
  /** Files of the first commit, besides a config with Ann on the roster. */
  files?: Files;
  /** Serves the bare repository somehow and says under which URL; without it its path is the URL. */
  serve?: (origin: string) => Promise<string>;
}

/** No digest comes in between, unless a test's own config asks for it. */
const CONFIG = "version: 1\nroster:\n  - login: ann\n    emails: [ann@example.com]\ndigest: { at: off }\n";

/** A remote, a clone, a clock. Call it inside a test: it is cleaned up when that test ends. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "pullbeat-")));
  const repos: Opened[] = [];
  onTestFinished(async () => {
    for (const repo of repos) repo.close();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  });
  const origin = join(dir, "origin.git");
  const clock = testClock(options.at, options.seed);
  const env = await environment(dir);
  const git = gitAs(env, clock);
  await git(dir, "init", "--quiet", "--bare", origin);
  const url = (await options.serve?.(origin)) ?? origin;
  let clones = 0;
  const clone = async (): Promise<string> => {
    const at = join(dir, `clone${clones++}`);
    await git(dir, "clone", "--quiet", url, at);
    return at;
  };
  const open = async (at: string): Promise<Opened> => {
    const repo = await openRepo({ dir: at, remote: "origin", env });
    repos.push(repo);
    return repo;
  };
  const here = await clone();
  const far = (...args: string[]): Promise<string> => git(origin, ...args);
  const commit = committer(here, (...args) => git(here, ...args));
  await commit({ ".github/pullbeat.yml": CONFIG, ...options.files }, "start the fleet");
  return {
    dir,
    origin,
    clone: here,
    env,
    clock,
    repo: await open(here),
    git: (...args) => git(here, ...args),
    far,
    commit,
    file: (path, ref = "main") => far("cat-file", "blob", `${ref}:${path}`).catch(() => null),
    another: async () => open(await clone()),
    show: () => show(far),
  };
}

const GITCONFIG = `[user]
	name = Ann
	email = ann@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[advice]
	detachedHead = false
`;

async function environment(dir: string): Promise<Record<string, string>> {
  const config = join(dir, "gitconfig");
  await writeFile(config, GITCONFIG);
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: dir,
    TMPDIR: tmpdir(),
    GIT_CONFIG_GLOBAL: config,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
  };
}

type Git = (...args: string[]) => Promise<string>;

/** git in a folder, at the clock's time; its standard output. */
function gitAs(
  env: Record<string, string>,
  clock: TestClock,
): (dir: string, ...args: string[]) => Promise<string> {
  return async (cwd, ...args) => {
    const date = clock.now().toISOString();
    const dated = { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const call = promisify(execFile)("git", args, { cwd, env: dated, maxBuffer: 2 ** 28 });
    call.child.stdin?.end();
    return (await call).stdout;
  };
}

function committer(dir: string, git: Git): World["commit"] {
  return async (files, message = "edit by hand") => {
    await git("fetch", "--quiet", "origin");
    const started = await git("rev-parse", "--verify", "--quiet", "origin/main").catch(() => "");
    if (started !== "") await git("reset", "--quiet", "--hard", "origin/main");
    for (const [path, content] of Object.entries(files)) {
      const at = join(dir, path);
      await mkdir(dirname(at), { recursive: true });
      if (content === null) await rm(at);
      else await writeFile(at, content);
    }
    await git("add", "--all", "--force");
    await git("commit", "--quiet", "--message", message);
    await git("push", "--quiet", "origin", "HEAD:refs/heads/main");
    return Sha.parse((await git("rev-parse", "HEAD")).trim());
  };
}

/** Each ref with the files it holds; claims hold none. */
async function show(far: Git): Promise<string> {
  const refs = (await far("for-each-ref", "--format=%(refname)")).trim().split("\n");
  const parts = refs.map(async (ref) => {
    const files = await far("ls-tree", "-r", "--name-only", ref);
    return [
      ref,
      ...files
        .split("\n")
        .filter((f) => f !== "")
        .map((f) => `  ${f}`),
    ].join("\n");
  });
  return `${(await Promise.all(parts)).join("\n")}\n`;
}
