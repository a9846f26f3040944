import { digestDue } from "../domain/digest/due.ts";
import { digestPath } from "../domain/digest/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { planAble } from "../flow/able.ts";
import { pullRows } from "../flow/pulls.ts";
import { read } from "../flow/read.ts";
import { dueRow, idleRow, type AttemptRow, type BeatRow, type TickReport } from "../flow/report.ts";
import { tick as runTick } from "../flow/tick.ts";
import { byHand } from "./by-hand.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { month } from "./month.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { slotTime, spoken } from "./time.ts";
import { attemptLine, digestLine } from "./words.ts";

/** `pullbeat plan`: what a tick would do now; nothing is written. */
export async function plan(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  if (options.month === true) return month(shell);
  const world = await shell.open({ look: true });
  const { plan: planned, snapshot } = await planAble(world, await read(world));
  const rows = [...planned.beats.map(dueRow), ...[...planned.closings, ...planned.rests].map(idleRow)];
  const date = digestDue(snapshot);
  const digest = date === null ? null : { date, file: digestPath(date), pull: null, merged: false };
  const report: TickReport = { base: snapshot.base, beats: rows, digest };
  show(shell, report, () => [
    ...tickLines(report, snapshot.now, shell.terminal),
    ...(planned.beats.length === 0 ? [shell.terminal.dim(nobodyDue(snapshot))] : []),
  ]);
  return 0;
}

/** What a person can do where no agent can. */
function nobodyDue(snapshot: Snapshot): string {
  const mine = pullRows(snapshot).filter((p) => p.waiting === "you").length;
  if (mine === 0) return "nobody is due";
  return `nobody is due; ${mine} ${mine === 1 ? "pull waits" : "pulls wait"} for you: pullbeat pull list`;
}

/** `pullbeat tick`: exit code 1 when a beat failed. */
export async function tick(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { terminal } = shell;
  const world = await shell.open();
  const by = await byHand(world, options);
  const report = await runTick(world, by);
  // Whoever asks for a beat by hand wants to know why there was none, and `plan` knows nothing of what was asked.
  const told = by === undefined ? report.beats.filter((b) => !isQuiet(b)) : report.beats;
  show(shell, report, () => [
    ...(told.length === 0 && report.beats.length > 0
      ? ["nobody was due", ...digestLines(report, terminal)]
      : tickLines({ ...report, beats: told }, world.clock.now(), terminal)),
    ...afterwards(report, report.beats.length - told.length).map((line) => terminal.dim(line)),
  ]);
  return report.beats.some((b) => b.outcome === "failed") ? 1 : 0;
}

/** A tick tells what happened; that somebody has nothing to do is what `plan` tells. */
const QUIET = new Set(["nothing-ready", "not-due", "paused"]);

const isQuiet = (beat: BeatRow): boolean => isIdle(beat) && QUIET.has(beat.code ?? "");

/** `quiet`: how many rest, and were not told of. */
function afterwards({ beats }: TickReport, quiet: number): string[] {
  const pulls = beats.flatMap((b) => b.attempts.flatMap((a) => a.pull ?? []));
  const look = pulls.length === 1 ? `pullbeat pull show ${pulls[0]}` : "pullbeat pull list";
  const failed = beats.filter((b) => b.outcome === "failed" && b.slot !== null);
  return [
    ...(quiet === 0
      ? []
      : [`${quiet} ${quiet === 1 ? "agent rests" : "agents rest"}: pullbeat plan says why`]),
    ...failed.map((b) => `why it failed: pullbeat log show ${b.agent}@${b.slot}`),
    ...(pulls.length === 0 ? [] : [`next: ${look}`]),
  ];
}

/** Beats first, then who rests; what an attempt came to stands below its beat's reason. */
export function tickLines(report: TickReport, now: Date, terminal: Terminal): string[] {
  const { beats } = report;
  const told = digestLines(report, terminal);
  if (beats.length === 0) return ["there are no agents yet: agents/<name>.md describes one", ...told];
  const rows = beats
    .toSorted((a, b) => Number(isIdle(a)) - Number(isIdle(b)))
    .map((beat) => [
      paint(beat, terminal),
      beat.agent,
      beat.slot === null ? "" : slotTime(beat.slot, now),
      [...reasonsOf(beat, now), ...attemptsOf(beat).map((a) => attemptLine(a, terminal))].join("\n"),
    ]);
  return [...table(rows, terminal.columns), ...told];
}

const digestLines = ({ digest }: TickReport, terminal: Terminal): string[] =>
  digest === null ? [] : [digestLine(digest, terminal)];

/** Why a beat is as it is, where its one attempt does not say the same. Most agents have no slots: that tells nothing. */
function reasonsOf({ reason, attempts }: BeatRow, now: Date): string[] {
  if (attempts.some((a) => a.reason === reason)) return [];
  return [spoken(reason, now).replace(/; no slot is to come$/, "")];
}

/** One planned attempt is what the beat's reason speaks of already. */
const attemptsOf = ({ outcome, attempts }: BeatRow): AttemptRow[] =>
  outcome === "due" && attempts.length === 1 ? [] : attempts;

const isIdle = ({ outcome, slot }: BeatRow): boolean => outcome === "rested" && slot === null;

function paint({ outcome }: BeatRow, terminal: Terminal): string {
  switch (outcome) {
    case "worked":
    case "due":
      return terminal.green(outcome);
    case "failed":
      return terminal.red(outcome);
    case "missed":
    case "lost":
      return terminal.yellow(outcome);
    default:
      return terminal.dim(outcome);
  }
}
