import type { Sha } from "../domain/id.ts";
import type { Fleet } from "../domain/snapshot.ts";
import type { CommitDraft } from "./repo.ts";

/** Where a person stands in their clone. */
export interface Stand {
  /** Null: HEAD is on no branch. */
  branch: string | null;
  /** Null: there is no commit yet. */
  commit: Sha | null;
}

/** How a file lies on the disk. */
export interface OnDisk {
  /** Null: there is none, or it is no text. */
  text: string | null;
  /** What of it the base branch does not have: edits, or commits; null when there is nothing of that kind. */
  unseen: "uncommitted" | "not pushed" | null;
}

/** A person's own clone: their branch, their files, their name. Needs no remote. */
export interface Home {
  stand(): Promise<Stand>;
  /** Whether there is a remote to push to. */
  hasRemote(): Promise<boolean>;
  /** By which git signs their commits; null where nobody set it. */
  identity(): Promise<{ name: string | null; email: string | null }>;
  /** `tip`: the base branch's newest commit; without it, where it was last seen. */
  look(path: string, tip?: Sha): Promise<OnDisk>;
  /** Replaces the text of a file that is on the disk. Commits nothing. */
  put(path: string, text: string): Promise<void>;
  /** Keeps a text that must not be lost in git's own folder; returns where. `secret`: nobody else may read it. */
  keep(name: string, text: string, how?: { secret: boolean }): Promise<string>;
  /** What stands at a commit of the clone; a `Fault` without a config. */
  fleet(at: Sha): Promise<Fleet>;
  /** The bytes of a blob of the clone, as text; null when it is none. */
  read(blob: Sha): Promise<string | null>;
  /** Writes a commit; no branch moves. */
  write(draft: CommitDraft): Promise<Sha>;
  /**
   * Moves the branch that one is on forward to a commit, with files and index. Changes that are not committed, and what is
   * staged, stay as they are. Returns git's reason when that cannot be: then nothing has changed.
   */
  follow(commit: Sha): Promise<string | null>;
  /** Sets front matter fields and leaves every other byte alone. Throws `Fault` on text that does not parse. */
  edit(text: string, fields: Readonly<Record<string, string>>): string;
  /** Replaces one value somewhere in front matter, in the same way. */
  replace(text: string, at: readonly (string | number)[], value: string): string;
  /** Front matter and body as one text. */
  compose(fields: Readonly<Record<string, unknown>>, body: string): string;
}
