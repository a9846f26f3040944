import { besideLines } from "../domain/pull/beside-text.ts";
import { Fault } from "../domain/fault.ts";
import { PullNumber } from "../domain/id.ts";
import type { Pull } from "../domain/pull/pull.ts";
import { presentBody } from "../domain/pull/present.ts";
import type { Beside } from "../domain/pull/radar.ts";
import type { EndedPull } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Verdict } from "../domain/verdict/verdict.ts";
import { compareCases, type Compared } from "../flow/case/compare.ts";
import { weighedRows, type WeighedRow } from "../flow/pulls.ts";
import { besides } from "../flow/verdict/radar.ts";
import { weigh } from "../flow/verdict/weigh.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { table, wrap } from "./layout.ts";
import { show, type Shell } from "./shell.ts";
import { against } from "./against.ts";
import { comparedLines } from "./case-words.ts";
import { besideIn, markOf } from "./beside.ts";
import type { Terminal } from "./terminal.ts";
import { relative, spoken } from "./time.ts";

/** `pullbeat pull list`. */
export async function list(shell: Shell): Promise<ExitCode> {
  const { terminal } = shell;
  const world = await shell.open();
  const snapshot = await read(world);
  const radar = await besides(world, snapshot);
  const weighed = await weighedRows(world, snapshot);
  const pulls = weighed.map((p) => ({ ...p, beside: besideIn(radar, p.number) }));
  const isMarked = pulls.some((p) => markOf(p.beside) !== "");
  const rows = pulls.map((p) => [
    String(p.number),
    p.waiting === "you" ? terminal.yellow("your turn") : terminal.dim(p.waiting),
    p.state,
    p.tier ?? "",
    p.agent ?? "",
    terminal.dim(relative(new Date(p.created), snapshot.now)),
    ...(isMarked ? [terminal.yellow(markOf(p.beside))] : []),
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
  throw new Fault("usage", `${text} is not a pull's number`, {
    expected: "a whole number, such as 3",
    next: "pullbeat pull list",
  });
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
  const numbers = pulls.map((p) => p.number).join(", ");
  throw new Fault("not-found", `there is no pull ${number}`, {
    expected: numbers === "" ? "none is open" : `one of ${numbers}, or one that has ended`,
    next: "pullbeat pull list",
  });
}

/** `pullbeat pull show <number>`: what a reviewer wants to see in a minute. */
export async function showPull(shell: Shell, [text]: readonly string[]): Promise<ExitCode> {
  const world = await shell.open();
  const snapshot = await read(world);
  const pull = await findPull(world, snapshot, numberOf(text));
  const [row] = await weighedRows(world, snapshot, pull.number);
  const reasons = row === undefined ? [] : await against(world, snapshot, pull.number);
  const verdict = await verdictOn(world, snapshot, pull.number);
  const value = {
    ...factsOf(pull),
    tier: row?.tier ?? null,
    waiting: row?.waiting ?? null,
    reason: row?.reason ?? null,
    against: reasons,
    gates: verdict?.gates ?? [],
    beside: besideIn(await besides(world, snapshot, pull.number), pull.number),
    cases: pull.state === "open" ? await compareCases(world, snapshot, pull) : [],
  };
  const { now, branch } = snapshot;
  const body = verdict === null ? value.body : presentBody(value, verdict);
  show(shell, value, () => page({ ...value, body, row, now, into: branch }, shell.terminal));
  return 0;
}

/** What each gate that an open pull needs says now; null for one that ended, or whose branch is gone. */
async function verdictOn(world: World, snapshot: Snapshot, number: PullNumber): Promise<Verdict | null> {
  const pull = snapshot.pulls.find((p) => p.number === number);
  if (pull === undefined || pull.head === null || pull.state !== "open") return null;
  return (await weigh(world, snapshot, pull)).told;
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
  row: WeighedRow | undefined;
  against: readonly string[];
  beside: Beside;
  cases: readonly Compared[];
  /** The base branch. */
  into: string;
  now: Date;
}

function page(pull: Page, terminal: Terminal): string[] {
  const { now, reviews } = pull;
  const ago = (at: string): string => relative(new Date(at), now);
  const said = reviews.map((r) => {
    const body = r.body === "" ? "" : `: ${r.body}`;
    return `${r.by} ${r.verdict} ${ago(r.at)} on ${r.head.slice(0, 10)}${body}`;
  });
  const beside = besideLines(pull.beside, pull.into);
  const fit = (text: string): string[] =>
    text.split("\n").flatMap((line) => wrap(line, terminal.columns, hangOf(line)));
  return [
    ...fit(terminal.bold(`pull ${pull.number} · ${pull.title}`)),
    ...fit(
      terminal.dim(
        `${pull.branch} · ${pull.head?.slice(0, 10) ?? "branch gone"} · opened ${ago(pull.created)}`,
      ),
    ),
    ...standing(pull, terminal).flatMap(fit),
    ...pull.against.flatMap((reason) => fit(terminal.yellow(`does not merge: ${reason}`))),
    ...(pull.cases.length === 0
      ? []
      : ["", terminal.bold("Cases"), ...comparedLines(pull.cases, pull.number).flatMap(fit)]),
    ...(beside.length === 0 ? [] : ["", terminal.bold("Beside it"), ...beside.flatMap(fit)]),
    "",
    ...fit(pull.body.trimEnd()).map((line) => rendered(line, terminal)),
    ...(said.length === 0 ? [] : ["", terminal.bold("Reviews"), ...said.flatMap(fit)]),
  ];
}

function standing({ row, state, ended, now }: Page, { yellow }: Terminal): string[] {
  if (ended !== null) return [`${state} by ${ended.by}${ended.why === "" ? "" : `: ${ended.why}`}`];
  if (row === undefined) return [state];
  const line = `${row.state}${row.tier === null ? "" : ` (${row.tier})`}: ${spoken(row.reason, now)}`;
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
  if (pull.head === null)
    throw new Fault("not-found", `the branch of pull ${pull.number} is gone`, {
      expected: `the branch ${pull.branch} on the remote`,
      next: `pullbeat pull close ${pull.number}`,
    });
  const patch = await world.repo.patch(pull.base, pull.head);
  const value = { number: pull.number, base: pull.base, head: pull.head, patch };
  // A patch may end in a line of one blank, and `git apply` wants each of its bytes.
  const lines = (): string[] => patch.replace(/\n$/, "").split("\n");
  show(shell, value, () => lines().map((line) => coloured(line, shell.terminal)), "raw");
  return 0;
}

function coloured(line: string, terminal: Terminal): string {
  if (/^(?:\+\+\+|---|diff|index|new file|deleted file)/.test(line)) return terminal.bold(line);
  if (line.startsWith("+")) return terminal.green(line);
  if (line.startsWith("-")) return terminal.red(line);
  return line.startsWith("@@") ? terminal.cyan(line) : line;
}
