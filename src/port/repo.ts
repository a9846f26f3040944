import type { Change, Entry, Mode } from "../domain/change.ts";
import type { Sha } from "../domain/id.ts";

/** Full ref names to object ids, as the remote had them at the last `fetch`. */
export type Refs = ReadonlyMap<string, Sha>;

/** One file of a commit that is to be made; content null deletes. */
export interface FileDraft {
  path: string;
  mode?: Extract<Mode, "100644" | "100755">;
  content: string | Uint8Array | null;
  /** Instead of content: an object that the repository has already (moves). */
  blob?: Sha;
}

export interface CommitDraft {
  parents: readonly Sha[];
  /** The tree to start from; without it that of the first parent, or the empty one. */
  tree?: Sha;
  files: readonly FileDraft[];
  message: string;
  /** Author and committer. */
  who: { name: string; email: string };
  at: Date;
}

export interface Commit {
  id: Sha;
  tree: Sha;
  parents: Sha[];
  author: { name: string; email: string };
  committer: { name: string; email: string; at: Date };
  message: string;
}

/** A compare-and-swap on one ref of the remote; `from` null: must not exist; `to` null: delete. */
export interface RefUpdate {
  ref: string;
  from: Sha | null;
  to: Sha | null;
}

/** The tree of a merge, or the paths that keep it from being one. */
export type Merged = { tree: Sha } | Conflict;

export interface Conflict {
  conflicts: string[];
  /**
   * Where only texts conflict: the commit that both sides come from, and the merge's tree, in which conflicting files are
   * to be replaced.
   */
  partial: { root: Sha; tree: Sha } | null;
}

/** What a mechanical merge would come to, for those who only want to know. */
export interface Trial {
  /** Conflicting files are in it as git leaves them. */
  tree: Sha;
  conflicts: string[];
  /** Paths that it changes in `ours`, conflicting ones included. */
  landed: string[];
}

/** git, as the flows need it. Throws `Fault` `git` or `remote`; never returns half an answer. */
export interface Repo {
  /** The name of the base branch: what the remote's HEAD names. */
  defaultBranch(): Promise<string>;
  /** Brings what pullbeat needs from the remote (base branch, `pullbeat/*`, `refs/pullbeat/*` without transcripts). */
  fetch(): Promise<Refs>;
  /** Branches below `prefix` whose commits `tip` holds already, by name. */
  merged(tip: Sha, prefix: string): Promise<ReadonlySet<string>>;
  /** Brings one ref more (a month's transcripts); null when the remote does not have it. */
  fetchOne(ref: string): Promise<Sha | null>;
  /** Files under `under` (paths of files or folders; all without it), in git's order. */
  entries(commit: Sha, under?: readonly string[]): Promise<Entry[]>;
  /** Every file of many small trees, by commit, in a few questions for all of them. */
  trees(commits: Iterable<Sha>): Promise<ReadonlyMap<Sha, Entry[]>>;
  /** Blobs by id, in one batch. An id that does not exist is a `Fault`. */
  blobs(ids: Iterable<Sha>): Promise<ReadonlyMap<Sha, Uint8Array>>;
  commits(ids: Iterable<Sha>): Promise<ReadonlyMap<Sha, Commit>>;
  /** The raw diffs of pairs of commits, without rename detection, in one process. */
  diffs(pairs: readonly { from: Sha; to: Sha }[]): Promise<Change[][]>;
  /** The difference between two commits, line by line, as people read it. */
  patch(from: Sha, to: Sha): Promise<string>;
  /** First-parent commits of `tip` that touch `paths` (git pathspecs with glob magic; none: any path), newest first, not older than `since`. */
  history(
    tip: Sha,
    paths: readonly string[],
    since: Date,
  ): Promise<{ id: Sha; at: Date; changes: Change[] }[]>;
  /** Commits of `to` that `from` does not have, oldest first. */
  between(from: Sha, to: Sha): Promise<Commit[]>;
  /** Writes commits in one batch; they are unreachable until pushed. */
  write(drafts: readonly CommitDraft[]): Promise<Sha[]>;
  /** The mechanical merge of two commits. */
  merge(base: Sha, head: Sha): Promise<Merged>;
  /** The mechanical merges of many pairs of commits, in two processes for all of them. One that git cannot make is a `Fault`. */
  trials(pairs: readonly { ours: Sha; theirs: Sha }[]): Promise<Trial[]>;
  /**
   * One atomic push. Decided by reading the refs back, never by git's words: true when every ref
   * is where `to` says, false when at least one is not: look before trying again, for somebody may have moved it
   * on after ours landed. A remote that cannot be reached is a `Fault`.
   */
  push(updates: readonly RefUpdate[]): Promise<boolean>;
}
