import type { Sha } from "./id.ts";

/** git's file modes that pullbeat knows; `000000` stands for "absent" as in `git diff --raw`. */
export type Mode = "000000" | "100644" | "100755" | "120000" | "160000";

/** One path of a diff between two trees, as `git diff-tree --raw --no-renames` says it. A rename is two of them. */
export interface Change {
  path: string;
  oldMode: Mode;
  oldBlob: Sha | null;
  newMode: Mode;
  newBlob: Sha | null;
}

/** A change with its texts, for gates and reviewers. `null`: absent on that side, or not text (see `binary`). */
export interface TextChange extends Change {
  before: string | null;
  after: string | null;
  /** True when either side is not valid UTF-8, or holds a NUL. */
  binary: boolean;
  /** The new side's bytes as Latin-1 where it is not text; without it a binary file cannot be searched for secrets. */
  raw?: string;
  /** Size of the new side in bytes; 0 when it is deleted. */
  bytes: number;
}

/** A file of a tree. */
export interface Entry {
  path: string;
  mode: Mode;
  blob: Sha;
}

/**
 * The change's identity: same set of (path, old mode and blob, new mode and blob). Nothing textual.
 * An approval of one head counts on another exactly when their identities are equal.
 */
export function identity(changes: readonly Change[]): string {
  return changes
    .map((c) => [c.path, c.oldMode, c.oldBlob ?? "-", c.newMode, c.newBlob ?? "-"].join("\0"))
    .toSorted()
    .join("\n");
}
