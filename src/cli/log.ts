import { Fault } from "../domain/fault.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { read } from "../flow/read.ts";
import { publishedRow, type BeatRow } from "../flow/report.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { agentNamed } from "../domain/names.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { relative } from "./time.ts";
import { costOf } from "./words.ts";

interface LogRow extends BeatRow {
  started: string;
}

/** `pullbeat log`: the journal's beats, newest first. */
export async function log(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const limit = Number(options.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Fault("usage", `--limit ${options.limit} is not a count`, {
      expected: "a whole number above 0",
    });
  const { terminal } = shell;
  const snapshot = await read(await shell.open());
  const { findings } = snapshot.journal;
  const rows = rowsOf(snapshot, options.agent).slice(0, limit);
  show(shell, { records: rows, findings }, () => [
    ...table(
      rows.map((r) => cells(r, snapshot.now, terminal)),
      terminal.columns,
      "cut",
    ),
    ...(rows.length === 0 ? ["no records yet"] : []),
    ...findings.map((f) => terminal.yellow(`${f.file}: ${f.message}`)),
  ]);
  return 0;
}

/** Records may be of agents that are gone by now. */
function rowsOf({ fleet, journal, pulls }: Snapshot, name: string | undefined): LogRow[] {
  const records = journal.records.filter((r) => name === undefined || r.agent === name).toReversed();
  if (name !== undefined && records.length === 0) agentNamed(fleet, name);
  const merged = journal.merges.map((m) => [m.branch, m.pull] as const);
  const numbers = new Map([...merged, ...pulls.map((p) => [p.branch, p.number] as const)]);
  return records.map((r) => ({ ...publishedRow(r, numbers), started: r.started }));
}

function cells(row: LogRow, now: Date, terminal: Terminal): string[] {
  const attempts = row.attempts.map((a) => {
    const pull = a.pull === null ? "" : ` → pull ${a.pull}`;
    return `${a.task} ${a.outcome}${pull}${a.scripted ? "" : costOf(a, terminal)}`;
  });
  const last = row.attempts.at(-1);
  const outcome = row.outcome === "failed" ? terminal.red(row.outcome) : row.outcome;
  return [
    `${row.agent}@${row.slot}`,
    outcome + (row.attempts.some((a) => a.scripted) ? terminal.yellow(" (scripted)") : ""),
    relative(new Date(row.started), now),
    last === undefined ? row.reason : `${attempts.join(", ")}: ${last.reason}`,
  ];
}
