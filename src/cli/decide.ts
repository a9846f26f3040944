import { Fault } from "../domain/fault.ts";
import type { Login, PullNumber } from "../domain/id.ts";
import type { ReviewVerdict } from "../domain/pull.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { read } from "../flow/read.ts";
import { settle } from "../flow/settle.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { numberOf } from "./pull.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";
import { settledLines } from "./words.ts";

interface Seat {
  world: World;
  snapshot: Snapshot;
  who: Login;
  number: PullNumber;
}

/** A person in front of a pull. */
async function sit(shell: Shell, text: string | undefined, options: Options): Promise<Seat> {
  const world = await shell.open();
  const snapshot = await read(world);
  return { world, snapshot, who: await whoami(shell, snapshot.fleet, options.as), number: numberOf(text) };
}

const say = ({ world, number, who, snapshot }: Seat, verdict: ReviewVerdict, body: string): Promise<void> =>
  world.forge.review(number, who, { verdict, body, at: snapshot.now });

/** `pullbeat pull approve <number>`. */
export async function approve(shell: Shell, [text]: readonly string[], options: Options): Promise<ExitCode> {
  const seat = await sit(shell, text, options);
  await say(seat, "approve", options.message ?? "");
  const { number, who } = seat;
  show(shell, { number, by: who, verdict: "approve" }, () => [
    `pull ${number}: approved by ${who}; the next tick or \`pullbeat settle\` merges it`,
  ]);
  return 0;
}

/** `pullbeat pull request-changes <number>`. */
export async function requestChanges(
  shell: Shell,
  [text]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  if (options.message === undefined || options.message.trim() === "")
    throw new Fault("usage", "an agent cannot change what nobody names", {
      expected: '-m "what must change"',
    });
  const seat = await sit(shell, text, options);
  await say(seat, "request-changes", options.message);
  const { number, who } = seat;
  show(shell, { number, by: who, verdict: "request-changes" }, () => [
    `pull ${number}: ${who} asks for changes; its agent's next beat works on them first`,
  ]);
  return 0;
}

/** `pullbeat pull answer <number> <text>`: the answer lands in the task's file at once. */
export async function answer(
  shell: Shell,
  [text, words = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  if (words.trim() === "") throw new Fault("usage", "the answer is empty");
  const seat = await sit(shell, text, options);
  await say(seat, "answer", words);
  return concluded(shell, seat);
}

/** `pullbeat pull merge <number>`: approves the present head and settles. Exit code 1 when it did not merge. */
export async function merge(shell: Shell, [text]: readonly string[], options: Options): Promise<ExitCode> {
  const seat = await sit(shell, text, options);
  await say(seat, "approve", options.message ?? "");
  return concluded(shell, seat);
}

async function concluded(shell: Shell, { world, number }: Seat): Promise<ExitCode> {
  const settled = await settle(world);
  const merged = settled.merged.some((m) => m.pull === number);
  show(shell, settled, () => [
    ...settledLines(settled),
    ...(merged
      ? []
      : [shell.terminal.yellow(`pull ${number} did not merge: pullbeat pull show ${number} says why`)]),
    ...(settled.madeReady ? ["something is ready now: `pullbeat tick` lets its agent work"] : []),
  ]);
  return merged ? 0 : 1;
}

/** `pullbeat pull close <number>`. */
export async function close(shell: Shell, [text]: readonly string[], options: Options): Promise<ExitCode> {
  const { world, who, number, snapshot } = await sit(shell, text, options);
  await world.forge.close(number, who, options.why ?? "", snapshot.now);
  const settled = await settle(world);
  show(shell, settled, () => [`pull ${number}: closed by ${who}; its task is parked`]);
  return 0;
}
