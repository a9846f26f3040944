import { z } from "zod";
import { splitLines } from "./material.ts";

/** Faults that can be put into accepted work. */
export const FaultKind = z.enum(["number", "dropped", "inverted", "rule"]);
export type FaultKind = z.infer<typeof FaultKind>;

/** A text with one fault in it, and where. */
export interface Seeded {
  kind: FaultKind;
  text: string;
  /** From 1, in the new text. Of a dropped line: the one that stands there now. */
  line: number;
  /** What was done, for people. */
  what: string;
}

/** What may be changed: lines that the work itself brought, from 1. */
export interface Soil {
  text: string;
  lines: readonly number[];
  /** Lines that break a rule, for the fault `rule`. */
  breaks: readonly string[];
}

/** Numbers from a seed, the same on every machine (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** A text with one fault of a kind; null where it has no place for one. The same seed puts in the same. */
export function seedFault(kind: FaultKind, soil: Soil, seed: number): Seeded | null {
  const roll = dice(seed);
  switch (kind) {
    case "number":
      return changed(soil, roll, { kind, pattern: NUMBER, by: otherNumber });
    case "inverted":
      return changed(soil, roll, { kind, pattern: TURNS, by: (word) => turned(word) });
    case "dropped":
      return dropped(soil, roll);
    case "rule":
      return broken(soil, roll);
    default:
      return kind satisfies never;
  }
}

type Roll = (below: number) => number;

const pick = <T>(items: readonly T[], roll: Roll): T | undefined => items[roll(items.length)];

/** Numbers that stand for themselves: not parts of words, paths, dates, versions or ids. */
const NUMBER = /(?<![\w./#:@-])\d+(?:[.,]\d+)*(?![\w/:@-]|[.,]?\d)/gu;

/** Another number of the same shape: one digit is another, and the first is never 0. */
function otherNumber(text: string, roll: Roll): string {
  const places = [...text.matchAll(/\d/g)].map((m) => m.index);
  // The first digits weigh most: a slip in the last one may be within what rounding allows.
  const at = places[roll(Math.min(2, places.length))] ?? 0;
  const old = Number(text[at]);
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((d) => d !== old);
  return text.slice(0, at) + String(pick(digits, roll) ?? (old === 1 ? 2 : 1)) + text.slice(at + 1);
}

/** Words that turn a claim around. Each stands beside its other. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["is", "is not"],
  ["are", "are not"],
  ["was", "was not"],
  ["were", "were not"],
  ["has", "has no"],
  ["can", "cannot"],
  ["will", "will not"],
  ["must", "must not"],
  ["all", "none"],
  ["every", "no"],
  ["always", "never"],
  ["more", "less"],
  ["most", "fewest"],
  ["higher", "lower"],
  ["above", "below"],
  ["rose", "fell"],
  ["up", "down"],
  ["increased", "decreased"],
  ["increase", "decrease"],
  ["better", "worse"],
  ["best", "worst"],
  ["before", "after"],
  ["with", "without"],
  ["passed", "failed"],
  ["true", "false"],
  ["yes", "no"],
  ["open", "closed"],
];

const TURN = new Map([...PAIRS, ...PAIRS.map(([a, b]): [string, string] => [b, a])].toReversed());

/** Longer ones first, so that `is not` is found before `is`. */
const TURNS = new RegExp(
  `(?<![\\w'-])(?:${[...TURN.keys()].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).join("|")})(?![\\w'-])`,
  "gi",
);

function turned(word: string): string {
  const other = TURN.get(word.toLowerCase()) ?? word;
  return /^\p{Lu}/u.test(word) ? other.charAt(0).toUpperCase() + other.slice(1) : other;
}

interface Slip {
  kind: "number" | "inverted";
  pattern: RegExp;
  by: (found: string, roll: Roll) => string;
}

/** One thing that a pattern finds is replaced by another. */
function changed({ text, lines }: Soil, roll: Roll, { kind, pattern, by }: Slip): Seeded | null {
  const all = splitLines(text);
  const places = lines.flatMap((line) =>
    [...(all[line - 1] ?? "").matchAll(pattern)].map(({ 0: found, index }) => ({ line, found, index })),
  );
  const place = pick(places, roll);
  if (place === undefined) return null;
  const { line, found, index } = place;
  const old = all[line - 1] ?? "";
  const other = by(found, roll);
  const now = old.slice(0, index) + other + old.slice(index + found.length);
  if (now === old) return null;
  return { kind, line, text: joined(all.with(line - 1, now), text), what: `${found} became ${other}` };
}

/** Words, and no heading: what stands below one still says what it said. */
const SAYS_SOMETHING = /^(?!\s*#).*\p{L}{3}/u;

/** A line that says something is gone. The last one is never taken: a text that is gone whole is another fault. */
function dropped({ text, lines }: Soil, roll: Roll): Seeded | null {
  const all = splitLines(text);
  const places = lines.filter((line) => SAYS_SOMETHING.test(all[line - 1] ?? ""));
  const line = all.length > 1 ? pick(places, roll) : undefined;
  if (line === undefined) return null;
  const what = `the line ${JSON.stringify((all[line - 1] ?? "").slice(0, 80))} is gone`;
  const rest = all.toSpliced(line - 1, 1);
  return { kind: "dropped", line: Math.min(line, rest.length), text: joined(rest, text), what };
}

/** A line more, which does what a rule forbids. */
function broken({ text, lines, breaks }: Soil, roll: Roll): Seeded | null {
  const all = splitLines(text);
  const fresh = breaks.filter((b) => !all.includes(b));
  const [words, after] = [pick(fresh, roll), pick(lines, roll)];
  if (words === undefined || after === undefined) return null;
  return {
    kind: "rule",
    line: after + 1,
    text: joined(all.toSpliced(after, 0, words), text),
    what: `a line that breaks a rule: ${words}`,
  };
}

const joined = (lines: readonly string[], like: string): string =>
  lines.join("\n") + (like.endsWith("\n") ? "\n" : "");
