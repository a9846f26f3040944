/** A place in a file of the repository; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface Finding extends Place {
  /** Stable id of the rule, e.g. `spec/unknown-key`. */
  rule: string;
  /** `error` blocks what needs the file; `note` is listed and blocks nothing. */
  level: "error" | "note";
  /** What is wrong, what was expected, and for near misses what was probably meant. */
  message: string;
}

/** Where the value under a front matter key begins in its file; a key that is not written there is at 1:1. */
export type Locate = (path: readonly PropertyKey[]) => { line: number; column: number };
