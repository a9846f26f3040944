import { z } from "zod";
import { readable } from "../domain/apart.ts";
import { sentence } from "../domain/fault.ts";
import { Instant, Login, PullNumber, type Sha } from "../domain/id.ts";
import { PullDraft, Review, type Fence, type Pull } from "../domain/pull/pull.ts";
import type { FileDraft, Refs, Repo } from "../port/repo.ts";

/** `pull.json`: what a pull was opened with. The tree beside it holds what people said since. */
const Opened = PullDraft.extend({ number: PullNumber, author: Login, created: Instant });
type Opened = z.infer<typeof Opened>;

/** `ended.json`: a person's Close button. */
const Ended = z.object({ by: Login, at: Instant, why: z.string() });
type Ended = z.infer<typeof Ended>;

const PULLS = "refs/pullbeat/pulls/";

export const pullRef = (number: number): string => PULLS + number;

/** The ref of a pull as it was seen, to compare with. */
export function fenceOf(number: number, seen: Refs): Fence | null {
  const ref = pullRef(number);
  const id = seen.get(ref);
  return id === undefined ? null : { ref, id };
}

export const numberOf = (ref: string): PullNumber | null =>
  PullNumber.safeParse(
    /^refs\/pullbeat\/pulls\/([1-9]\d{0,8})$/.test(ref) ? Number(ref.slice(PULLS.length)) : 0,
  ).data ?? null;

const file = (path: string, value: unknown): FileDraft => ({
  path,
  content: `${JSON.stringify(value, null, 2)}\n`,
});

export const openedFile = (opened: Opened): FileDraft => file("pull.json", Opened.parse(opened));
export const endedFile = (ended: Ended): FileDraft => file("ended.json", ended);
/** One file a review, numbered: the order in which they were pushed counts, not what people's clocks said. */
export const reviewFile = (review: Review, before: number): FileDraft =>
  file(`reviews/${String(before + 1).padStart(5, "0")}-${review.id}.json`, review);

/** A pull, and the commit that it was read from. */
export interface Stored {
  pull: Pull;
  at: Sha;
}

/** Every pull that stands in the refs, by number; `warn` is told of those that cannot be read. */
export async function readPulls(repo: Repo, refs: Refs, warn: (line: string) => void): Promise<Stored[]> {
  const found = [...refs].flatMap(([ref, at]) => {
    const number = numberOf(ref);
    return number === null ? [] : [{ number, at }];
  });
  const trees = await readable(
    found.map((f) => f.at),
    (ids) => repo.trees(ids),
  );
  const ids = [...new Set([...trees.values()].flat().map((e) => e.blob))];
  const blobs = await readable(ids, (some) => repo.blobs(some));
  const decoder = new TextDecoder();
  return found
    .toSorted((a, b) => a.number - b.number)
    .flatMap(({ number, at }) => {
      const tree = trees.get(at) ?? [];
      const texts = new Map(tree.map((e) => [e.path, decoder.decode(blobs.get(e.blob))]));
      const pull = parse(number, texts, refs);
      if (typeof pull !== "string") return [{ pull, at }];
      warn(`pull ${number} cannot be read: ${pull}`);
      return [];
    });
}

function parse(number: PullNumber, texts: ReadonlyMap<string, string>, refs: Refs): Pull | string {
  const opened = Opened.safeParse(json(texts.get("pull.json")));
  if (!opened.success) return z.prettifyError(opened.error);
  if (opened.data.number !== number) return `its file says that it is pull ${opened.data.number}`;
  const ended = texts.has("ended.json") ? Ended.safeParse(json(texts.get("ended.json"))) : null;
  const reviews = [...texts]
    .filter(([path]) => path.startsWith("reviews/"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ path, read: Review.safeParse(json(text)) }));
  const faults = [
    ...reviews.filter((r) => !r.read.success).map((r) => `${r.path} cannot be read`),
    ...(ended?.success === false ? ["ended.json cannot be read"] : []),
  ];
  return {
    ...opened.data,
    head: refs.get(`refs/heads/${opened.data.branch}`) ?? null,
    state: ended?.success ? "closed" : "open",
    reviews: reviews.flatMap((r) => r.read.data ?? []),
    ended: ended?.data ?? null,
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** What is no JSON becomes its own message, which no schema takes. */
function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch (error) {
    return sentence(error);
  }
}
