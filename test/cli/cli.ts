import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { main } from "../../src/cli/program.ts";
import type { Shell } from "../../src/cli/shell.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { FleetWorld } from "../fleet.ts";

/** Where somebody sits: their clone, environment and time. */
export interface Place {
  clone: string;
  env: Readonly<Record<string, string>>;
  clock: { now(): Date };
}

/** What a run of the real command line left behind. */
export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export const MAIN = join(import.meta.dirname, "../../src/main.ts");

/** Every run compiles the same files; node may remember that. */
const CACHE = { NODE_COMPILE_CACHE: join(import.meta.dirname, "../../node_modules/.cache/pullbeat-tests") };

/** `pullbeat <args>` as a process of its own in the person's clone, at the world's time. */
export async function pullbeat(
  { clone, env, clock }: Place,
  args: readonly string[],
  more: { env?: Readonly<Record<string, string>>; main?: string; cwd?: string } = {},
): Promise<Ran> {
  const now = { PULLBEAT_NOW: clock.now().toISOString() };
  const child = spawn(process.execPath, [more.main ?? MAIN, ...args], {
    cwd: more.cwd ?? clone,
    env: { ...CACHE, ...env, ...now, ...more.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const code = new Promise<number | null>((end) => child.once("close", (c) => end(c)));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

/** The same under `--json`, with what it printed. */
export async function json(
  world: Place,
  args: readonly string[],
  more?: Parameters<typeof pullbeat>[2],
): Promise<{ code: number | null; value: unknown }> {
  const { code, out, err } = await pullbeat(world, [...args, "--json"], more);
  if (out === "") throw new Error(`pullbeat ${args.join(" ")} printed nothing, and said: ${err}`);
  return { code, value: JSON.parse(out) };
}

const same = (shown: string): string => shown;

/** A terminal that nobody looks at. */
export function quietTerminal(columns = 0): Terminal & { lines: string[]; errors: string[] } {
  const lines: string[] = [];
  const errors: string[] = [];
  const styles = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
  return {
    ...styles,
    lines,
    errors,
    columns,
    out: (line) => void lines.push(line),
    raw: (line) => void lines.push(line),
    command: (line) => void lines.push(line),
    err: (line) => void errors.push(line),
    progress() {},
  };
}

/** What somebody typed and saw without a process of its own: the same commands on the world of a test. */
export async function typed(
  { flow, clone, clock }: Pick<FleetWorld, "flow" | "clone" | "clock">,
  args: readonly string[],
  { email = "ann@example.com" }: { email?: string } = {},
): Promise<{ code: number; value: Record<string, unknown> }> {
  const terminal = quietTerminal();
  const shell = (): Shell => ({
    dir: clone,
    json: true,
    now: clock.now(),
    terminal,
    open: async () => flow,
    email: async () => email,
  });
  const code = await main(["node", "pullbeat", "--json", ...args], { terminal, shell });
  return { code, value: JSON.parse(terminal.lines.join("\n")) };
}
