import { Fault } from "../domain/fault.ts";
import { JOURNAL, recordPath, type Attempt, type BeatRecord } from "../domain/record.ts";
import { beatTranscripts } from "../flow/transcripts.ts";
import { read } from "../flow/read.ts";
import { tokensOf } from "../flow/report.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { dollars } from "./terminal.ts";

/** `pullbeat log show <agent>@<slot>`: one record; with `--prompt` the bytes of every request. */
export async function logShow(
  shell: Shell,
  [name = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const world = await shell.open();
  const { journal } = await read(world);
  const record = journal.records.find((r) => `${r.agent}@${r.slot}` === name);
  if (record === undefined)
    throw new Fault("not-found", `the journal has no beat ${name}`, {
      expected: "<agent>@<slot>, such as ceo@20261123T0700Z",
      next: "pullbeat log",
    });
  if (options.prompt !== true) {
    show(shell, record, () => page(shell, record));
    return 0;
  }
  const requests = await beatTranscripts(world, record);
  show(shell, { requests }, () =>
    requests.flatMap((r) => [
      shell.terminal.bold(`${r.unit} · attempt ${r.attempt} · request ${r.index} · sha256 ${r.sha256}`),
      r.body,
    ]),
  );
  return 0;
}

function page({ terminal }: Shell, record: BeatRecord): string[] {
  return [
    terminal.bold(`${record.agent}@${record.slot} · ${record.outcome}`),
    record.reason,
    terminal.dim(
      `${record.wake}, base ${record.base.slice(0, 10)}, spec ${record.spec.slice(0, 10)}, pullbeat ${record.pullbeat}`,
    ),
    terminal.dim(`${recordPath(record)} on ${JOURNAL.replace("refs/heads/", "")}`),
    ...record.attempts.flatMap((a) => ["", ...attemptLines(a, terminal.bold)]),
  ];
}

function attemptLines(a: Attempt, bold: (text: string) => string): string[] {
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((l) => `    ${l}`)];
  const made = a.engine.scripted ? `${a.engine.model} (scripted: no model was asked)` : a.engine.model;
  return [
    bold(`${a.unit} · attempt ${a.attempt} · ${a.outcome}${a.failure === null ? "" : ` (${a.failure})`}`),
    `  ${a.reason}`,
    `  ${a.engine.kind} ${made}: ${a.spent.steps} steps, ${tokensOf(a)} tokens, ${dollars(a.spent.usd)}, ${Math.round(a.spent.ms / 1000)} s`,
    ...part("wrote", a.wrote),
    ...part(
      "saw",
      a.saw.map((s) => `${s.path} ${s.blob.slice(0, 10)}`),
    ),
    ...part(
      "noted",
      a.notes.map((n) => `${n.kind}: ${n.text}`),
    ),
    ...part("was told by the gates", a.feedback),
    ...part(
      "gates",
      (a.verdict?.gates ?? []).map((g) => `${g.gate} ${g.ruling}: ${g.sentence}`),
    ),
  ];
}
