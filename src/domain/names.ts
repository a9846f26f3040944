import { Fault } from "./fault.ts";
import { AgentName, Unit, type TaskId } from "./id.ts";
import { nearest } from "./text/near.ts";
import type { Fleet } from "./snapshot.ts";

/** An agent of the fleet, by the name that somebody typed. */
export function agentNamed({ agents }: Pick<Fleet, "agents">, name: string): AgentName {
  const agent = AgentName.safeParse(name);
  if (agent.success && agents.has(agent.data)) return agent.data;
  throw unknown("agent", name, agents.keys());
}

/** A task, or one occurrence of a duty; the task's own id must be on the board. */
export function unitNamed({ tasks }: Pick<Fleet, "tasks">, name: string): Unit {
  const unit = Unit.safeParse(name);
  const ids: readonly string[] = [...tasks.keys()];
  if (unit.success && ids.includes(name.split("@", 1)[0] ?? "")) return unit.data;
  throw unknown("task", name, ids);
}

/** A task's file, also one that cannot be read: its name begins with the id. Not the archive's. */
export function taskPathNamed(
  { tasks, entries }: Pick<Fleet, "tasks" | "entries">,
  id: TaskId,
): string | null {
  const file = tasks.get(id)?.path;
  if (file !== undefined) return file;
  const read = new Set([...tasks.values()].map((t) => t.path));
  const names = entries.flatMap((e) =>
    /^board\/[^/]+\.md$/.test(e.path) && !read.has(e.path) ? [e.path] : [],
  );
  return names.find((path) => path === `board/${id}.md` || path.startsWith(`board/${id}-`)) ?? null;
}

/** Why a task is not to be had: it lies in the archive, cannot be read, or nobody knows it. */
export function noTask(fleet: Pick<Fleet, "tasks" | "entries">, id: TaskId): Fault {
  const ended = fleet.entries.find(({ path }) => {
    const [, name] = /^board\/archive\/(?:.*\/)?([^/]+)\.md$/.exec(path) ?? [];
    return name === id || name?.startsWith(`${id}-`) === true;
  });
  if (ended !== undefined)
    return new Fault("not-found", `${id} has ended, and lies in ${ended.path}`, {
      next: "to have it done again: pullbeat task new",
    });
  const unread = taskPathNamed(fleet, id);
  if (unread === null) return unknown("task", id, fleet.tasks.keys());
  return new Fault("not-found", `${unread} cannot be read`, { next: "pullbeat check says why" });
}

function unknown(kind: string, name: string, known: Iterable<string>): Fault {
  const names = [...known];
  const near = nearest(name, names);
  const some = names.length === 0 ? "none is there yet" : `one of ${names.slice(0, 12).join(", ")}`;
  return new Fault("not-found", `there is no ${kind} called ${name}`, {
    expected: near === null ? some : `perhaps ${near}`,
    next: kind === "agent" ? "pullbeat plan names every agent" : "pullbeat board --all",
  });
}
