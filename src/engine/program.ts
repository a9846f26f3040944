import { spawn, type ChildProcess } from "node:child_process";
import { finished } from "node:stream/promises";
import { sentence } from "../domain/fault.ts";

/** What the engine needs of the machine; only the shell of pullbeat touches the process. */
export interface Host {
  /** pullbeat's own environment: PATH, and the variables that a spec names, are taken from it. */
  env: Readonly<Record<string, string | undefined>>;
  /** The running node. */
  node: string;
  /** Kills a process group; one that is gone already is no error. */
  killGroup(leader: number): void;
}

export interface Run {
  command: readonly string[];
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
}

/** How a program ended. `aborted`: the signal came first, and its whole process group was killed. */
export interface Ended {
  by:
    | { kind: "exit"; code: number }
    | { kind: "signal"; name: string }
    | { kind: "start"; why: string }
    | { kind: "aborted" };
  /** The last part of what it wrote. */
  stdout: string;
  stderr: string;
}

/** Bytes that are kept of each stream: a program that never stops writing does not fill the memory. */
const KEPT = 65_536;

/** Runs a program without a shell and waits until it has ended; what it leaves running is killed. */
export async function run(
  { command: [file = "", ...args], cwd, env, signal }: Run,
  host: Host,
): Promise<Ended> {
  if (signal.aborted) return { by: { kind: "aborted" }, stdout: "", stderr: "" };
  const child = spawn(file, args, {
    cwd,
    env,
    shell: false,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = tail(child, "stdout");
  const err = tail(child, "stderr");
  const kill = (): void => {
    if (child.pid !== undefined) host.killGroup(child.pid);
  };
  signal.addEventListener("abort", kill, { once: true });
  const by = await endOf(child);
  signal.removeEventListener("abort", kill);
  kill();
  await drained(child);
  return { by: signal.aborted ? { kind: "aborted" } : by, stdout: out(), stderr: err() };
}

function endOf(child: ChildProcess): Promise<Ended["by"]> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ kind: "start", why: sentence(error) }));
    child.once("exit", (code, name) =>
      resolve(code === null ? { kind: "signal", name: name ?? "unknown" } : { kind: "exit", code }),
    );
  });
}

/** Milliseconds that output may still take to arrive once its writers are gone. */
const LATE = 500;

/** A process that left the group may hold a stream open for ever; it is not waited for. */
async function drained(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const streams = [child.stdout, child.stderr].filter((s) => s !== null);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, LATE)));
  await Promise.race([Promise.allSettled(streams.map((s) => finished(s))), late]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}

function tail(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  let kept = Buffer.alloc(0);
  child[name]?.on("data", (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-KEPT);
  });
  return () => kept.toString("utf8");
}
