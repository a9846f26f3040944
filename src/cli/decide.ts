import { Fault } from "../domain/fault.ts";
import type { Login, PullNumber, Sha } from "../domain/id.ts";
import type { ReviewVerdict } from "../domain/pull/pull.ts";
import { read } from "../flow/read.ts";
import { settle } from "../flow/settle/settle.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { findPull, numberOf } from "./pull.ts";
import { show, whoami, type Options, type Shell } from "./shell.ts";
import { against } from "./against.ts";
import { settledLines } from "./words.ts";

/** A person in front of an open pull. */
interface Seat {
  world: World;
  now: Date;
  who: Login;
  number: PullNumber;
  /** The head that the person decides about. */
  head: Sha | null;
}

async function sit(
  shell: Shell,
  text: string | undefined,
  { as, head, decides }: { as: string | undefined; head?: string; decides?: ReviewVerdict },
): Promise<Seat> {
  const number = numberOf(text);
  const world = await shell.open();
  const snapshot = await read(world);
  const pull = await findPull(world, snapshot, number);
  if (pull.state !== "open")
    throw new Fault("refused", `pull ${number} was ${pull.state} by ${pull.ended?.by ?? "somebody"}`, {
      next: "pullbeat pull list",
    });
  if (decides === "approve" && pull.kind === "question")
    throw new Fault("refused", `pull ${number} asks a question: an approval does not answer it`, {
      next: `pullbeat pull answer ${number} "your answer"`,
    });
  if (head !== undefined && pull.head?.startsWith(head) !== true)
    throw new Fault(
      "refused",
      `the head of pull ${number} is ${pull.head?.slice(0, 10) ?? "gone"}, not ${head}`,
      {
        next: `it has moved since you looked: pullbeat pull show ${number}`,
      },
    );
  return { world, number, head: pull.head, now: snapshot.now, who: await whoami(shell, snapshot.fleet, as) };
}

/** An approval is of what was looked at. */
const lookedAt = ({ as, head }: Options) =>
  ({ as, decides: "approve", ...(head === undefined ? {} : { head }) }) as const;

const say = (
  { world, number, who, now, head }: Seat,
  verdict: ReviewVerdict,
  body: string,
): Promise<boolean> =>
  world.forge.review(number, who, { verdict, body, at: now, ...(head === null ? {} : { head }) });

/** `pullbeat pull approve <number>`. */
export async function approve(shell: Shell, [text]: readonly string[], options: Options): Promise<ExitCode> {
  const seat = await sit(shell, text, lookedAt(options));
  await say(seat, "approve", options.message ?? "");
  const { number, who, world } = seat;
  const head = seat.head?.slice(0, 10);
  const reasons = await against(world, await read(world), number);
  show(shell, { number, by: who, verdict: "approve", against: reasons }, () =>
    reasons.length === 0
      ? [`pull ${number}: ${head} approved by ${who}; the next tick or \`pullbeat settle\` merges it`]
      : [`pull ${number}: ${head} approved by ${who}`, ...doesNotMerge(shell, reasons)],
  );
  return 0;
}

const doesNotMerge = ({ terminal }: Shell, reasons: readonly string[]): string[] =>
  reasons.map((reason) => terminal.yellow(`it does not merge: ${reason}`));

/** `pullbeat pull request-changes <number>`. */
export async function requestChanges(
  shell: Shell,
  [text]: readonly string[],
  { as, message = "" }: Options,
): Promise<ExitCode> {
  if (message.trim() === "")
    throw new Fault("usage", "an agent cannot change what nobody names", {
      expected: '-m "what must change"',
      next: `pullbeat pull request-changes ${text} -m "..."`,
    });
  const seat = await sit(shell, text, { as });
  await say(seat, "request-changes", message);
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
  { as }: Options,
): Promise<ExitCode> {
  if (words.trim() === "")
    throw new Fault("usage", "the answer is empty", {
      expected: "words that the agent can act on",
      next: `pullbeat pull show ${text} shows the question`,
    });
  const seat = await sit(shell, text, { as });
  await say(seat, "answer", words);
  return concluded(shell, seat);
}

/** `pullbeat pull merge <number>`: approves the present head and settles. Exit code 1 when it did not merge. */
export async function merge(shell: Shell, [text]: readonly string[], options: Options): Promise<ExitCode> {
  const seat = await sit(shell, text, lookedAt(options));
  await say(seat, "approve", options.message ?? "");
  return concluded(shell, seat);
}

async function concluded(shell: Shell, { world, number }: Seat): Promise<ExitCode> {
  const settled = await settle(world);
  const isMerged = settled.merged.some((m) => m.pull === number);
  const reasons = isMerged ? [] : await against(world, await read(world), number);
  show(shell, { ...settled, against: reasons }, () => [
    ...settledLines(settled),
    ...(isMerged ? [] : [`pull ${number} did not merge`, ...doesNotMerge(shell, reasons)]),
    ...(settled.madeReady ? ["something may be ready now: `pullbeat tick` lets its agent work"] : []),
  ]);
  return isMerged ? 0 : 1;
}

/** `pullbeat pull close <number>`. */
export async function close(
  shell: Shell,
  [text]: readonly string[],
  { as, why = "" }: Options,
): Promise<ExitCode> {
  const { world, who, number, now } = await sit(shell, text, { as });
  await world.forge.close(number, who, why, now);
  const settled = await settle(world);
  show(shell, settled, () => [
    `pull ${number}: closed by ${who}; its task is parked`,
    ...settledLines({ ...settled, closed: settled.closed.filter((c) => c.pull !== number) }).filter(
      (line) => line !== "nothing to settle",
    ),
  ]);
  return 0;
}
