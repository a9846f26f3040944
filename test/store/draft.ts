import type { Sha } from "../../src/domain/id.ts";
import type { CommitDraft, Repo } from "../../src/port/repo.ts";

/** A commit draft with what a test does not care about filled in. */
export const draft = (over: Partial<CommitDraft> = {}): CommitDraft => ({
  parents: [],
  files: [],
  message: "a commit\n",
  who: { name: "pullbeat", email: "pullbeat@example.com" },
  at: new Date("2026-11-22T07:00:00Z"),
  ...over,
});

/** Writes one commit. */
export async function write(repo: Repo, over: Partial<CommitDraft> = {}): Promise<Sha> {
  const [id] = await repo.write([draft(over)]);
  if (id === undefined) throw new Error("nothing was written");
  return id;
}

/** Where a ref of the remote stands; throws when it does not exist. */
export async function refOf(repo: Repo, ref: string): Promise<Sha> {
  const id = (await repo.fetch()).get(ref);
  if (id === undefined) throw new Error(`no ${ref}`);
  return id;
}

export const MAIN = "refs/heads/main";
