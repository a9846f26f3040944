import { Fault } from "../domain/fault.ts";
import type { BeatRecord } from "../domain/record.ts";
import { read } from "../flow/read.ts";
import { publishedRow, type BeatRow } from "../flow/report.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { dollars, relative, table } from "./terminal.ts";

/** `pullbeat log`: the journal's beats, newest first. */
export async function log(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const limit = Number(options.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Fault("usage", `--limit ${options.limit} is not a count`, {
      expected: "a whole number above 0",
    });
  const { journal, pulls, now } = await read(await shell.open());
  const numbers = new Map(pulls.map((p) => [p.branch, p.number]));
  const records = journal.records
    .toReversed()
    .filter((r) => options.agent === undefined || r.agent === options.agent)
    .slice(0, limit);
  const rows = records.map((r) => ({ ...publishedRow(r, numbers), started: r.started }));
  show(shell, { records: rows }, () => [
    ...table(
      records.map((r, i) => rowOf(r, rows[i], now)),
      shell.terminal,
    ),
    ...journal.findings.map((f) => shell.terminal.yellow(`${f.file}: ${f.message}`)),
    ...(records.length === 0 ? ["no records yet"] : []),
  ]);
  return 0;
}

function rowOf(record: BeatRecord, row: BeatRow | undefined, now: Date): string[] {
  const tokens = row?.attempts.reduce((sum, a) => sum + a.tokens, 0) ?? 0;
  const usd = row?.attempts.some((a) => a.usd === null)
    ? null
    : (row?.attempts.reduce((sum, a) => sum + (a.usd ?? 0), 0) ?? 0);
  const spent = tokens === 0 ? "" : `${tokens} tokens, ${dollars(usd)}`;
  const tasks = row?.attempts.map((a) => `${a.task} ${a.outcome}`).join(", ") ?? "";
  const scripted = record.attempts.some((a) => a.engine.scripted) ? " (scripted)" : "";
  return [
    `${record.agent}@${record.slot}`,
    record.outcome + scripted,
    relative(new Date(record.started), now),
    spent,
    tasks === "" ? record.reason : `${tasks}: ${record.attempts.at(-1)?.reason ?? record.reason}`,
  ];
}
