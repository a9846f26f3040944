import { matches, matchesAny } from "../glob.ts";
import { overlaps } from "./overlap.ts";
import { productsOf, type Spec } from "../spec.ts";
import type { Task } from "../board/task.ts";

/** True for a pattern that covers only the path it spells. */
export const isLiteral = (glob: string): boolean => !/[*?{]/.test(glob);

/** What an agent may only add to, at the end. */
export const appendedBy = (spec: Spec): string[] =>
  productsOf(spec).flatMap((p) => (p.mode === "append" ? [p.path] : []));

/** The declared paths that a task overwrites. What its agent may only append to is never overwritten. */
export function overwrites(task: Task, spec: Spec): string[] {
  const appended = appendedBy(spec);
  return task.produces.filter((glob) => !appended.includes(glob) && !matchesAny(appended, glob));
}

/** True when some path is covered by both patterns. */
export function collide(a: string, b: string): boolean {
  if (isLiteral(a)) return matches(b, a);
  return isLiteral(b) ? matches(a, b) : overlaps(a, b) !== null;
}
