import { execFile } from "node:child_process";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeFleet, type FleetWorld } from "../fleet.ts";
import { gitServer } from "../http.ts";
import { fakeGh, type Ended, type Machine } from "./runner.ts";

const run = promisify(execFile);
const WORKFLOW = ".github/workflows/pullbeat.yml";

/** Jobs that may write by the workflow; the server knows no other rights than those that the tokens name. */
const JOBS = ["plan", "work", "publish", "judge", "settle"];
const ACCOUNTS = Object.fromEntries([
  ["ann", "ann-write"],
  ...JOBS.flatMap((job) => ["read", "write", "none"].map((right) => [`${job}-${right}`, `${job}-${right}`])),
]);

const HOOK = `#!/bin/sh
case "$REMOTE_USER" in
  *-write) exit 0 ;;
  *) echo "$REMOTE_USER may not push"; exit 1 ;;
esac
`;

/** A fleet behind a server that lets only those push whose job may write, and a machine that runs its workflows. */
export interface Yard {
  fleet: FleetWorld;
  machine: Machine;
  text: string;
}

export async function yard(files: Readonly<Record<string, string>>): Promise<Yard> {
  const server = gitServer(ACCOUNTS);
  const fleet = await makeFleet({ files, serve: server.serve });
  const hook = join(fleet.origin, "hooks/pre-receive");
  await writeFile(hook, HOOK);
  await chmod(hook, 0o755);
  const bin = await fakeGh(fleet.dir);
  const machine: Machine = {
    dir: fleet.dir,
    urlFor: server.urlFor,
    env: {
      PATH: `${bin}:${process.env["PATH"]}`,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      PULLBEAT_NOW: fleet.clock.now().toISOString(),
      PULLBEAT_SCRIPTS: "scripts",
    },
    secrets: { OPENAI_API_KEY: "sk-model-key" },
    event: "schedule",
  };
  return { fleet, machine, text: await readFile(WORKFLOW, "utf8") };
}

/** Jobs with how they ended. */
export const ends = (jobs: readonly Ended[]): string[] => jobs.map((j) => `${j.name} ${j.result}`);

/** Tries to push with what a job was given, from the clone that it has. */
export async function pushes(job: Ended, machine: Machine, clone: string): Promise<string> {
  const cwd = join(job.home, clone);
  const url = machine.urlFor(job.token);
  const args = ["push", url, "FETCH_HEAD:refs/heads/stolen"];
  await run("git", ["fetch", "--quiet", "--depth=1", url, "main"], { cwd, env: { ...machine.env } });
  return run("git", args, { cwd, env: { ...machine.env } }).then(
    () => "pushed",
    (error: unknown) => String(error),
  );
}

/** Names of a job's files that hold one of these words. */
export async function filesWith(job: Ended, words: readonly string[]): Promise<string[]> {
  const files = await readdir(job.home, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files
      .filter((f) => f.isFile())
      .map(async (f) => [f.name, await readFile(join(f.parentPath, f.name), "latin1")] as const),
  );
  return texts.filter(([, text]) => words.some((word) => text.includes(word))).map(([name]) => name);
}
