import type { Change } from "../domain/change.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { ruled } from "./gate.ts";

const TARGET = /^board\/archive\/\d{4}-\d\d\/[^/]+\.md$/;

/** Holds that an archive pull only moves: each finished task of the tip leaves the board and arrives byte for byte. */
export function judgeArchive(changes: readonly Change[], fleet: Pick<Fleet, "tasks">): GateVerdict {
  const finished = new Map(
    [...fleet.tasks.values()].filter((f) => f.task.status !== "todo").map((f) => [f.path, f.blob]),
  );
  const leaving = changes.filter((c) => c.newBlob === null);
  const arriving = changes.filter((c) => c.oldBlob === null);
  const arrived = new Map(arriving.map((c) => [nameOf(c.path), c.newBlob]));
  const problems = [
    ...changes
      .filter((c) => c.oldBlob !== null && c.newBlob !== null)
      .map((c) => `${c.path}: changed in place`),
    ...changes.filter((c) => !isPlain(c)).map((c) => `${c.path}: not a plain file`),
    ...leaving
      .filter((c) => finished.get(c.path) !== c.oldBlob)
      .map((c) => `${c.path}: at the tip it is no finished task with this content`),
    ...leaving
      .filter((c) => arrived.get(nameOf(c.path)) !== c.oldBlob)
      .map((c) => `${c.path}: leaves the board and does not arrive unchanged`),
    ...arriving.filter((c) => !TARGET.test(c.path)).map((c) => `${c.path}: outside the archive`),
    ...(arriving.length === leaving.length ? [] : ["as many files must arrive as leave"]),
  ];
  return {
    ...ruled("archive", problems, {
      pass: `${leaving.length} finished tasks move, unchanged`,
      fail: "the change does more than move finished tasks",
    }),
    mendable: false,
  };
}

const nameOf = (path: string): string => path.split("/").at(-1) ?? path;

const isPlain = ({ oldMode, newMode }: Change): boolean =>
  [oldMode, newMode].every((mode) => mode === "000000" || mode === "100644");
