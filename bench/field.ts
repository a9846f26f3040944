import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { options, OUT } from "../build.ts";
import { put } from "./fleet.ts";
import type { Command } from "./measure.ts";

/** Ours as it is published, so that what is measured is what people get. */
const MAIN = join(import.meta.dirname, "..", OUT);

/** A Wednesday on which no agent of the measured fleet is due. */
const NOW = "2026-11-25T12:00:00Z";

/** A remote and a clone of it. */
export interface Field {
  clone: string;
  origin: string;
  git: (...args: string[]) => Promise<string>;
  /** `pullbeat <args>` in the clone, at a fixed time. */
  pullbeat: (args: readonly string[], more?: Partial<Command> & { now?: string }) => Command;
}

export async function buildProgram(): Promise<void> {
  await build(options);
}

/** git that knows nothing of the machine's configuration. */
export const GIT_ENV = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

/** A fleet with these files, pushed. */
export async function makeField(dir: string, files: ReadonlyMap<string, string>): Promise<Field> {
  const [origin, clone] = [join(dir, "origin.git"), join(dir, "clone")];
  const env = { ...process.env, ...GIT_ENV };
  const run = async (cwd: string, args: readonly string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd, env, maxBuffer: 2 ** 28 })).stdout;
  await put(clone, files);
  await run(clone, ["init", "--quiet", "--initial-branch=main"]);
  for (const [key, value] of [
    ["user.name", "ann"],
    ["user.email", "ann@example.com"],
    ["gc.auto", "0"],
  ] as const)
    await run(clone, ["config", key, value]);
  await run(clone, ["add", "--all"]);
  await run(clone, ["commit", "--quiet", "--message=begin", `--date=2026-11-23T08:00:00Z`]);
  await run(clone, ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
  await run(clone, ["remote", "add", "origin", origin]);
  await run(clone, ["push", "--quiet", "--set-upstream", "origin", "main"]);
  await run(clone, ["remote", "set-head", "origin", "main"]);
  // As a clone would lie there: one pack, no loose objects.
  for (const place of [clone, origin]) await run(place, ["gc", "--quiet"]);
  return {
    clone,
    origin,
    git: (...args) => run(clone, args),
    pullbeat: (args, { now = NOW, ...more } = {}) => ({
      argv: [process.execPath, MAIN, ...args, "--now", now],
      cwd: clone,
      env: { ...GIT_ENV, ...more.env },
      ok: more.ok ?? [0],
    }),
  };
}
