import { Fault } from "../domain/fault.ts";
import { nearest } from "../domain/text/near.ts";
import { JOURNAL, recordPath, type Attempt, type BeatRecord } from "../domain/record.ts";
import type { Finding } from "../domain/finding.ts";
import type { Journal } from "../domain/snapshot.ts";
import { read } from "../flow/read.ts";
import { tokensOf } from "../flow/report.ts";
import { beatTranscripts } from "../flow/transcripts.ts";
import type { ExitCode } from "./exit.ts";
import { wrap } from "./layout.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { counted } from "./step-words.ts";
import type { Terminal } from "./terminal.ts";
import { dollars } from "./words.ts";

/** `pullbeat log show <agent>@<slot>`: one record; with `--prompt` the bytes of every request. */
export async function logShow(
  shell: Shell,
  [name = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const { terminal } = shell;
  const world = await shell.open();
  const record = find((await read(world)).journal, name);
  if (options.prompt !== true) {
    show(shell, record, () => page(record, terminal));
    return 0;
  }
  const requests = await beatTranscripts(world, record);
  const lines = (): string[] =>
    requests.length === 0
      ? ["no model was asked in this beat"]
      : requests.flatMap((r) => [
          terminal.bold(`${r.unit} · attempt ${r.attempt} · request ${r.index} · sha256 ${r.sha256}`),
          r.body,
        ]);
  show(shell, { requests }, lines, "raw");
  return 0;
}

const nameOf = ({ agent, slot }: BeatRecord): string => `${agent}@${slot}`;

function find({ records, findings }: Journal, name: string): BeatRecord {
  const record = records.find((r) => nameOf(r) === name);
  if (record !== undefined) return record;
  const broken = findings.find((f) => f.file.startsWith("beats/") && f.file.endsWith(`/${name}/record.json`));
  if (broken !== undefined) throw unreadable(broken);
  const near = nearest(name, records.toReversed().map(nameOf));
  throw new Fault("not-found", `the journal has no beat ${name}`, {
    expected: near === null ? "<agent>@<slot>, such as ceo@20261123T0700Z" : `perhaps ${near}`,
    next: "pullbeat log",
  });
}

/** That there is none would be wrong: its path is its slot's lock, whatever stands in it. */
const unreadable = ({ file, message }: Finding): Fault =>
  new Fault("broken", `the journal's ${file} cannot be read: ${message}`, {
    next: `git log origin/${BRANCH} -- ${file} shows who wrote it; put the readable version back by a commit on that branch`,
  });

const BRANCH = JOURNAL.replace("refs/heads/", "");

function page(record: BeatRecord, terminal: Terminal): string[] {
  const { base, spec, wake, pullbeat } = record;
  return [
    terminal.bold(`${nameOf(record)} · ${record.outcome}`),
    ...wrap(record.reason, terminal.columns),
    terminal.dim(`${wake}, base ${base.slice(0, 10)}, spec ${spec.slice(0, 10)}, pullbeat ${pullbeat}`),
    terminal.dim(`${recordPath(record)} on ${BRANCH}`),
    ...record.attempts.flatMap((a) => ["", ...attemptLines(a, terminal)]),
  ];
}

function attemptLines(a: Attempt, terminal: Terminal): string[] {
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0
      ? []
      : [
          `  ${title}:`,
          ...lines.flatMap((l) => wrap(`    ${l.replaceAll("\n", " ")}`, terminal.columns, "      ")),
        ];
  const failure = a.failure === null ? "" : ` (${a.failure})`;
  return [
    terminal.bold(`${a.unit} · attempt ${a.attempt} · ${a.outcome}${failure}`),
    ...wrap(`  ${a.reason}`, terminal.columns, "  "),
    ...wrap(`  ${madeBy(a, terminal)}`, terminal.columns, "    "),
    ...(a.shortened === undefined
      ? []
      : wrap(
          `  ${counted(a.shortened, "older answer")} of tools shortened to make room`,
          terminal.columns,
          "    ",
        )),
    ...part("wrote", a.wrote),
    ...part(
      "saw",
      a.saw.map((s) => `${s.path} ${terminal.dim(s.blob.slice(0, 10))}`),
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

function madeBy(a: Attempt, { yellow }: Terminal): string {
  const { engine, spent } = a;
  const made = engine.scripted
    ? yellow(`${engine.kind}, scripted: the replies came from a file, no model was asked`)
    : `${engine.kind}, ${engine.model}`;
  return `${made}; ${spent.steps} steps, ${tokensOf(a)} tokens, ${dollars(spent.usd)}, ${Math.round(spent.ms / 1000)} s`;
}
