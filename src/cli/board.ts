import { boardView, type TaskView } from "../domain/board.ts";
import { read } from "../flow/read.ts";
import type { ExitCode } from "./exit.ts";
import { show, type Options, type Shell } from "./shell.ts";
import { table } from "./terminal.ts";

const ENDED = new Set(["done", "dropped"]);

/** `pullbeat board`: the work tree's tasks, with what the remote knows of them. */
export async function board(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { terminal } = shell;
  const { worktree } = await import("../wire.ts");
  const { fleet, unseen } = await worktree(shell.dir);
  const snapshot = await read(await shell.open());
  const here = { ...snapshot, fleet: { ...fleet, config: fleet.config ?? snapshot.fleet.config } };
  const tasks = boardView(here)
    .filter((t) => options.agent === undefined || t.agent === options.agent)
    .filter((t) => options.all === true || !ENDED.has(t.state));
  show(shell, { tasks: tasks.map(row), unseen }, () => [
    ...table(
      tasks.map((t) => [t.unit, t.state, t.agent, t.priority, `${t.title} ${terminal.dim(t.reason)}`]),
      terminal,
    ),
    ...(tasks.length === 0 ? ["no open tasks"] : []),
    ...unseen.map((u) => terminal.yellow(`the next tick will not see ${u.file}: ${u.why}`)),
    ...fleet.findings.map((f) => terminal.red(`${f.file}:${f.line}:${f.column}: ${f.message}`)),
  ]);
  return 0;
}

const row = ({ unit, title, agent, priority, state, reason, needs, file, pull }: TaskView) => ({
  id: unit,
  title,
  agent,
  priority,
  state,
  reason,
  needs,
  file,
  pull,
});
