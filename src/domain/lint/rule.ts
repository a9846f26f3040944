import type { Finding, Locate, Place } from "../finding.ts";
import type { Fleet } from "../snapshot.ts";
import type { AgentFile } from "../spec.ts";
import type { TaskFile } from "../board/task.ts";

/** What can be wrong with files that are each fine by themselves. A rule is pure and reads nothing but the fleet. */
export type Rule = (fleet: Fleet) => Finding[];

/** Where a value stands; without a key, where the file begins. */
export const placeOf = (
  file: { path: string; at: Locate },
  key: readonly PropertyKey[] = [],
): Pick<Finding, "file" | "line" | "column"> => ({ file: file.path, ...file.at(key) });

/** Where a value of the config stands; where the file begins for one that is not written there. */
export const inConfig = ({ configAt }: Pick<Fleet, "configAt">, key: readonly PropertyKey[]): Place => ({
  file: ".github/pullbeat.yml",
  ...(configAt?.(key) ?? { line: 1, column: 1 }),
});

/** Agents that work or may work again. */
export const serving = ({ agents }: Fleet): AgentFile[] =>
  [...agents.values()].filter((a) => a.spec.status !== "retired");

/** Tasks that are still to be done. */
export const openTasks = ({ tasks }: Fleet): TaskFile[] =>
  [...tasks.values()].filter((t) => t.task.status === "todo");

/** The end of a message about a word that nobody knows. */
export const meant = (word: string | null): string => (word === null ? "" : `; did you mean ${word}?`);
