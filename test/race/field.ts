import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { gitServer } from "../http.ts";
import { makeWorld } from "../world.ts";

/** The object of each claim, by its ref. */
const Held = z.record(z.string(), z.string());
export type Held = z.infer<typeof Held>;

/** Processes that stand ready to claim one and the same beat over http, each in a clone of its own. */
export interface Field {
  /** All of them claim at once: what each holds then, null where it lost. */
  race: () => Promise<(Held | null)[]>;
  /** All of them look at what stands now; their next claim takes that over. */
  look: () => Promise<void>;
  /** The claims that stand on the remote. */
  standing: () => Promise<Held>;
  /** Ends them all. */
  clear: () => Promise<void>;
}

type Racer = (order: string) => Promise<Held | null>;

/** Starts the processes; they end with the test. */
export async function makeField(size: number): Promise<Field> {
  const world = await makeWorld({ serve: gitServer().serve });
  const env = { ...world.env, NODE_COMPILE_CACHE: join(world.dir, "cache") };
  const enter = async (i: number): Promise<Racer> => {
    const clone = join(world.dir, `racer${i}`);
    await promisify(execFile)("cp", ["-r", world.clone, clone]);
    return start(clone, env);
  };
  // The first one compiles the program for all of them.
  const first = await enter(0);
  const others = await Promise.all(Array.from({ length: size - 1 }, (_, i) => enter(i + 1)));
  const racers = [first, ...others];
  const standing = async (): Promise<Held> => {
    const said = await world.far("for-each-ref", "--format=%(refname) %(objectname)", "refs/pullbeat");
    const lines = said.split("\n").filter((line) => line !== "");
    return Held.parse(Object.fromEntries(lines.map((line) => line.split(" "))));
  };
  return {
    race: () => Promise.all(racers.map((racer) => racer("claim"))),
    async look() {
      await Promise.all(racers.map((racer) => racer("look")));
    },
    standing,
    async clear() {
      for (const ref of Object.keys(await standing())) await world.far("update-ref", "-d", ref);
    },
  };
}

const PROGRAM = join(import.meta.dirname, "claimer.ts");

async function start(clone: string, env: Record<string, string>): Promise<Racer> {
  const child = spawn(process.execPath, [PROGRAM, clone], { env, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.stdin.end();
    await once(child, "exit");
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`a claimer ended by itself, with ${child.exitCode}`);
    return value;
  };
  await next();
  return async (order) => {
    child.stdin.write(`${order}\n`);
    return Held.nullable().parse(JSON.parse(await next()));
  };
}
