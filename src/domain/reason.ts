/** One node of a decision: a sentence, what it means for the merge, and what it stands on. */
export interface Reason {
  sentence: string;
  /** `for`: it speaks for merging. `against`: it is in the way. `fact`: neither. */
  mark: "for" | "against" | "fact";
  because: Reason[];
}

export const fact = (sentence: string, because: Reason[] = []): Reason => ({
  sentence,
  mark: "fact",
  because,
});
export const speaksFor = (sentence: string, because: Reason[] = []): Reason => ({
  sentence,
  mark: "for",
  because,
});
export const inTheWay = (sentence: string, because: Reason[] = []): Reason => ({
  sentence,
  mark: "against",
  because,
});

/** A list as people say it: `a`, `a and b`, `a, b and c`. */
export function all(words: readonly string[], joint = "and"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${joint} ${last}`;
}

/** `1 file`, `3 files`. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The same sentence with a capital at its beginning. */
export const capital = (text: string): string => text.replace(/^\p{Ll}/u, (c) => c.toUpperCase());

const MARKS = { for: "✓", against: "✗", fact: "·" } satisfies Record<Reason["mark"], string>;

/** One line of a decision that is told: how far in it stands, and what stands before its continuation. */
export interface Line {
  text: string;
  hang: string;
  mark: Reason["mark"];
}

/** A tree of reasons as lines, each below what it is a reason for. */
export function told(reasons: readonly Reason[], indent = ""): Line[] {
  return reasons.flatMap(({ sentence, mark, because }) => [
    { text: `${indent}${MARKS[mark]} ${sentence}`, hang: `${indent}  `, mark },
    ...told(because, `${indent}  `),
  ]);
}
