import { cycles } from "../board/cycle.ts";
import type { Finding } from "../finding.ts";
import type { AgentName, TaskId } from "../id.ts";
import { nearest } from "../text/near.ts";
import type { Fleet } from "../snapshot.ts";
import { needsOf } from "../board/task.ts";
import { meant, openTasks, placeOf } from "./rule.ts";

/** Tasks that wait for something that does not exist. */
export function danglingNeeds(fleet: Fleet): Finding[] {
  const { tasks, archived, findings } = fleet;
  // A task that cannot be read exists all the same.
  const unread = findings.map((f) => f.file.replace(/^board\//, ""));
  const exists = (id: TaskId): boolean =>
    tasks.has(id) ||
    archived.has(id) ||
    unread.some((name) => name === `${id}.md` || name.startsWith(`${id}-`));
  return openTasks(fleet).flatMap((file) =>
    needsOf(file.task).flatMap(({ task }, i): Finding[] => {
      if (exists(task)) return [];
      const near = nearest(
        task,
        [...tasks.keys()].filter((id) => id !== file.task.id),
      );
      const message = `needs ${task}, which is neither on the board nor in its archive${meant(near)}`;
      return [{ rule: "task/unknown-need", level: "error", message, ...placeOf(file, ["needs", i]) }];
    }),
  );
}

/** Each ring once, by whichever of its members comes first. */
function rings<Id extends string>(graph: ReadonlyMap<Id, readonly Id[]>): [Id, Id[]][] {
  const seen = new Set<string>();
  return [...cycles(graph)].filter(([, ring]) => {
    const key = ring.slice(1).toSorted().join(" ");
    return !seen.has(key) && seen.add(key);
  });
}

/** Tasks that wait for one another for ever. */
export function cyclicNeeds(fleet: Fleet): Finding[] {
  const needs = new Map(openTasks(fleet).map(({ task }) => [task.id, needsOf(task).map((n) => n.task)]));
  return rings<TaskId>(needs).flatMap(([id, ring]): Finding[] => {
    const file = fleet.tasks.get(id);
    if (file === undefined) return [];
    const message = `needs go in a circle, so none of these is ever ready: ${ring.join(" -> ")}`;
    return [{ rule: "task/cycle", level: "error", message, ...placeOf(file, ["needs"]) }];
  });
}

/** Agents that report to themselves through others. */
export function cyclicReports(fleet: Fleet): Finding[] {
  const above = new Map(
    [...fleet.agents.values()].map(({ spec }) => [
      spec.name,
      spec.reports_to === undefined ? [] : [spec.reports_to],
    ]),
  );
  return rings<AgentName>(above).flatMap(([name, ring]): Finding[] => {
    const file = fleet.agents.get(name);
    if (file === undefined) return [];
    const message = `reports_to goes in a circle: ${ring.join(" -> ")}`;
    return [{ rule: "spec/reports-cycle", level: "error", message, ...placeOf(file, ["reports_to"]) }];
  });
}
