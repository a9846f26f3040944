import type { TextChange } from "../domain/change.ts";
import { isEffectPath } from "../domain/board/effect.ts";
import { matches } from "../domain/glob.ts";
import { countLines } from "../domain/text/lines.ts";
import { productsOf } from "../domain/spec.ts";
import { added, ruled, type Gate, type GateInput } from "./gate.ts";

interface Size {
  path: string;
  lines: number;
  bytes: number;
}

/** Lines added and removed, bytes added; a file that is not text counts with its whole size. */
function sizeOf(change: TextChange): Size {
  if (change.binary) return { path: change.path, lines: 0, bytes: change.bytes };
  const { added: more, removed, bytes } = countLines(change.before, change.after);
  return { path: change.path, lines: more + removed, bytes };
}

const sum = (sizes: readonly Size[], of: "lines" | "bytes"): number => sizes.reduce((n, s) => n + s[of], 0);

/** Holds the bounds on what one attempt may change: the config's, and those of each product. */
export const size: Gate = {
  id: "size",
  judge(input) {
    const sizes = input.changes.map(sizeOf);
    const { files, lines, bytes } = input.config.size;
    const problems = [
      ...over("files changed", sizes.length, files),
      ...over("lines added and removed", sum(sizes, "lines"), lines),
      ...over("bytes added", sum(sizes, "bytes"), bytes),
      ...productProblems(input, sizes),
      ...over("new tasks", input.changes.filter((c) => isNewTask(c, input)).length, tasksOf(input)),
    ];
    return ruled("size", problems, {
      pass: `${sizes.length} files, ${sum(sizes, "lines")} lines, ${sum(sizes, "bytes")} bytes: within bounds`,
      fail: "the change is larger than it may be",
    });
  },
};

const over = (what: string, is: number, most: number): string[] =>
  is > most ? [`${is} ${what}, at most ${most} may be`] : [];

function productProblems({ agent }: GateInput, sizes: readonly Size[]): string[] {
  return productsOf(agent.spec).flatMap((product) => {
    const own = sizes.filter((s) => matches(product.path, s.path));
    return [
      ...over(`files changed in ${product.path}`, own.length, product.max_files ?? Infinity),
      ...over(`lines added and removed in ${product.path}`, sum(own, "lines"), product.max_lines ?? Infinity),
    ];
  });
}

const isNewTask = (change: TextChange, { task }: GateInput): boolean =>
  added(change) &&
  change.path.startsWith("board/") &&
  change.path !== task.path &&
  !isEffectPath(change.path);

const tasksOf = ({ agent }: GateInput): number => agent.spec.budget.attempt.tasks;
