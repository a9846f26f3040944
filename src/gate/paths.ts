import type { TextChange } from "../domain/change.ts";
import { isNamedFor } from "../domain/board/task.ts";
import { forgesAnswer } from "../domain/board/answer.ts";
import { isEffectPath, placesEffect } from "../domain/board/effect.ts";
import { frontOf } from "../domain/text/front.ts";
import { matches } from "../domain/glob.ts";
import { fold, pathFault } from "../domain/path.ts";
import { protectedBy } from "../domain/clearance/protect.ts";
import { productsOf } from "../domain/spec.ts";
import { isDuty } from "../domain/board/task.ts";
import { added, deleted, pathsAfter, ruled, type Gate, type GateInput } from "./gate.ts";
import { endsByFile, fieldOf, saysDone } from "./front.ts";

/** Holds the fence: an agent changes its products, its own task's file, and adds task files and effects. Nothing else. */
export const paths: Gate = {
  id: "paths",
  judge(input) {
    const found = input.changes.flatMap((c) => problemsOf(c, input).map((p) => `${c.path}: ${p}`));
    return ruled("paths", [...found, ...collisions(input)], {
      pass: "every changed path is one that this agent may change",
      fail: "the change leaves the agent's fence",
    });
  },
};

function problemsOf(change: TextChange, input: GateInput): string[] {
  const fault = pathFault(change.path);
  if (fault !== null) return [fault];
  const mode = modeProblem(change);
  if (mode !== null) return [mode];
  if (change.path === input.task.path) return ownFile(change, input);
  const guard = protectedBy(change.path, input.config);
  if (guard !== null) return [`protected (${guard}): people change it, agents do not`];
  if (input.kind === "question") return ["a question changes the task's own file and nothing else"];
  if (isEffectPath(change.path)) return newEffect(change, input);
  if (change.path.startsWith("board/")) return newTask(change, input);
  return product(change, input);
}

/** Symbolic links, submodules and executables reach further than the text that a reviewer reads. */
function modeProblem({ oldMode, newMode }: TextChange): string | null {
  for (const mode of [oldMode, newMode]) {
    if (mode === "120000") return "a symbolic link: agents write plain files";
    if (mode === "160000") return "a submodule: agents write plain files";
  }
  if (oldMode === "000000" && newMode === "100755") return "a new executable: agents write plain files";
  if (oldMode !== "000000" && newMode !== "000000" && oldMode !== newMode)
    return `its mode changes from ${oldMode} to ${newMode}; modes stay as they are`;
  return null;
}

/**
 * The front matter belongs to people and to pullbeat: only the task's end is written into it. A duty's file is the order
 * for every occurrence to come, and holds what people said of it: its doer leaves it alone, and asks in it at most.
 */
function ownFile(change: TextChange, input: GateInput): string[] {
  const { before, after } = change;
  if (input.kind === "work" && isDuty(input.task.task))
    return ["the file of a task that recurs is people's order for every time to come; it stays as it is"];
  if (deleted(change)) return ["the task's own file is deleted; it stays where it is"];
  if (before === null || after === null) return ["the task's own file is not text on both sides"];
  if (forgesAnswer(before, after))
    return ["under Answer stand people's words: agents neither add nor change them"];
  const front = frontOf(after);
  if (front !== null && front === frontOf(before)) return [];
  if (endsByFile(input) && saysDone(input, before, after)) return [];
  const may = endsByFile(input) ? "beyond `status: done` and `result`" : "and it must stay as it is";
  return [`its front matter changes ${may}; the body below it may change`];
}

/** Where a task's file lay before it went to the archive. */
const unfiled = (path: string): string => path.replace(/^board\/archive\/.*\//, "board/");

function newTask(change: TextChange, input: GateInput): string[] {
  if (!added(change))
    return ["a file of the board that is not this task's own; only new tasks may be added there"];
  const id = fieldOf(change.after ?? "", "id");
  if (id === null || !id.startsWith("T-") || !isNamedFor(change.path, id))
    return ["not a new task: expected board/T-<id>-<slug>.md with that id on one line of its front matter"];
  const other = [...pathsAfter(input)].find((p) => p !== change.path && isNamedFor(unfiled(p), id));
  return other === undefined ? [] : [`not a new task: the id ${id} is that of ${other} already`];
}

/** What stands in it the gate `effects` judges. */
function newEffect(change: TextChange, { agent: { spec } }: GateInput): string[] {
  if (spec.effects.length === 0) return [`${spec.name} may propose no effects`];
  return added(change) && placesEffect(change.path)
    ? []
    : ["not a new effect: expected a new file board/effects/<id>.md; those that are there stay as they are"];
}

function product(change: TextChange, { agent }: GateInput): string[] {
  const products = productsOf(agent.spec).filter((p) => matches(p.path, change.path));
  if (products.length === 0) return [`outside what ${agent.spec.name} produces`];
  const appends = products.some((p) => p.mode === "append") && !added(change);
  if (!appends || (change.before !== null && change.after?.startsWith(change.before) === true)) return [];
  return ["append only: the old content must stay, byte for byte, as the beginning of the new"];
}

/** Every folder and file name on the way to a path, as written and as a careless file system reads it. */
function steps(path: string): { exact: string; folded: string }[] {
  const parts = path.split("/");
  return parts.map((_, i) => {
    const exact = parts.slice(0, i + 1).join("/");
    return { exact, folded: fold(exact) };
  });
}

/** New names that another name of the tree would swallow on macOS or Windows. */
function collisions(input: GateInput): string[] {
  const news = input.changes.filter(added);
  if (news.length === 0) return [];
  const names = new Map<string, Set<string>>();
  for (const path of pathsAfter(input))
    for (const { exact, folded } of steps(path))
      names.set(folded, (names.get(folded) ?? new Set()).add(exact));
  return news.flatMap(({ path }) =>
    steps(path).flatMap(({ exact, folded }) =>
      [...(names.get(folded) ?? [])]
        .filter((other) => other !== exact)
        .map((other) => `${path}: the same name as ${other} where case or accents do not count`),
    ),
  );
}
