import { Fault } from "../domain/fault.ts";
import { PullNumber } from "../domain/id.ts";
import type { Pull } from "../domain/pull.ts";
import type { EndedPull } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { pullRows, type PullRow } from "../flow/pulls.ts";
import { read } from "../flow/read.ts";
import type { World } from "../flow/world.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Shell } from "./shell.ts";
import { relative, table } from "./terminal.ts";

/** `pullbeat pull list`. */
export async function list(shell: Shell): Promise<ExitCode> {
  const { terminal } = shell;
  const pulls = pullRows(await read(await shell.open()));
  show(shell, { pulls }, () => [
    ...table(
      pulls.map((p) => [
        String(p.number),
        p.waiting === "you" ? terminal.yellow("your turn") : terminal.dim(p.waiting),
        p.state,
        p.agent ?? "",
        p.title,
      ]),
      terminal,
    ),
    ...(pulls.length === 0 ? ["no open pulls"] : []),
  ]);
  return 0;
}

export function numberOf(text: string | undefined): PullNumber {
  const number = PullNumber.safeParse(Number(text));
  if (number.success) return number.data;
  throw new Fault("usage", `${text} is not a pull's number`, { next: "pullbeat pull list" });
}

/** An open pull, or one that ended, from the journal. */
async function find(world: World, snapshot: Snapshot, number: PullNumber): Promise<Pull | EndedPull> {
  const { journal, pulls } = snapshot;
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
  const pull = await find(world, snapshot, numberOf(text));
  const row = pullRows(snapshot).find((r) => r.number === pull.number);
  show(shell, { ...pull, waiting: row?.waiting ?? null, reason: row?.reason ?? null }, () =>
    page(shell, { pull, row, now: snapshot.now }),
  );
  return 0;
}

function page(
  { terminal }: Shell,
  { pull, row, now }: { pull: Pull | EndedPull; row: PullRow | undefined; now: Date },
): string[] {
  const state = row === undefined ? pull.state : `${row.state}: ${row.reason}`;
  const said = pull.reviews.map(
    (r) =>
      `${r.by} ${r.verdict} ${relative(new Date(r.at), now)} on ${r.head.slice(0, 10)}${r.body === "" ? "" : `: ${r.body}`}`,
  );
  const body = pull.body.replaceAll("<number>", String(pull.number)).trimEnd().split("\n");
  return [
    terminal.bold(`pull ${pull.number} · ${pull.title}`),
    terminal.dim(
      `${pull.branch} · ${pull.head?.slice(0, 10) ?? "branch gone"} · opened ${relative(new Date(pull.created), now)}`,
    ),
    row?.waiting === "you" ? terminal.yellow(state) : state,
    ...(pull.ended === null
      ? []
      : [`${pull.state} by ${pull.ended.by}${pull.ended.why === "" ? "" : `: ${pull.ended.why}`}`]),
    "",
    ...body.map((line) => (line.startsWith("## ") ? terminal.bold(line.slice(3)) : line)),
    ...(said.length === 0 ? [] : ["", terminal.bold("Reviews"), ...said]),
  ];
}

/** `pullbeat pull diff <number>`. */
export async function diff(shell: Shell, [text]: readonly string[]): Promise<ExitCode> {
  const world = await shell.open();
  const pull = await find(world, await read(world), numberOf(text));
  if (pull.head === null) throw new Fault("not-found", `the branch of pull ${pull.number} is gone`);
  const patch = await world.repo.patch(pull.base, pull.head);
  show(shell, { number: pull.number, base: pull.base, head: pull.head, patch }, () => coloured(patch, shell));
  return 0;
}

function coloured(patch: string, { terminal }: Shell): string[] {
  return patch
    .trimEnd()
    .split("\n")
    .map((line) => {
      if (/^(?:\+\+\+|---|diff|index|new file|deleted file)/.test(line)) return terminal.bold(line);
      if (line.startsWith("+")) return terminal.green(line);
      if (line.startsWith("-")) return terminal.red(line);
      return line.startsWith("@@") ? terminal.cyan(line) : line;
    });
}
