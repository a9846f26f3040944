import { z } from "zod";
import { cleanLine } from "../text/clean.ts";
import { AgentName, Instant, Login, PullNumber, Sha, TaskId, Unit } from "../id.ts";
import { Missing, PullKind, Review, type Pull } from "../pull/pull.ts";

/** A calendar day in the fleet's time zone, `2026-11-22`. */
export const Day = z.iso.date().brand<"Day">();
export type Day = z.infer<typeof Day>;

/** A pull as a digest saw it: pulls change and end, so what was seen of them is kept with the digest. */
const SeenPull = z.object({
  number: PullNumber,
  title: z.string(),
  kind: PullKind,
  unit: Unit.nullable(),
  task: TaskId.nullable(),
  agent: AgentName.nullable(),
  attempt: z.int().nonnegative(),
  branch: z.string(),
  base: Sha,
  head: Sha.nullable(),
  author: Login,
  created: Instant,
  state: z.enum(["open", "closed", "merged"]),
  reviews: z.array(Review),
  faults: z.array(z.string()).default([]),
  /** Other open pulls; missing where there were none. */
  conflicts: z.array(PullNumber).exactOptional(),
  /** The same of those that propose an effect on the same target. */
  acts: z.array(PullNumber).exactOptional(),
  /** What gates and people had not said. Missing where nobody looked: of pulls that are not open, and in old records. */
  missing: Missing.exactOptional(),
});
export type SeenPull = z.infer<typeof SeenPull>;

/**
 * A digest that was published: `digests/<yyyy>/<mm>/<date>.json`; the path is its lock. It holds what `base` and
 * `journal` do not, so that the same pullbeat makes the same digest from it again, byte for byte.
 */
export const DigestRecord = z.object({
  version: z.literal(1),
  date: Day,
  /** When it was made. */
  at: Instant,
  pullbeat: z.string(),
  base: Sha,
  /** The journal's head that it was made from: the commit below the one that adds this file. */
  journal: Sha,
  branch: z.string(),
  pulls: z.array(SeenPull),
});
export type DigestRecord = z.infer<typeof DigestRecord>;

/** What a digest is made from, before it has a branch. */
export type DigestSource = Omit<DigestRecord, "branch">;

export const digestRecordPath = ({ date }: Pick<DigestRecord, "date">): string =>
  `digests/${date.slice(0, 4)}/${date.slice(5, 7)}/${date}.json`;

/** The day that a file of the journal's `digests/` is about; null for other files. */
export const dayOfRecord = (path: string): string | null =>
  /^digests\/\d{4}\/\d\d\/(\d{4}-\d\d-\d\d)\.json$/.exec(path)?.[1] ?? null;

/** Where the digest of a day lies on the base branch. */
export const digestPath = (date: Day): string => `digest/${date}.md`;

/** How much of a review is kept: enough to tell a gates' or a conflict's word from a person's. */
const SAID = 80;

/** How much of what a gate says is kept: more than a digest shows. */
const SENTENCE = 200;

/** Open pulls and those that are not settled yet, without the digest's own, and without what a digest does not show. */
export const seenPulls = (pulls: readonly Pull[]): SeenPull[] =>
  pulls
    .filter((p) => p.kind !== "digest")
    .map((p) =>
      SeenPull.parse({
        ...p,
        title: p.title.toWellFormed(),
        reviews: p.reviews.map((r) => ({ ...r, body: r.body.slice(0, SAID).toWellFormed() })),
        faults: (p.faults ?? []).map((f) => f.toWellFormed()),
        ...(p.missing === undefined ? {} : { missing: keptOf(p.missing) }),
      }),
    );

const keptOf = ({ gates, word }: Missing): Missing => ({
  gates: gates.map((g) => ({ ...g, sentence: cleanLine(g.sentence, SENTENCE) })),
  word,
});

/** A seen pull as the rules take it. */
export const recalledPull = (seen: SeenPull): Pull => ({ ...seen, body: "", ended: null });
