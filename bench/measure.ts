import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** A program in a folder. Its output is thrown away; it must end with one of `ok` (0 without it). */
export interface Command {
  argv: readonly string[];
  cwd: string;
  env?: Readonly<Record<string, string>>;
  ok?: readonly number[];
}

/** One case of a comparison. `before` is not measured. */
export interface Case {
  name: string;
  command: (round: number) => Command;
  before?: () => Promise<void>;
}

/** What a case took: the median of its rounds, and the mean of its processor time. */
export interface Taken {
  name: string;
  ms: number;
  /** User and system time of the program and what it started; null where the platform does not tell. */
  cpuMs: number | null;
  /** The most memory that the program itself held, in MiB; null where the platform does not tell. */
  mib: number | null;
  rounds: number;
}

interface Run {
  ms: number;
  cpuMs: number | null;
  mib: number | null;
}

/** The cases take turns, so that a busy minute of the machine meets all of them. */
export async function compare(cases: readonly Case[], rounds: number): Promise<Taken[]> {
  const runs = new Map<Case, Run[]>(cases.map((c) => [c, []]));
  for (let round = 0; round < rounds; round++)
    for (const [one, of] of runs) {
      await one.before?.();
      of.push(await run(one.command(round)));
    }
  return [...runs].map(([{ name }, of]) => ({
    name,
    ms: median(of.map((r) => r.ms)),
    cpuMs: mean(of.map((r) => r.cpuMs)),
    mib: most(of.map((r) => r.mib)),
    rounds: of.length,
  }));
}

async function run({ argv, cwd, env, ok = [0] }: Command): Promise<Run> {
  const [program = "", ...args] = argv;
  const cpu = cpuOfChildren();
  const start = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let mib: number | null = null;
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const watch = setInterval(() => (mib = peakOf(child.pid) ?? mib), 4);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(watch);
  const ms = performance.now() - start;
  if (!ok.includes(code ?? -1)) throw new Error(`${argv.join(" ")} ended with ${code}: ${said.slice(-600)}`);
  const after = cpuOfChildren();
  return { ms, cpuMs: cpu === null || after === null ? null : after - cpu, mib };
}

/** Linux counts the time of children that have ended in hundredths of a second. */
function cpuOfChildren(): number | null {
  const stat = readText("/proc/self/stat");
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? null : (Number(fields[13]) + Number(fields[14])) * 10;
}

/** The highest resident size so far, of a process that still runs. */
function peakOf(pid: number | undefined): number | null {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readText(`/proc/${pid}/status`) ?? "") ?? [];
  return kib === undefined ? null : Number(kib) / 1024;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const known = (values: readonly (number | null)[]): number[] => values.filter((v) => v !== null);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(values: readonly (number | null)[]): number | null {
  const all = known(values);
  return all.length === 0 ? null : all.reduce((sum, v) => sum + v, 0) / all.length;
}

const most = (values: readonly (number | null)[]): number | null => {
  const all = known(values);
  return all.length === 0 ? null : Math.max(...all);
};
