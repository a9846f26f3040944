import { SECOND_THOUGHT } from "../domain/clearance/approval.ts";
import { backoff, TRIES } from "../domain/plan/backoff.ts";
import { Fault } from "../domain/fault.ts";
import { instantOf, PullNumber, randomId, type Login, type Sha } from "../domain/id.ts";
import type { PullDraft, Review } from "../domain/pull/pull.ts";
import { JOURNAL } from "../domain/record.ts";
import type { Clock } from "../port/clock.ts";
import type { Forge, Word } from "../port/forge.ts";
import type { FileDraft, Refs, Repo } from "../port/repo.ts";
import { mayReview } from "./may-review.ts";
import {
  endedFile,
  fenceOf,
  numberOf,
  openedFile,
  pullRef,
  readPulls,
  reviewFile,
  type Stored,
} from "./stored.ts";

export interface LocalParts {
  repo: Repo;
  /** The account that opens the fleet's pulls. */
  account: Login;
  clock: Clock;
  /** The fleet's own name on the commits that hold pulls. */
  who: { name: string; email: string };
  /** Told of pulls that cannot be read. */
  warn: (line: string) => void;
}

/**
 * Pulls as refs of the remote: `refs/pullbeat/pulls/<n>` is a commit whose tree holds `pull.json`, `reviews/…` and,
 * once a person closed it, `ended.json`. Every write is a compare-and-swap, so nothing that two people say is lost.
 *
 * The remote's write access is the trust boundary: whoever can push there can write these refs in anybody's name.
 * Logins are checked against the roster by the caller. This prevents accidents, not a pusher with intent.
 */
export function localForge(parts: LocalParts): Forge {
  return {
    kind: "local",
    web: null,
    account: parts.account,
    hearsay: false,
    async pulls({ refs, only } = {}) {
      const found = (await stored(parts, refs)).map((s) => s.pull);
      return only === undefined ? found : found.filter((p) => p.number === only);
    },
    fence: (number, refs) => fenceOf(number, refs),
    open: (draft) => open(parts, draft),
    // Nobody looks at a ref: `pull show` and `board` work out anew what is to be shown.
    show: async () => {},
    talk: null,
    note: null,
    merge: null,
    checks: null,
    review: (number, by, said) => review(parts, number, { by, ...said }),
    close: (number, by, why, at) => close(parts, number, { by, why, at: instantOf(at) }),
    end: (number) => end(parts, number),
  };
}

const stored = async ({ repo, warn }: LocalParts, seen?: Refs): Promise<Stored[]> =>
  readPulls(repo, seen ?? (await repo.fetch()), warn);

/** Does something again, with everything read anew, until its push wins. `undefined` says: lost, try again. */
async function retried<T>({ clock }: LocalParts, once: () => Promise<T | undefined>): Promise<T> {
  for (let n = 1; n <= TRIES; n++) {
    const done = await once();
    if (done !== undefined) return done;
    await clock.sleep(backoff(clock.chance, n));
  }
  throw new Fault("race", `others changed the same pull ${TRIES} times in a row`, {
    next: "nothing was written: try again",
  });
}

const open = (parts: LocalParts, draft: PullDraft): Promise<PullNumber> =>
  retried(parts, async () => {
    const { repo, account, clock, warn } = parts;
    const refs = await repo.fetch();
    const standing = (await readPulls(repo, refs, warn)).find((s) => s.pull.branch === draft.branch);
    if (standing !== undefined) return retold(parts, standing, draft);
    const number = PullNumber.parse(
      1 + Math.max(0, ...openNumbers(refs), ...(await endedNumbers(repo, refs))),
    );
    const opened = { ...draft, number, author: account, created: instantOf(clock.now()) };
    const id = await commit(parts, [], openedFile(opened));
    const ref = pullRef(number);
    if (!(await repo.push([{ ref, from: null, to: id }]))) return undefined;
    // The number may have ended after our reading: then its ref was free, and the number was not.
    if (!(await endedNumbers(repo, await repo.fetch())).includes(number)) return number;
    await repo.push([{ ref, from: id, to: null }]);
    return undefined;
  });

/** A further round tells its own story: title, body and agent are the newest draft's. The task may be another agent's by now. */
async function retold(
  parts: LocalParts,
  { pull, at }: Stored,
  { title, body, agent }: PullDraft,
): Promise<PullNumber | undefined> {
  const { number } = pull;
  if (pull.title === title && pull.body === body && pull.agent === agent) return number;
  const file = openedFile({ ...pull, title, body, agent });
  return (
    (await swap(parts, { ref: pullRef(number), from: at, to: await commit(parts, [at], file) })) && number
  );
}

const openNumbers = (refs: Refs): number[] => [...refs.keys()].map(numberOf).filter((n) => n !== null);

async function endedNumbers(repo: Repo, refs: Refs): Promise<number[]> {
  const journal = refs.get(JOURNAL);
  if (journal === undefined) return [];
  const entries = await repo.entries(journal, ["pulls"]);
  return entries.map((e) => Number(/^pulls\/\d+\/(\d+)\.json$/.exec(e.path)?.[1] ?? 0));
}

async function review(parts: LocalParts, number: PullNumber, said: Word & { by: Login }): Promise<boolean> {
  return retried(parts, async () => {
    const { pull, at } = await present(parts, number);
    const head = mayReview(parts.account, pull, said);
    const { by, verdict, body } = said;
    const last = pull.reviews.findLast((r) => r.by === by);
    if (last?.head === head && last.verdict === verdict && last.body === body && isSameWord(last, said))
      return false;
    const id = randomId(parts.clock.chance, 8);
    const count = pull.reviews.length + (pull.faults?.length ?? 0);
    const { base } = pull;
    const file = reviewFile({ id, by, verdict, head, base, at: instantOf(said.at), body }, count);
    // The reviewed commit is a parent, so that it can still be compared after somebody rewrote the branch.
    return swap(parts, { ref: pullRef(number), from: at, to: await commit(parts, [at, head], file) });
  });
}

/** A person's approval that comes again after a while is a second thought, and counts as one; all else is a repetition. */
const isSameWord = ({ at, verdict }: Review, said: Word): boolean =>
  (verdict !== "approve" && verdict !== "answer") ||
  said.at.getTime() - Date.parse(at) < SECOND_THOUGHT * 60_000;

async function close(
  parts: LocalParts,
  number: PullNumber,
  ended: Parameters<typeof endedFile>[0],
): Promise<void> {
  await retried(parts, async () => {
    const { pull, at } = await present(parts, number);
    if (pull.state !== "open") return true;
    return swap(parts, { ref: pullRef(number), from: at, to: await commit(parts, [at], endedFile(ended)) });
  });
}

async function end(parts: LocalParts, number: PullNumber): Promise<void> {
  const ref = pullRef(number);
  await retried(parts, async () => {
    const from = (await parts.repo.fetch()).get(ref);
    return from === undefined ? true : swap(parts, { ref, from, to: null });
  });
}

async function present(parts: LocalParts, number: PullNumber): Promise<Stored> {
  const found = (await stored(parts)).find((s) => s.pull.number === number);
  if (found !== undefined) return found;
  throw new Fault("not-found", `there is no open pull ${number}`, {
    next: "`pullbeat pull list` shows what is open",
  });
}

/** True when the push won; undefined asks for another try. */
const swap = async (
  { repo }: LocalParts,
  update: { ref: string; from: Sha; to: Sha | null },
): Promise<true | undefined> => ((await repo.push([update])) ? true : undefined);

async function commit(
  { repo, clock, who }: LocalParts,
  parents: readonly Sha[],
  file: FileDraft,
): Promise<Sha> {
  const [id] = await repo.write([{ parents, files: [file], message: file.path, who, at: clock.now() }]);
  if (id === undefined) throw new Fault("broken", "a commit was written and has no id");
  return id;
}
