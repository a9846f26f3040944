import { boardView, type TaskView } from "../domain/board/board.ts";
import { PERSON } from "../domain/board/standing.ts";
import type { ExitCode } from "./exit.ts";
import { table, wrap } from "./layout.ts";
import { agentNamed } from "../domain/names.ts";
import { fleetHere, nothing, readRemote } from "./remote.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import { spoken } from "./time.ts";

const ENDED = new Set(["done", "dropped"]);

/** `pullbeat board`: the work tree's tasks, with what the remote knows of them. */
export async function board(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { terminal } = shell;
  const { worktree } = await import("../wire.ts");
  const remote = await readRemote(shell, { look: true });
  const there = "snapshot" in remote ? remote.snapshot : nothing(shell.now ?? new Date());
  const { fleet, unseen } = await worktree(shell.dir, "snapshot" in remote ? there.base : undefined);
  const here = { ...there, fleet: fleetHere(fleet, there) };
  const agent = options.agent === undefined ? null : agentNamed(fleet, options.agent);
  const tasks = boardView(here)
    .filter((t) => agent === null || t.agent === agent)
    .filter((t) => options.all === true || !ENDED.has(t.state));
  const warning = "warning" in remote ? remote.warning : null;
  const fit = (line: string): string[] => wrap(line, terminal.columns, "    ");
  show(shell, { tasks: tasks.map(row), unseen, findings: fleet.findings, warning }, () => [
    ...(warning === null
      ? []
      : [...fit(terminal.yellow(`only what lies here, without claims and pulls: ${warning}`)), ""]),
    ...lines(tasks, there.now, terminal),
    ...unseen.flatMap((u) => fit(terminal.yellow(`the next tick will not see ${u.file}: ${u.why}`))),
    ...fleet.findings.flatMap((f) => fit(terminal.red(`${f.file}:${f.line}:${f.column}: ${f.message}`))),
  ]);
  return 0;
}

const row = ({ unit, task, title, agent, priority, state, reason, acts, needs, file, pull }: TaskView) => ({
  id: unit,
  task,
  title,
  agent,
  priority,
  state,
  reason,
  acts,
  needs,
  file,
  pull,
});

function lines(tasks: readonly TaskView[], now: Date, terminal: Terminal): string[] {
  if (tasks.length === 0) return ["no open tasks"];
  // What waits for whoever looks at it comes first.
  const inTurn = tasks.toSorted((a, b) => Number(b.acts === PERSON) - Number(a.acts === PERSON));
  const rows = inTurn.map((t) => [
    t.unit,
    stateOf(t, terminal),
    t.agent,
    t.priority,
    `${t.title}\n${terminal.dim(spoken(t.reason, now))}`,
  ]);
  return table(rows, terminal.columns);
}

/** A person's turn stands out. */
function stateOf({ state, acts }: TaskView, { yellow, green, dim }: Terminal): string {
  if (acts === PERSON) return yellow(state);
  return state === "ready" || state === "claimed" ? green(state) : dim(state);
}
