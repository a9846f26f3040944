import { Fault } from "../domain/fault.ts";
import { fieldOf, subjectOf, titleOf } from "../domain/text/field.ts";
import { mintTaskId, TaskId } from "../domain/id.ts";
import { takenIds } from "../domain/board/ids.ts";
import { taskPath } from "../domain/board/slug.ts";
import type { Fleet } from "../domain/snapshot.ts";
import { Result, Task, type Need } from "../domain/board/task.ts";
import type { Page, Ground } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { agentFor, taskBody } from "../domain/board/new-task.ts";
import { rescued, savedLines, savedRow, write, type Bench, type WriteOptions } from "./save.ts";
import { show, type Shell } from "./shell.ts";

interface TaskOptions extends WriteOptions {
  brief?: string;
  done?: string[];
  due?: string;
  every?: string;
  id?: string;
  needs?: string[];
  priority?: string;
  produces?: string[];
}

/** `pullbeat task new`: one more file on the board. */
export async function taskNew(
  shell: Shell,
  [typed = ""]: readonly string[],
  options: TaskOptions,
): Promise<ExitCode> {
  const title = titleOf(typed);
  const { chance } = await import("../wire.ts");
  let id: TaskId | undefined;
  const saved = await write(shell, options, {
    rescue: rescued(() => (id === undefined ? "board/" : taskPath(id, title))),
    compose: async (bench) => {
      // What somebody has edited carries its id already.
      if (id === undefined || options.edit !== true) id = idFor(bench.ground, options.id, chance);
      return pageOf(bench, { id, title }, options);
    },
  });
  if (saved === null || id === undefined) throw new Fault("broken", "a new task was no change");
  const dry = options.dryRun === true;
  show(shell, { id, ...savedRow(saved, dry) }, () => [
    `${dry ? "would make" : "made"} ${shell.terminal.bold(id ?? "")}`,
    ...savedLines(shell, saved, dry),
  ]);
  return 0;
}

function idFor(
  { fleet, snapshot }: Ground,
  chosen: string | undefined,
  chance: (n: number) => number,
): TaskId {
  const taken = takenIds(fleet, snapshot);
  if (chosen === undefined) return mintTaskId(chance, taken);
  const id = fieldOf(TaskId, "--id", chosen);
  if (!taken.has(id)) return id;
  const there = fleet.tasks.get(id)?.path;
  throw new Fault("refused", `there is, or was, a task ${id}${there === undefined ? "" : `: ${there}`}`, {
    expected: "an id that no task had before; without --id there is a random one",
  });
}

async function pageOf(
  { home, ground, login, edit }: Bench,
  { id, title }: { id: TaskId; title: string },
  options: TaskOptions,
): Promise<Page> {
  const fields = { id, title, status: "todo", ...fieldsOf(ground.fleet, options), created_by: login };
  const text = home.compose(fields, taskBody(title, options));
  return {
    path: taskPath(id, title),
    text: options.edit === true ? await edit(`task-${id}`, text) : text,
    subject: subjectOf(`Add task ${id}`, title),
  };
}

/** Those that were given, each as its schema takes it. */
function fieldsOf(fleet: Fleet, options: TaskOptions): Record<string, unknown> {
  const { shape } = Task;
  const { priority, due, every, needs, produces } = options;
  return {
    agent: agentFor(fleet, options.agent, "--agent "),
    priority: priority === undefined ? undefined : fieldOf(shape.priority, "--priority", priority),
    due: due === undefined ? undefined : fieldOf(shape.due, "--due", due),
    needs: needs?.map(needOf),
    produces: produces === undefined ? undefined : fieldOf(shape.produces, "--produces", produces),
    every: every === undefined ? undefined : fieldOf(shape.every, "--every", every),
  };
}

/** `T-8k2f`, or `T-8k2f=pass`. */
function needOf(typed: string): Need {
  const [task, ...results] = typed.split("=");
  const id = fieldOf(TaskId, "--needs", task);
  return results.length === 0 ? id : { task: id, result: fieldOf(Result, "--needs", results.join("=")) };
}
