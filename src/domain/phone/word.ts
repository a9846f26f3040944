import { z } from "zod";
import { Instant, Login } from "../id.ts";

/**
 * A word of a person's that was heard, in the journal: its path is its lock, so that it is obeyed once, whoever hears it
 * and however often.
 */
export const Word = z.object({
  version: z.literal(1),
  /** `comment-123`, or `issue-12-<digest>` of one version of an issue's text. */
  id: z.string().regex(/^(?:comment-\d+|issue-\d+-[0-9a-f]{12})$/),
  /** The pull or the issue that it stands under. */
  on: z.int().positive(),
  by: Login,
  /** Its first line, or the title, made inert. */
  said: z.string(),
  /** When it was said, and when it was heard. */
  at: Instant,
  heard: Instant,
  /** False: it could not be done, and the answer says why. */
  done: z.boolean(),
  /** What is said to the person; null where a nod is enough. */
  answer: z.string().nullable(),
});
export type Word = z.infer<typeof Word>;

/** The folder of the journal that holds them. */
export const WORDS = "words";

export const wordPath = (id: string): string => `${WORDS}/${id}.json`;
