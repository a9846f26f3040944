import { backoff, TRIES } from "../domain/plan/backoff.ts";
import { Fault } from "../domain/fault.ts";
import type { Finding } from "../domain/finding.ts";
import type { Sha } from "../domain/id.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import type { Home } from "../port/home.ts";
import type { CommitDraft } from "../port/repo.ts";
import { read } from "./read.ts";
import { newFindings } from "./vet.ts";
import type { World } from "./world.ts";

/** What a file is written on: the remote's base branch, or the branch that a person is on. */
export interface Ground {
  fleet: Fleet;
  commit: Sha;
  branch: string;
  /** What else the remote knows; null when nothing is pushed. */
  snapshot: Snapshot | null;
}

/** One file as it is to be. */
export interface Page {
  path: string;
  text: string;
  /** A new file that belongs to it and lies beside it. */
  beside?: { path: string; text: string };
  /** The commit's message, one line. */
  subject: string;
  /** What the file was before; without it, it is new. */
  before?: string;
  /** The file has changes of the person's that its branch does not have: it is written where it lies, and not committed. */
  onDisk?: "uncommitted" | "not pushed";
}

/** What a person wants written. */
export interface Wish {
  /** Decides anew on each ground that is tried; null: nothing is to be changed. */
  compose(ground: Ground): Promise<Page | null>;
  /** Author and committer. */
  who(fleet: Fleet): Promise<{ name: string; email: string }>;
  /** The world whose remote is pushed to; null: the commit goes on the branch that one is on. */
  world: World | null;
  home: Home;
  now: Date;
  dry: boolean;
}

/** What became of it. */
export interface Saved {
  page: Page;
  branch: string;
  /** Null: nothing was committed, as in a dry run or on the disk. */
  commit: Sha | null;
  pushed: boolean;
  /** Why the branch that one is on does not have the commit; null when it does, or when there is none. */
  apart: string | null;
  /** What `check` notes about the file. */
  notes: Finding[];
}

/**
 * Writes one file as a commit of a person's. It stands on the newest base branch and holds that file alone, so what else
 * lies in the folder, is staged, or is not pushed yet has no part in it. Who loses a race decides again.
 */
export async function save(wish: Wish): Promise<Saved | null> {
  return wish.world === null ? saveHere(wish) : saveThere(wish, wish.world);
}

async function saveThere(wish: Wish, world: World): Promise<Saved | null> {
  let last: Saved | null = null;
  for (let n = 1; n <= TRIES; n++) {
    const snapshot = await read(world);
    const { branch, base, fleet } = snapshot;
    // A push may land and be overtaken before it is read back.
    if (last?.commit && (await world.repo.between(base, last.commit)).length === 0)
      return follow(wish, { ...last, pushed: true });
    const drafted = await draft(wish, { fleet, commit: base, branch, snapshot });
    if (drafted === null || drafted.commit === null) return drafted;
    if (await push(world, `refs/heads/${branch}`, [base, drafted.commit]))
      return follow(wish, { ...drafted, pushed: true });
    last = drafted;
    await world.clock.sleep(backoff(world.clock.chance, n));
  }
  throw new Fault("race", `others moved the base branch ${TRIES} times in a row`, {
    next: "try again in a minute",
  });
}

async function push(world: World, ref: string, [from, to]: [Sha, Sha]): Promise<boolean> {
  try {
    return await world.repo.push([{ ref, from, to }]);
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.code !== "refused") throw thrown;
    const branch = ref.replace(/^refs\/heads\//, "");
    throw new Fault("refused", thrown.message, {
      expected: `an account that may push to ${branch}`,
      next: `git switch -c my-change, then the same command with --no-push; push that branch and merge it into ${branch} your way`,
      cause: thrown,
    });
  }
}

/** The branch that one is on moves on with it, where git can do that without touching anything of theirs. */
async function follow({ home }: Wish, saved: Saved): Promise<Saved> {
  const { branch } = await home.stand();
  if (saved.commit === null) return saved;
  if (branch !== saved.branch) {
    const here = branch === null ? "you are on no branch" : `you are on ${branch}`;
    return { ...saved, apart: `${here}, and it is on ${saved.branch}` };
  }
  const why = await home.follow(saved.commit);
  if (why === null) return saved;
  return { ...saved, apart: `your ${branch} does not have it yet: git pull --rebase (${why})` };
}

async function saveHere(wish: Wish): Promise<Saved | null> {
  const { home } = wish;
  const { branch, commit } = await home.stand();
  if (commit === null)
    throw new Fault("refused", "there is no commit yet", {
      expected: "a branch with .github/pullbeat.yml on it",
      next: "pullbeat init",
    });
  if (branch === null)
    throw new Fault("refused", "HEAD is on no branch, so nobody would find the commit", {
      next: "git switch <your branch>",
    });
  const drafted = await draft(wish, { fleet: await home.fleet(commit), commit, branch, snapshot: null });
  if (drafted === null || drafted.commit === null) return drafted;
  const why = await home.follow(drafted.commit);
  if (why === null) return drafted;
  throw new Fault("refused", `git would not put it on ${branch}: ${why}`, {
    expected: `nothing else at ${drafted.page.path}`,
  });
}

/** The commit, checked and on no branch yet; no commit where there is to be none. */
async function draft(wish: Wish, ground: Ground): Promise<Saved | null> {
  const { home, dry } = wish;
  const page = await wish.compose(ground);
  if (page === null) return null;
  const commit = await home.write(await draftOf(wish, ground, page));
  const notes = newFindings(ground.fleet, await home.fleet(commit), page);
  const saved = { page, branch: ground.branch, commit: null, pushed: false, apart: null, notes };
  if (dry) return saved;
  if (page.onDisk === undefined) return { ...saved, commit };
  await home.put(page.path, page.text);
  return saved;
}

async function draftOf(wish: Wish, { fleet, commit }: Ground, page: Page): Promise<CommitDraft> {
  const { path, text, subject, beside } = page;
  const above = fleet.entries.find((e) => path.startsWith(`${e.path}/`));
  if (above !== undefined)
    throw new Fault("refused", `${above.path} is no folder, so there can be no ${path}`);
  const isProgram = fleet.entries.some((e) => e.path === path && e.mode === "100755");
  return {
    parents: [commit],
    files: [
      { path, content: text, mode: isProgram ? "100755" : "100644" },
      ...(beside === undefined ? [] : [{ path: beside.path, content: beside.text }]),
    ],
    message: `${subject}\n`,
    who: await wish.who(fleet),
    at: wish.now,
  };
}
