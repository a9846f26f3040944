import { taskOf, type TaskId } from "../id.ts";
import { readBranch } from "../pull/pull.ts";
import type { Fleet, Snapshot } from "../snapshot.ts";

/** The id that a file of the board, or of its archive, carries in its name; the longest that it can be. */
const nameIn = (path: string): string | null => /^board\/(?:.*\/)?([^/]+)\.md$/.exec(path)?.[1] ?? null;

/**
 * Ids that are, or were, some task's: on the board, in the archive, in a file that cannot be read, in an open pull, in the
 * journal as far as it was read. A new task must not get one of these.
 */
export function takenIds(
  { tasks, entries }: Pick<Fleet, "tasks" | "entries">,
  snapshot: Snapshot | null,
): { has(id: TaskId): boolean } {
  const proposed = [...(snapshot?.changes.values() ?? [])].flat();
  const names = [...entries, ...proposed].flatMap(({ path }) => nameIn(path) ?? []);
  const ids = new Set([...tasks.keys(), ...(snapshot === null ? [] : workedIds(snapshot))]);
  return { has: (id) => ids.has(id) || names.some((name) => name === id || name.startsWith(`${id}-`)) };
}

function workedIds({ claims, branches, pulls, journal }: Snapshot): TaskId[] {
  const units = [...claims.map((c) => c.unit), ...branches.map((b) => readBranch(b.name)?.unit ?? null)];
  return [
    ...units.flatMap((unit) => (unit === null ? [] : [taskOf(unit)])),
    ...pulls.flatMap((p) => p.task ?? []),
    ...journal.records.flatMap((r) => r.attempts.map((a) => a.task)),
    ...journal.merges.flatMap((m) => m.task ?? []),
  ];
}
