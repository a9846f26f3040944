import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { simpleGit } from "simple-git";
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

/** The one way in which pullbeat calls git. Callers validate refs and paths, or put them after `--`. */
export interface Git {
  /** Runs a command to its end. Any exit code but those in `ok` (0 alone without it) is a `Fault` `git`. */
  run(args: readonly string[], options?: { input?: string; ok?: readonly number[] | "any" }): Promise<Said>;
  /** Starts a command whose streams the caller feeds and reads. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** Nothing that lies in the clone or the person's configuration may run programs, lie about objects, or tidy up meanwhile. */
const CONFIG = [
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
const ALLOWED = [
  "GIT_SSH_COMMAND",
  "GIT_SSH",
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_CONFIG_SYSTEM",
  "GIT_TERMINAL_PROMPT",
];

/** Programs that git could start and that simple-git therefore refuses to pass on; none of our commands needs them. */
const PROGRAMS = ["EDITOR", "VISUAL", "PAGER", "PREFIX"];

/** git in a folder. `env` is the process's environment: only what git may know of it is passed on. */
export function gitIn(dir: string, env: Environment): Git {
  const own = clean(env);
  return {
    async run(args, { input, ok = [0] } = {}) {
      const said = await once({ dir, env: own, args, input });
      if (ok === "any" || ok.includes(said.code)) return said;
      throw new Fault("git", `git ${command(args)} failed (${said.code}): ${lastWords(said.err)}`);
    },
    start: (args) =>
      spawn("git", [...CONFIG.flatMap((c) => ["-c", c]), ...fixed(args)], { cwd: dir, env: own }),
  };
}

/** Replacement refs would show other objects than the remote's. */
const fixed = (args: readonly string[]): string[] => ["--no-replace-objects", ...args];

function clean(env: Environment): Record<string, string> {
  const kept = Object.entries(env).flatMap(([key, value]) =>
    value === undefined ||
    PROGRAMS.includes(key.toUpperCase()) ||
    (/^git_/i.test(key) && !ALLOWED.includes(key))
      ? []
      : [[key, value] as const],
  );
  return { GIT_TERMINAL_PROMPT: "0", ...Object.fromEntries(kept), LC_ALL: "C" };
}

interface Call {
  dir: string;
  env: Record<string, string>;
  args: readonly string[];
  input: string | undefined;
}

/** simple-git tells neither exit codes nor bytes from `raw`, and its input belongs to the instance: so one instance a call. */
async function once({ dir, env, args, input }: Call): Promise<Said> {
  if (input === "") throw new Fault("broken", `git ${command(args)} would wait for ever: its input is empty`);
  let said: Said | undefined;
  const git = simpleGit({
    baseDir: dir,
    config: CONFIG,
    allowEnvironment: ALLOWED,
    completion: { onClose: true, onExit: false },
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeSshCommand: true,
      allowUnsafeAskPass: true,
    },
    ...(input === undefined ? {} : { input: () => input }),
    errors(_, { exitCode, stdOut, stdErr }) {
      said = { code: exitCode, out: Buffer.concat(stdOut), err: Buffer.concat(stdErr).toString().trim() };
      return undefined;
    },
  }).env(env);
  await git.raw(fixed(args));
  if (said === undefined || said.code < 0) throw new Fault("git", "git could not be started", NO_GIT);
  return said;
}

/** A `Fault` when git is older than what we ask of it (merge-tree that writes trees, cat-file with commands). */
export async function checkVersion(git: Git): Promise<void> {
  const found = (await git.run(["version"])).out.toString().trim();
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(found) ?? [];
  if (Number(major) * 1000 + Number(minor) < 2039) throw new Fault("git", `${found} is too old`, NO_GIT);
}

const NO_GIT = { expected: "git 2.39 or newer on the PATH", next: "install git, then `git --version`" };

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
