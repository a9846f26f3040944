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
