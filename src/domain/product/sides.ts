/** A file as it was, and as two sides changed it: `ours` is the base branch's, `theirs` the pull's. */
export interface Sides {
  base: string;
  ours: string;
  theirs: string;
}
