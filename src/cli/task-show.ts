import { fieldOf } from "../domain/text/field.ts";
import { TaskId } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { neighbours, type NeedView, type Neighbours } from "../domain/board/task-view.ts";
import type { TaskFile } from "../domain/board/task.ts";
import { PERSON } from "../domain/board/standing.ts";
import { publishedRow, type AttemptRow } from "../flow/report.ts";
import type { ExitCode } from "./exit.ts";
import { table, wrap } from "./layout.ts";
import { noTask } from "../domain/names.ts";
import { fleetHere, nothing, readRemote } from "./remote.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { relative } from "./time.ts";
import { costOf } from "./words.ts";

/** An attempt on the task, with the beat that made it. */
interface Tried extends AttemptRow {
  beat: string;
  started: string;
}

interface Seen extends Neighbours {
  file: TaskFile;
  /** Why the next tick does not see the file as it is shown. */
  unseen: string | null;
  attempts: Tried[];
  warning: string | null;
  now: Date;
}

/** `pullbeat task show`: what a person wants to know about one task. The work tree's file, as `board` shows it. */
export async function taskShow(
  shell: Shell,
  [typed = ""]: readonly string[],
  _options: Options,
): Promise<ExitCode> {
  const id = fieldOf(TaskId, "the task", typed.split("@", 1)[0]);
  const remote = await readRemote(shell);
  const there = "snapshot" in remote ? remote.snapshot : nothing(shell.now ?? new Date());
  const { worktree } = await import("../wire.ts");
  const { fleet, unseen } = await worktree(shell.dir, "snapshot" in remote ? there.base : undefined);
  const local = fleetHere(fleet, there);
  const isOurs = unseen.some((u) => u.file === local.tasks.get(id)?.path);
  const snapshot = isOurs || !there.fleet.tasks.has(id) ? { ...there, fleet: local } : there;
  const file = snapshot.fleet.tasks.get(id);
  if (file === undefined) throw noTask(there.fleet, id);
  const seen: Seen = {
    ...neighbours(id, snapshot),
    file,
    unseen: unseen.find((u) => u.file === file.path)?.why ?? null,
    attempts: triedOf(id, snapshot),
    warning: "warning" in remote ? remote.warning : null,
    now: snapshot.now,
  };
  show(shell, rowOf(seen), () => linesOf(seen, shell.terminal));
  return 0;
}

/** Newest first. */
function triedOf(id: TaskId, { journal, pulls }: Snapshot): Tried[] {
  const numbers = new Map([
    ...journal.merges.map((m) => [m.branch, m.pull] as const),
    ...pulls.map((p) => [p.branch, p.number] as const),
  ]);
  return journal.records
    .flatMap((record) =>
      publishedRow(
        { ...record, attempts: record.attempts.filter((a) => a.task === id) },
        numbers,
      ).attempts.map((attempt) => ({
        beat: `${record.agent}@${record.slot}`,
        started: record.started,
        ...attempt,
      })),
    )
    .toReversed();
}

function rowOf({ file, units, needs, neededBy, attempts, unseen, warning }: Seen) {
  const { id, title, agent, priority, status, due, every, created_by, produces } = file.task;
  return {
    id,
    title,
    agent,
    priority,
    status,
    due: due ?? null,
    every: every ?? null,
    createdBy: created_by ?? null,
    produces,
    file: file.path,
    units: units.map((u) => ({
      id: u.unit,
      state: u.state,
      reason: u.reason,
      acts: u.acts,
      pull: u.pull,
    })),
    needs,
    neededBy,
    attempts,
    unseen,
    warning,
    body: file.body,
  };
}

function linesOf(seen: Seen, terminal: Terminal): string[] {
  const { file, units, neededBy, unseen, warning } = seen;
  const { bold, dim, yellow, columns } = terminal;
  const facts = [
    ...units.flatMap((u) => [
      [
        units.length === 1 ? "state" : u.unit,
        `${u.acts === PERSON ? yellow(u.state) : u.state}: ${u.reason}`,
      ],
      [
        "acts next",
        `${u.acts}${u.pull === null ? "" : `, on pull ${u.pull} (pullbeat pull show ${u.pull})`}`,
      ],
    ]),
    ["agent", `${file.task.agent}, priority ${file.task.priority}${extras(file)}`],
    ...seen.needs.map((need, i) => [i === 0 ? "needs" : "", needLine(need)]),
    ...(neededBy.length === 0 ? [] : [["needed by", neededBy.join(", ")]]),
    ...(file.task.produces.length === 0 ? [] : [["produces", file.task.produces.join(", ")]]),
    ["file", file.path],
  ];
  return [
    ...wrap(`${bold(file.task.id)}  ${bold(file.task.title)}`, columns),
    ...table(
      facts.map(([key = "", value = ""]) => [dim(key), value]),
      columns,
    ),
    ...(unseen === null ? [] : [yellow(`the next tick will not see it as it is here: ${unseen}`)]),
    ...(warning === null ? [] : [yellow(`without claims, pulls and journal: ${warning}`)]),
    ...attemptLines(seen, terminal),
    "",
    ...file.body
      .trim()
      .split(/\r?\n/)
      .flatMap((line) => wrap(line, columns)),
  ];
}

function extras({ task }: TaskFile): string {
  const { due, every, created_by: by } = task;
  return [
    due === undefined ? "" : `, due ${due}`,
    every === undefined ? "" : `, ${every}`,
    by === undefined ? "" : `, made by ${by}`,
  ].join("");
}

function needLine({ task, result, title, state, met }: NeedView): string {
  const how = state === null ? "neither on the board nor in its archive" : met ? "met" : state;
  const as = result === null ? "" : ` to end as ${result}`;
  return `${task}${as} (${how})${title === null ? "" : `: ${title}`}`;
}

/** Older ones are in `pullbeat log`. */
const MOST = 10;

function attemptLines({ attempts, now }: Seen, terminal: Terminal): string[] {
  if (attempts.length === 0) return [];
  const rows = attempts
    .slice(0, MOST)
    .map((a) => [
      a.beat,
      a.outcome === "failed" ? terminal.red(a.outcome) : a.outcome,
      relative(new Date(a.started), now),
      `${a.pull === null ? "" : `pull ${a.pull}: `}${a.reason}${costOf(a, terminal)}`,
    ]);
  const more = attempts.length > MOST ? [`and ${attempts.length - MOST} older ones`] : [];
  return ["", terminal.bold("Attempts"), ...table(rows, terminal.columns), ...more];
}
