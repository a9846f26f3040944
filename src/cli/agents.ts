import type { AskingRate } from "../domain/board/asking.ts";
import { timetable, type Row } from "../domain/plan/timetable.ts";
import { planAble } from "../flow/able.ts";
import { read } from "../flow/read.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { relative } from "./time.ts";
import { dollars } from "./words.ts";

/** `pullbeat agents`: the timetable, as a tick would find it now. Reads the base branch, not the work tree. */
export async function agents(
  shell: Shell,
  _: readonly string[],
  { rates = false }: Options & { rates?: boolean },
): Promise<ExitCode> {
  const world = await shell.open({ look: true });
  const { snapshot } = await planAble(world, await read(world));
  const rows = timetable(snapshot);
  show(shell, { base: snapshot.base, agents: rows }, () =>
    rates ? ratesLines(rows, shell.terminal) : linesOf(rows, snapshot.now, shell.terminal),
  );
  return 0;
}

/** How each of them did in the last 30 days. */
function ratesLines(rows: readonly Row[], { dim, columns }: Terminal): string[] {
  const head = [
    "agent",
    "attempts",
    "asks a week",
    "sent back",
    "further rounds",
    "stalled",
    "failed",
    "parked",
  ];
  const cell = (n: number): string => (n === 0 ? dim("-") : String(n));
  const lines = rows.map(({ agent, rates: r }) => [
    agent,
    ...[r.attempts, r.asksPerWeek, r.sentBack, r.rounds, r.stalled, r.failed, r.parked].map(cell),
  ]);
  return table([head.map(dim), ...lines], columns);
}

function linesOf(rows: readonly Row[], now: Date, terminal: Terminal): string[] {
  if (rows.length === 0) return ["there are no agents yet: pullbeat agent new <name>"];
  const { dim } = terminal;
  const head = ["agent", "last beat", "next", "beats today", "asks", "state"].map(dim);
  return table([head, ...rows.map((row) => cells(row, now, terminal))], terminal.columns);
}

function cells(row: Row, now: Date, terminal: Terminal): string[] {
  const { agent, last, today, asks, state, reason } = row;
  const { green, yellow, red, dim } = terminal;
  const paint = state === "due" || state === "working" ? green : ODD.has(state) ? yellow : dim;
  const outcome = last?.outcome === "failed" ? red(last.outcome) : (last?.outcome ?? "");
  return [
    agent,
    last === null ? dim("never") : `${outcome} ${relative(new Date(last.started), now)}`,
    nextOf(row, now) ?? dim("-"),
    today === null ? "" : spendingOf(today),
    asksOf(asks, terminal),
    `${paint(state)}: ${reason}${graderOf(row, terminal)}`,
  ];
}

/** How far a grader's word counts. */
function graderOf({ grader }: Row, { yellow }: Terminal): string {
  if (grader === null) return "";
  return grader.kind === "advisory"
    ? `; ${yellow("its word is advice")}: it ${grader.why}`
    : `; as a grader it ${grader.why}`;
}

/** A slot of its schedule, or a duty that comes before that. */
function nextOf({ next, nextDuty }: Row, now: Date): string | null {
  if (nextDuty !== null && (next === null || nextDuty.at < next))
    return `${relative(new Date(nextDuty.at), now)} ${nextDuty.task}`;
  return next === null ? null : relative(new Date(next), now);
}

/** Too many questions are work for people; none at all, of one that may ask, is no good sign either. */
function asksOf(asks: AskingRate | null, { dim, yellow }: Terminal): string {
  if (asks === null || asks.attempts === 0) return dim("-");
  const told = `${asks.questions} of ${asks.attempts}`;
  return asks.rate === "fine" ? told : yellow(`${told} (${asks.rate})`);
}

/** States that a person may want to do something about. */
const ODD = new Set(["paused", "budget", "broken-spec", "broken-journal", "stale-input", "unknown-agent"]);

function spendingOf({ beats, usd, aside, unpriced, limit }: NonNullable<Row["today"]>): string {
  const notYet = aside === 0 ? "" : `, ${dollars(aside)} of it set aside`;
  const unknown = unpriced === 0 ? "" : ` +${unpriced} unpriced`;
  return `${beats} of ${limit.beats}, ${usd === 0 ? "$0" : dollars(usd)} of $${limit.usd.toFixed(2)}${notYet}${unknown}`;
}
