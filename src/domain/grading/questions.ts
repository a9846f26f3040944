import type { TextChange } from "../change.ts";
import { neverRules } from "../prompt/never.ts";
import type { PullNumber } from "../id.ts";
import type { Spec } from "../spec.ts";
import { splitLines } from "./material.ts";
import { dice, FaultKind, seedFault, type Seeded } from "./seed.ts";

/** Work that was accepted, as it landed. */
export interface Accepted {
  pull: PullNumber;
  changes: readonly TextChange[];
  /** The task's own file, in which no fault is put: it says what was asked for. */
  task: string;
  /** Lines that break a rule of its author's, or of the grader's. */
  breaks: readonly string[];
}

/** What a grader is asked in a calibration: accepted work as it was, or with one fault in it. */
export interface Question {
  pull: PullNumber;
  changes: readonly TextChange[];
  fault: (Seeded & { path: string }) | null;
}

/** The work as it was, and once with each kind of fault that it has a place for. The same seed asks the same. */
export function questionsOn(work: Accepted, seed: number): Question[] {
  const { pull, changes } = work;
  const seeded = FaultKind.options.flatMap((kind, i) => {
    const fault = faultIn(work, kind, mixed(seed, pull, i));
    return fault === null ? [] : [{ pull, changes: withFault(changes, fault), fault }];
  });
  return [{ pull, changes, fault: null }, ...seeded];
}

const mixed = (seed: number, pull: number, kind: number): number =>
  dice(dice(dice(seed)(2 ** 31) ^ pull)(2 ** 31) ^ kind)(2 ** 31);

/** One fault in one of the files; those without a place for it are passed over. */
function faultIn({ changes, task, breaks }: Accepted, kind: FaultKind, seed: number): Question["fault"] {
  const files = changes.filter((c) => c.after !== null && !c.binary && c.path !== task);
  const start = dice(seed)(Math.max(1, files.length));
  for (const { path, before, after } of [...files.slice(start), ...files.slice(0, start)]) {
    const text = after ?? "";
    const seeded = seedFault(kind, { text, lines: freshLines(before, text), breaks }, seed);
    if (seeded !== null && seeded.text !== before) return { ...seeded, path };
  }
  return null;
}

/** Lines that the work brought: those which the text before did not have. */
function freshLines(before: string | null, after: string): number[] {
  const old = new Set(splitLines(before ?? ""));
  return splitLines(after).flatMap((line, i) => (old.has(line) ? [] : [i + 1]));
}

const withFault = (
  changes: readonly TextChange[],
  { path, text }: { path: string; text: string },
): TextChange[] => changes.map((c) => (c.path === path ? { ...c, after: text } : c));

/** People's own words for a breach; where there are none, that a rule was broken is stated outright. */
export function breaksOf(grader: Spec, author: Spec | undefined): string[] {
  const own = grader.grades?.calibration.breaks ?? [];
  if (own.length > 0 || author === undefined) return own;
  return neverRules(author)
    .filter((r) => r.gate === null)
    .map(({ rule }) => `There is a rule never to ${rule}; here it was done all the same.`);
}
