import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { Fault } from "../domain/fault.ts";

/** An environment as node hands it over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a git command said. */
interface Said {
  code: number;
  out: Buffer;
  /** Standard error, trimmed. */
  err: string;
}

/** How pullbeat calls git; see also `porcelain.ts`. Callers validate refs and paths, or put them after `--`. */
export interface Git {
  /** Runs a command to its end. Any exit code but those in `ok` (0 alone without it) is a `Fault` `git`. */
  run(args: readonly string[], options?: { input?: string; ok?: readonly number[] | "any" }): Promise<Said>;
  /** Starts a command whose streams the caller feeds and reads. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** Nothing that lies in the clone or the person's configuration may run programs, lie about objects, or tidy up meanwhile. */
export const CONFIG = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.quotePath=false",
  "core.attributesFile=/dev/null",
  "protocol.ext.allow=never",
  "gc.auto=0",
  "maintenance.auto=false",
  "fetch.writeCommitGraph=false",
  // Several pullbeats may share a clone: wait for each other's locks instead of giving up.
  "core.filesRefLockTimeout=3000",
  "core.packedRefsTimeout=5000",
  // A connection that moves less than this for a minute is dead.
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=60",
];

/** git's own variables that a person may set for us. All others (GIT_DIR in a hook, say) would lead us elsewhere. */
export const ALLOWED = [
  "GIT_SSH_COMMAND",
  "GIT_SSH",
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_SYSTEM",
  "GIT_TERMINAL_PROMPT",
];

/**
 * git in a folder. `env` is the process's environment: only what git may know of it is passed on. `ours`: variables of
 * our own, for repositories that lie elsewhere.
 */
export function gitIn(dir: string, env: Environment, ours: Readonly<Record<string, string>> = {}): Git {
  const own = clean(env);
  const start: Git["start"] = (args) =>
    spawn("git", [...CONFIG.flatMap((c) => ["-c", c]), ...fixed(args)], {
      cwd: dir,
      env: { ...own, ...ours },
    });
  return {
    start,
    async run(args, { input, ok = [0] } = {}) {
      const said = await toEnd(start(args), input);
      if (ok === "any" || ok.includes(said.code)) return said;
      throw new Fault(
        "git",
        `git ${command(args)} failed (${said.code}): ${lastWords(said.err)}`,
        adviceOf(said.err),
      );
    },
  };
}

/** Replacement refs would show other objects than the remote's. */
const fixed = (args: readonly string[]): string[] => ["--no-replace-objects", ...args];

/** What git may know of an environment. */
export function clean(env: Environment): Record<string, string> {
  const kept = Object.entries(env).flatMap(([key, value]) =>
    value === undefined || (/^git_/i.test(key) && !ALLOWED.includes(key)) ? [] : [[key, value] as const],
  );
  return { GIT_TERMINAL_PROMPT: "0", ...Object.fromEntries(kept), LC_ALL: "C" };
}

/** The exit code of a command that a signal ended, as shells say it; none of ours is asked to accept it. */
const KILLED = 128;

/** Feeds a command and waits until it has ended and all of its output is here. */
async function toEnd(child: ChildProcessWithoutNullStreams, input = ""): Promise<Said> {
  // A command that ends before it has read everything says so by its exit code.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new Fault("git", "git could not be started", { ...NO_GIT, cause })),
    );
    child.once("close", (code) => resolve(code ?? KILLED));
  });
  const [code, out, err] = await Promise.all([ended, buffer(child.stdout), buffer(child.stderr)]);
  return { code, out, err: err.toString().trim() };
}

/** A `Fault` when git is older than what we ask of it (merge-tree that writes trees, cat-file with commands). */
export async function checkVersion(git: Git): Promise<void> {
  const found = (await git.run(["version"])).out.toString().trim();
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(found) ?? [];
  if (Number(major) * 1000 + Number(minor) < 2039) throw new Fault("git", `${found} is too old`, NO_GIT);
}

const NO_GIT = { expected: "git 2.39 or newer on the PATH", next: "install git, then `git --version`" };

/** What to do about reasons that people meet. */
const ADVICE: readonly (readonly [reason: RegExp, next: string])[] = [
  [
    /no space left|out of diskspace|disk quota/i,
    "df -h . shows what is full; make room, and run the same again: nothing is lost",
  ],
  [
    /permission denied|insufficient permission|read-only file system/i,
    "ls -ld .git .git/objects shows who may write",
  ],
  [
    /\.lock'?: File exists|another git process/i,
    "wait for the other git; if none runs, delete the .lock file that it names",
  ],
  [
    /please tell me who you are|empty ident|auto-detect email/i,
    "git config --global user.email you@example.com",
  ],
  [/bad object|corrupt|missing (?:blob|tree|commit)|loose object/i, "git fsck, or clone again"],
];

/** What to do next, where what git said is something that people meet. */
export const adviceOf = (err: string): { next?: string } => {
  const found = ADVICE.find(([reason]) => reason.test(err));
  return found === undefined ? {} : { next: found[1] };
};

/** Who somebody is, inside an address: git leaves it out of most messages, and no message of ours shall hold it. */
const IDENTITY = /(?<=:\/\/)[^\s/@'"]+@/g;

/** The end of what git said, where its reason stands, on one line. Credentials in addresses are left out. */
export const lastWords = (err: string): string =>
  err
    .replaceAll(IDENTITY, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("hint:"))
    .slice(-4)
    .join(" | ") || "it gave no reason";

/** The command among its flags and settings, for messages. */
const command = (args: readonly string[]): string => args.find((a) => /^[a-z][a-z-]+$/.test(a)) ?? "";
