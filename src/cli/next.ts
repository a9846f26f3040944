import { Fault } from "../domain/fault.ts";
import { nextOf, type Next } from "../domain/plan/next.ts";
import { read } from "../flow/read.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { agentNamed } from "../domain/names.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

/** `pullbeat next <agent>`: its most important task that can be worked now, as the remote has it. */
export async function next(
  shell: Shell,
  [name = ""]: readonly string[],
  options: Options,
): Promise<ExitCode> {
  const most = countOf(options.limit ?? "1");
  const snapshot = await read(await shell.open({ look: true }));
  const found = nextOf(snapshot, agentNamed(snapshot.fleet, name), most);
  show(shell, { base: snapshot.base, ...found }, () => lines(found, shell.terminal));
  return 0;
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Fault("usage", `--limit ${text} is no number of tasks`, { expected: "1 or more" });
}

function lines({ agent, tasks, reason }: Next, terminal: Terminal): string[] {
  if (tasks.length === 0) return [terminal.dim(`nothing for ${agent}: ${reason ?? ""}`)];
  const rows = tasks.map((t) => [
    terminal.green(t.id),
    t.priority,
    t.pull === null ? t.why : `${t.why} (#${t.pull})`,
    `${t.title}\n${terminal.dim(t.file)}`,
  ]);
  return table(rows, terminal.columns);
}
