import { Login } from "../../domain/id.ts";
import type { PullKind, Review, ReviewVerdict } from "../../domain/pull/pull.ts";
import type { ReviewJson } from "./json.ts";
import { readReviewBody } from "./mark.ts";

/** What was said of a pull, and what of it nobody can count. */
export interface Heard {
  reviews: Review[];
  faults: string[];
  /** Nobody asked GitHub. */
  unread?: boolean;
}

/** Who speaks for the fleet: the account that opens pulls, and the second one that reviews them. */
export interface Voices {
  account: Login;
  reviewer: Login | null;
}

export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isOwn = ({ user }: Pick<ReviewJson, "user">, { account, reviewer }: Voices): boolean =>
  user !== null && (same(user.login, account) || (reviewer !== null && same(user.login, reviewer)));

/**
 * GitHub's reviews as pullbeat counts them. Apps never count. An approval of no commit is none; a request for changes of
 * no commit still stands in the way. A review that was dismissed counts for nothing, nor does what the same person
 * approved before it.
 */
export function readReviews(rows: readonly ReviewJson[], kind: PullKind, voices: Voices): Heard {
  const heard = rows.map((row, i) => {
    if (isOwn(row, voices)) return { reviews: ownWord(row, voices.account), faults: [] };
    return personsWord(row, kind, rows.slice(i + 1));
  });
  return { reviews: heard.flatMap((h) => h.reviews), faults: heard.flatMap((h) => h.faults) };
}

const NOTHING: Heard = { reviews: [], faults: [] };

function personsWord(
  { id, user, body: words, state, commit_id: head, submitted_at: at }: ReviewJson,
  kind: PullKind,
  later: readonly ReviewJson[],
): Heard {
  const by = user?.type === "User" ? Login.safeParse(user.login).data : undefined;
  const body = (words ?? "").replaceAll("\r\n", "\n");
  const verdict = verdictOf(state, { kind, body });
  if (by === undefined || verdict === null || !at) return NOTHING;
  if (!head)
    return verdict === "request-changes"
      ? { reviews: [], faults: [`${by} asks for changes, and GitHub does not say of which commit`] }
      : NOTHING;
  const isUndone = verdict !== "request-changes" && dismissedLater(later, by);
  return {
    reviews: [{ id: String(id), by, verdict: isUndone ? "comment" : verdict, head, at, body }],
    faults: [],
  };
}

const dismissedLater = (rows: readonly ReviewJson[], by: string): boolean =>
  rows.some((r) => r.state === "DISMISSED" && r.user !== null && same(r.user.login, by));

function verdictOf(state: string, { kind, body }: { kind: PullKind; body: string }): ReviewVerdict | null {
  const answers = kind === "question" && body.trim() !== "";
  switch (state) {
    case "APPROVED":
      return answers ? "answer" : "approve";
    case "CHANGES_REQUESTED":
      return "request-changes";
    case "COMMENTED":
      return answers ? "answer" : "comment";
    case "DISMISSED":
      return "comment";
    default:
      return null;
  }
}

/** What the fleet said itself: never more than a comment or a request for changes. */
function ownWord(row: ReviewJson, account: Login): Review[] {
  const { text, mark } = readReviewBody(row.body);
  const head = mark?.head ?? row.commit_id;
  if (!head || !row.submitted_at || row.state === "PENDING") return [];
  const asks = mark?.verdict === "request-changes" && row.state !== "DISMISSED";
  return [
    {
      id: String(row.id),
      by: account,
      verdict: asks ? "request-changes" : "comment",
      head,
      at: row.submitted_at,
      body: text,
    },
  ];
}
