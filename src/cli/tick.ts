import { Fault } from "../domain/fault.ts";
import { AgentName, randomId, Unit } from "../domain/id.ts";
import { plan as planFor } from "../domain/planner.ts";
import { read } from "../flow/read.ts";
import { dueRow, idleRow, type AttemptRow, type BeatRow, type TickReport } from "../flow/report.ts";
import { tick as runTick } from "../flow/tick.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { dollars, table, type Terminal } from "./terminal.ts";

/** `pullbeat plan`: what a tick would do now; nothing is written. */
export async function plan(shell: Shell): Promise<ExitCode> {
  const world = await shell.open();
  const snapshot = await read(world);
  const planned = planFor(snapshot);
  const rows = [...planned.beats.map(dueRow), ...[...planned.closings, ...planned.rests].map(idleRow)];
  const report: TickReport = { base: snapshot.base, beats: rows };
  show(shell, report, () => lines(report, shell.terminal));
  return 0;
}

/** `pullbeat tick`: exit code 1 when a beat failed. */
export async function tick(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const world = await shell.open();
  const by = manual(options, randomId(world.clock.chance, 6));
  const report = await runTick(world, by);
  show(shell, report, () => lines(report, shell.terminal));
  return report.beats.some((b) => b.outcome === "failed") ? 1 : 0;
}

function manual({ agent, task }: Options, id: string): Parameters<typeof runTick>[1] {
  if (agent === undefined && task === undefined) return undefined;
  if (agent === undefined) throw new Fault("usage", "--task needs --agent", { expected: "--agent <name>" });
  return {
    agent: AgentName.parse(agent),
    ...(task === undefined ? {} : { task: Unit.parse(task) }),
    id,
  };
}

function lines(report: TickReport, terminal: Terminal): string[] {
  if (report.beats.length === 0) return ["no agents"];
  const rows = report.beats.flatMap((beat) => [
    [paint(beat, terminal), beat.agent, beat.slot ?? "", beat.reason],
    ...beat.attempts.map((a) => [
      "",
      `  ${a.task}`,
      a.outcome,
      `${a.reason}${a.pull === null ? "" : ` → pull ${a.pull}`}${costOf(a)}`,
    ]),
  ]);
  return table(rows, terminal);
}

function costOf({ scripted, tokens, usd }: AttemptRow): string {
  if (scripted) return " (scripted)";
  return tokens === 0 ? "" : ` (${tokens} tokens, ${dollars(usd)})`;
}

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
