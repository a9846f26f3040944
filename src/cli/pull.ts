import { Fault } from "../domain/fault.ts";
import { PullNumber } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { EndedPull } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { pullRows, type PullRow } from "../flow/pulls.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { table, wrap } from "./layout.ts";
import { show, type Shell } from "./shell.ts";
import { against } from "./against.ts";
import type { Terminal } from "./terminal.ts";
import { relative } from "./time.ts";

/** `pullbeat pull list`. */
export async function list(shell: Shell): Promise<ExitCode> {
  const { terminal } = shell;
  const pulls = pullRows(await read(await shell.open()));
  const rows = pulls.map((p) => [
    String(p.number),
    p.waiting === "you" ? terminal.yellow("your turn") : terminal.dim(p.waiting),
    p.state,
    p.agent ?? "",
    p.title,
  ]);
  show(shell, { pulls }, () =>
    pulls.length === 0 ? ["no open pulls"] : table(rows, terminal.columns, "cut"),
  );
  return 0;
}

export function numberOf(text: string | undefined): PullNumber {
  const number = PullNumber.safeParse(Number(text));
  if (number.success) return number.data;
  throw new Fault("usage", `${text} is not a pull's number`, { next: "pullbeat pull list" });
}

/** An open pull, or one that ended, from the journal. */
export async function findPull(
  world: World,
  { journal, pulls }: Snapshot,
  number: PullNumber,
): Promise<Pull | EndedPull> {
  const open = pulls.find((p) => p.number === number);
  if (open !== undefined) return open;
  const ended = journal.head === null ? null : await world.records.ended(journal.head, number);
  if (ended !== null) return ended;
  throw new Fault("not-found", `there is no pull ${number}`, { next: "pullbeat pull list" });
}

/** `pullbeat pull show <number>`: what a reviewer wants to see in a minute. */
export async function showPull(shell: Shell, [text]: readonly string[]): Promise<ExitCode> {
  const world = await shell.open();
  const snapshot = await read(world);
  const pull = await findPull(world, snapshot, numberOf(text));
  const row = pullRows(snapshot).find((r) => r.number === pull.number);
  const reasons = row === undefined ? [] : await against(world, snapshot, pull.number);
  const value = {
    ...factsOf(pull),
    waiting: row?.waiting ?? null,
    reason: row?.reason ?? null,
    against: reasons,
  };
  show(shell, value, () => page({ ...value, row, now: snapshot.now }, shell.terminal));
  return 0;
}

/** What other programs may rely on, whatever else a forge or the journal keeps. */
const factsOf = (pull: Pull | EndedPull) => ({
  number: pull.number,
  kind: pull.kind,
  state: pull.state,
  title: pull.title,
  unit: pull.unit,
  task: pull.task,
  agent: pull.agent,
  attempt: pull.attempt,
  branch: pull.branch,
  base: pull.base,
  head: pull.head,
  author: pull.author,
  created: pull.created,
  body: pull.body.replaceAll("<number>", String(pull.number)),
  reviews: pull.reviews,
  ended: pull.ended,
});

interface Page extends ReturnType<typeof factsOf> {
  row: PullRow | undefined;
  against: readonly string[];
  now: Date;
}

function page(pull: Page, terminal: Terminal): string[] {
  const { now, reviews } = pull;
  const ago = (at: string): string => relative(new Date(at), now);
  const said = reviews.map((r) => {
    const body = r.body === "" ? "" : `: ${r.body}`;
    return `${r.by} ${r.verdict} ${ago(r.at)} on ${r.head.slice(0, 10)}${body}`;
  });
  const fit = (text: string): string[] =>
    text.split("\n").flatMap((line) => wrap(line, terminal.columns, hangOf(line)));
  return [
    ...fit(terminal.bold(`pull ${pull.number} · ${pull.title}`)),
    terminal.dim(
      `${pull.branch} · ${pull.head?.slice(0, 10) ?? "branch gone"} · opened ${ago(pull.created)}`,
    ),
    ...standing(pull, terminal).flatMap(fit),
    ...pull.against.flatMap((reason) => fit(terminal.yellow(`does not merge: ${reason}`))),
    "",
    ...fit(pull.body.trimEnd()).map((line) => rendered(line, terminal)),
    ...(said.length === 0 ? [] : ["", terminal.bold("Reviews"), ...said.flatMap(fit)]),
  ];
}

function standing({ row, state, ended }: Page, { yellow }: Terminal): string[] {
  if (ended !== null) return [`${state} by ${ended.by}${ended.why === "" ? "" : `: ${ended.why}`}`];
  if (row === undefined) return [state];
  const line = `${row.state}: ${row.reason}`;
  return [row.waiting === "you" ? yellow(line) : line];
}

/** What a line's continuation stands behind. */
const hangOf = (line: string): string => (line.startsWith("> ") ? "> " : line.startsWith("- ") ? "  " : "");

/** A line of markdown as a terminal shows it. Quoted lines are an agent's own, and stay as they are. */
function rendered(line: string, { bold }: Terminal): string {
  if (line.startsWith("## ")) return bold(line.slice(3));
  return line.startsWith(">") ? line : line.replaceAll(/\*\*([^*]+)\*\*/g, (_, text: string) => bold(text));
}

/** `pullbeat pull diff <number>`. */
export async function diff(shell: Shell, [text]: readonly string[]): Promise<ExitCode> {
  const world = await shell.open();
  const pull = await findPull(world, await read(world), numberOf(text));
  if (pull.head === null) throw new Fault("not-found", `the branch of pull ${pull.number} is gone`);
  const patch = await world.repo.patch(pull.base, pull.head);
  const lines = (): string[] =>
    patch
      .trimEnd()
      .split("\n")
      .map((line) => coloured(line, shell.terminal));
  show(shell, { number: pull.number, base: pull.base, head: pull.head, patch }, lines, "exact");
  return 0;
}

function coloured(line: string, terminal: Terminal): string {
  if (/^(?:\+\+\+|---|diff|index|new file|deleted file)/.test(line)) return terminal.bold(line);
  if (line.startsWith("+")) return terminal.green(line);
  if (line.startsWith("-")) return terminal.red(line);
  return line.startsWith("@@") ? terminal.cyan(line) : line;
}
