import { spawnSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { openLive } from "../../src/cli/live.ts";
import { main } from "../../src/cli/program.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { openTerminal } from "../../src/cli/terminal.ts";
import type { FleetWorld } from "../fleet.ts";

/** Something that left the fleet: where it can be read, and what it says. */
export interface Output {
  where: string;
  text: string;
}

/** Every commit's message, author included, that the remote holds. */
export async function messagesOf({ far }: FleetWorld): Promise<Output[]> {
  const log = await far("log", "--all", "--format=%H%x00%an <%ae>%x00%B%x01");
  return log
    .split("\u0001")
    .map((entry) => entry.trimStart().split("\0"))
    .flatMap(([id = "", who = "", message = ""]) =>
      id === "" ? [] : [{ where: `commit ${id.slice(0, 10)} by ${who}`, text: message }],
    );
}

/** Every blob that the remote holds and a commit did not, by the path under which it is reached. */
export async function blobsOf({ far, origin, env }: FleetWorld, base: string): Promise<Output[]> {
  const before = new Set((await far("ls-tree", "-r", base)).split("\n").map((line) => line.split(/\s/)[2]));
  const listed = (await far("rev-list", "--all", "--objects"))
    .split("\n")
    .map((line) => /^(\S+) (.+)$/.exec(line))
    .flatMap((found) => (found === null ? [] : [{ id: found[1] ?? "", path: found[2] ?? "" }]))
    .filter(({ id }) => !before.has(id));
  const input = listed.map(({ id }) => `${id}\n`).join("");
  const { stdout } = spawnSync("git", ["cat-file", "--batch"], {
    cwd: origin,
    env,
    input,
    maxBuffer: 2 ** 28,
  });
  const outputs: Output[] = [];
  let at = 0;
  for (const { path } of listed) {
    const end = stdout.indexOf(10, at);
    const [, type, size] = stdout.subarray(at, end).toString().split(" ");
    const text = stdout.subarray(end + 1, end + 1 + Number(size)).toString();
    if (type === "blob") outputs.push({ where: path, text });
    at = end + 2 + Number(size);
  }
  return outputs;
}

/** A terminal's stream whose text is kept. */
function screen(isTTY: boolean): {
  stream: PassThrough & { isTTY?: boolean; columns?: number };
  text(): string;
} {
  const stream = Object.assign(new PassThrough(), isTTY ? { isTTY, columns: 100 } : {});
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** What a command prints in a person's clone: on a terminal, or into the log of a workflow runner. */
export async function printed(
  { flow, clone, clock }: FleetWorld,
  args: readonly string[],
  isTTY: boolean,
): Promise<Output> {
  const [out, err] = [screen(isTTY), screen(isTTY)];
  const env = isTTY ? {} : { GITHUB_ACTIONS: "true" };
  const terminal = openTerminal({ stdout: out.stream, stderr: err.stream, env });
  const shell = (): Shell => ({
    dir: clone,
    json: args.includes("--json"),
    now: clock.now(),
    terminal,
    open: async () => flow,
    email: async () => "ann@example.com",
  });
  await main(["node", "pullbeat", ...args], { terminal, shell });
  return { where: `pullbeat ${args.join(" ")}`, text: out.text() + err.text() };
}

/** What a person who watched the tick saw. */
export function watched({ said }: FleetWorld): Output {
  const [out, err] = [screen(true), screen(true)];
  const live = openLive(openTerminal({ stdout: out.stream, stderr: err.stream, env: {} }));
  for (const happening of said) live(happening);
  // The moves of the cursor are pullbeat's own.
  return { where: "the live view", text: err.text().replaceAll(/\r?\u001b\[(?:2K|1A)/g, "\n") };
}
