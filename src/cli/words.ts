import type { Settled, SettledPull } from "../flow/settle.ts";

/** A settle in lines: one a pull, or that there was nothing to do. */
export function settledLines(settled: Settled): string[] {
  const told = (verb: string, pulls: readonly SettledPull[]): string[] =>
    pulls.map((p) => `${verb} pull ${p.pull} "${p.title}": ${p.what}`);
  const lines = [
    ...told("merged", settled.merged),
    ...told("closed", settled.closed),
    ...told("parked", settled.parked),
    ...told("conflict in", settled.conflicts),
    ...told("judged", settled.judged),
    ...settled.reopened.map((n) => `opened pull ${n} of a branch that had none`),
    ...settled.released.map((ref) => `released ${ref}`),
    ...(settled.archive === null ? [] : [`opened pull ${settled.archive} to archive finished tasks`]),
  ];
  return lines.length === 0 ? ["nothing to settle"] : lines;
}
