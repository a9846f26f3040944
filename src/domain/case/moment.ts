import type { Config } from "../config.ts";
import { isGates } from "../pull/review-text.ts";
import type { Attempt } from "../record.ts";
import type { Review } from "../pull/pull.ts";

/** Which work of a pull a case is about: the round, from 1, and the first or the last time that it was handed in there. */
export interface Moment {
  round: number;
  hand: "first" | "last";
  /** Who says what was wrong, or `gates`. */
  by: string;
  /** Their words. */
  words: string;
}

/** What of a pull is looked at; its attempts oldest first. */
export interface Course {
  attempts: readonly Attempt[];
  reviews: readonly Review[];
  ended: { by: string; why: string } | null;
  state: "open" | "closed" | "merged";
}

/**
 * What went wrong on a pull, by the strongest word there is: a person's who closed it or asked for changes, a gate's that
 * asked for changes of the pull, a gate's that sent the work back inside an attempt; or a person who says so now. Null
 * when nobody says anything.
 */
export function momentOf(
  { attempts, reviews, ended, state }: Course,
  { config, told }: { config: Config; told: { by: string; why: string } | null },
): Moment | null {
  const people = new Set(config.roster.map((p) => p.login.toLowerCase()));
  const isPerson = (login: string): boolean => people.has(login.toLowerCase());
  const asked = reviews.flatMap((r): Moment[] => {
    const round = 1 + attempts.findLastIndex((a) => a.proposal?.head === r.head);
    if (r.verdict !== "request-changes" || round === 0) return [];
    const words = isGates(r) ? r.body.split("\n").slice(2).join("\n") : r.body;
    return [{ round, hand: "last", by: isPerson(r.by) ? r.by : GATES, words }];
  });
  const last = { round: attempts.length, hand: "last" } as const;
  const closed = state === "closed" && ended !== null && isPerson(ended.by);
  const moment =
    (closed ? { ...last, by: ended.by, words: ended.why } : undefined) ??
    asked.findLast((m) => m.by !== GATES) ??
    asked.at(-1) ??
    sentBack(attempts) ??
    (told === null ? null : { ...last, by: told.by, words: told.why });
  return moment === null || told === null ? moment : { ...moment, by: told.by, words: told.why };
}

/** Whose word it is that no person said. */
export const GATES = "gates";

/** What gates sent back first, to be mended inside an attempt. */
function sentBack(attempts: readonly Attempt[]): Moment | null {
  const back = attempts.findIndex((a) => a.feedback.length > 0);
  if (back < 0) return null;
  return { round: back + 1, hand: "first", by: GATES, words: attempts[back]?.feedback.join("\n") ?? "" };
}
