import { deciding, isPresent, latest, people, voters, type Voices } from "./approval.ts";
import { fact, type Reason } from "../reason.ts";
import type { Review } from "../pull/pull.ts";

/** Approvals that do not count, each with its reason: nobody should wonder why a word of theirs did nothing. */
export const wordless = (voices: Voices, needed: number): Reason[] =>
  latest(voices.pull.reviews).flatMap((review) => {
    if (review.verdict !== "approve" && review.verdict !== "answer") return [];
    const why = whyNot(review, voices, needed);
    return why === null ? [] : [fact(`${review.by}'s ${nounOf(review)} does not count: ${why}.`)];
  });

const nounOf = ({ verdict }: Review): string => (verdict === "answer" ? "answer" : "approval");

function whyNot(review: Review, voices: Voices, needed: number): string | null {
  const { pull, config } = voices;
  if (review.verdict !== deciding(pull.kind))
    return pull.kind === "question"
      ? "the pull asks a question, and wants an answer"
      : "the pull asks nothing";
  if (!config.roster.some((p) => p.login === review.by)) return "nobody of that name is on the roster";
  if (!people(voices).includes(review.by)) return "it is the fleet's own account, or the pull's author";
  if (!voters(voices, needed).includes(review.by))
    return "they put commits on its branch, and others are there to decide";
  return isPresent(review, voices)
    ? null
    : `it is of ${review.head.slice(0, 10)}, and the change is another one since`;
}
