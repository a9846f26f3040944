import { boardView, type TaskView } from "../domain/board.ts";
import { Config } from "../domain/config.ts";
import { Fault } from "../domain/fault.ts";
import { Sha } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { PERSON } from "../domain/standing.ts";
import { VERSION } from "../domain/version.ts";
import { read } from "../flow/read.ts";
import type { ExitCode } from "./exit.ts";
import { table } from "./layout.ts";
import { agentNamed } from "./names.ts";
import { show, type Options, type Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";

const ENDED = new Set(["done", "dropped"]);

/** `pullbeat board`: the work tree's tasks, with what the remote knows of them. */
export async function board(shell: Shell, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { terminal } = shell;
  const { worktree } = await import("../wire.ts");
  const remote = await readRemote(shell);
  const there = "snapshot" in remote ? remote.snapshot : nothing(shell.now ?? new Date());
  const { fleet, unseen } = await worktree(shell.dir, "snapshot" in remote ? there.base : undefined);
  const here = { ...there, fleet: { ...fleet, config: fleet.config ?? there.fleet.config } };
  const agent = options.agent === undefined ? null : agentNamed(fleet, options.agent);
  const tasks = boardView(here)
    .filter((t) => agent === null || t.agent === agent)
    .filter((t) => options.all === true || !ENDED.has(t.state));
  const warning = "warning" in remote ? remote.warning : null;
  show(shell, { tasks: tasks.map(row), unseen, findings: fleet.findings, warning }, () => [
    ...(warning === null
      ? []
      : [terminal.yellow(`only what lies here, without claims and pulls: ${warning}`), ""]),
    ...lines(tasks, terminal),
    ...unseen.map((u) => terminal.yellow(`the next tick will not see ${u.file}: ${u.why}`)),
    ...fleet.findings.map((f) => terminal.red(`${f.file}:${f.line}:${f.column}: ${f.message}`)),
  ]);
  return 0;
}

/** What the remote knows; or, where it cannot be read, why. */
async function readRemote(shell: Shell): Promise<{ snapshot: Snapshot } | { warning: string }> {
  try {
    return { snapshot: await read(await shell.open()) };
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !["git", "remote", "config"].includes(thrown.code)) throw thrown;
    return { warning: thrown.message };
  }
}

/** A world of which nothing is known. */
const nothing = (now: Date): Snapshot => ({
  now,
  chain: 0,
  pullbeat: VERSION,
  branch: "",
  base: Sha.parse("0".repeat(40)),
  fleet: {
    config: Config.parse({ version: 1 }),
    agents: new Map(),
    tasks: new Map(),
    archived: new Map(),
    directives: [],
    entries: [],
    findings: [],
  },
  journal: {
    head: null,
    records: [],
    controls: [],
    merges: [],
    hearings: [],
    lastPull: 0,
    from: now,
    findings: [],
  },
  claims: [],
  branches: [],
  pulls: [],
  changes: new Map(),
  fences: new Map(),
  since: new Map(),
  newest: new Map(),
});

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

function lines(tasks: readonly TaskView[], terminal: Terminal): string[] {
  if (tasks.length === 0) return ["no open tasks"];
  const rows = tasks.map((t) => [
    t.unit,
    stateOf(t, terminal),
    t.agent,
    t.priority,
    `${t.title}\n${terminal.dim(t.reason)}`,
  ]);
  return table(rows, terminal.columns);
}

/** A person's turn stands out. */
function stateOf({ state, acts }: TaskView, { yellow, green, dim }: Terminal): string {
  if (acts === PERSON) return yellow(state);
  return state === "ready" || state === "claimed" ? green(state) : dim(state);
}
