import type { Config } from "../config.ts";
import { instantOf, type Instant, type Login, type Sha } from "../id.ts";
import type { Pull, Review } from "../pull/pull.ts";
import type { Approval } from "../record.ts";

/** Who said what of a pull, and whose word can count. Nothing in it is free text that could count. */
export interface Voices {
  pull: Pick<Pull, "author" | "base" | "head" | "kind" | "reviews">;
  /** People whose approval counts, and the fleet's own accounts: the tip's. */
  config: Pick<Config, "roster" | "fleet">;
  /** The account that the fleet speaks with on the forge. */
  account: Login;
  /** People who put commits on the branch, whoever pushed last among them. */
  coauthors: readonly Login[];
  /** A commit on the branch has an address that nobody on the roster is known by: it may be any one of them. */
  stranger: boolean;
  /** The identity of the change up to each head that was reviewed, and of the present one; null where it cannot be told. */
  identities: ReadonlyMap<Sha, string | null>;
}

/** Minutes after which one person's second approval of the same change is a second thought. */
export const SECOND_THOUGHT = 10;

/** What a person says to let a pull merge. An answer is its author's approval of exactly that answer. */
export const deciding = (kind: Pull["kind"]): "answer" | "approve" =>
  kind === "question" ? "answer" : "approve";

export const asApproval = (review: Review): Approval => ({
  login: review.by,
  review: review.id,
  head: review.head,
  at: instantOf(new Date(review.at)),
});

/** Case does not make another person, and neither does it make one: votes need the roster's own spelling. */
const fold = (login: string): string => login.toLowerCase();

/** People of the roster; an account of the fleet is none. */
export function peopleOf({ roster, fleet }: Pick<Config, "roster" | "fleet">): Login[] {
  const never = new Set(fleet.accounts.map(fold));
  return roster.map((p) => p.login).filter((login) => !never.has(fold(login)));
}

/** Everybody on the roster who is neither the fleet nor the pull's author, once each. */
export function people({
  pull,
  config,
  account,
}: Omit<Voices, "identities" | "coauthors" | "stranger">): Login[] {
  const never = new Set([account, pull.author].map(fold));
  const able = peopleOf(config).filter((l) => !never.has(fold(l)));
  return able.filter((login, i) => able.findIndex((l) => fold(l) === fold(login)) === i);
}

/** Who may approve where so many people must: co-authors only where there are not enough others. */
export function voters(voices: Voices, needed: number): Login[] {
  const able = people(voices);
  const wrote = new Set(voices.coauthors.map(fold));
  const others = able.filter((l) => !wrote.has(fold(l)));
  return others.length >= Math.max(1, needed) ? others : able;
}

/** True when a review is of the present change: from the same base, to its head or to one that changes exactly the same. */
export function isPresent(
  { head, base }: Review,
  { pull, identities }: Pick<Voices, "pull" | "identities">,
): boolean {
  if (pull.head === null || (base !== undefined && base !== pull.base)) return false;
  if (head === pull.head) return true;
  const present = identities.get(pull.head) ?? null;
  return present !== null && identities.get(head) === present;
}

/** The reviews that count for the present change, one a person: the latest word of each who may decide. */
export function counting(voices: Voices, needed: number): Review[] {
  const able = new Set(voters(voices, needed));
  const word = deciding(voices.pull.kind);
  return latest(voices.pull.reviews).filter(
    (r) => r.verdict === word && able.has(r.by) && isPresent(r, voices),
  );
}

/**
 * When the second thought of somebody who decides alone counts: ten minutes after the first approval of this change, with
 * no other word between. Null when they have not approved it at all.
 */
export function secondThought(review: Review, voices: Voices): { from: Instant; done: Review | null } {
  const own = voices.pull.reviews.filter((r) => fold(r.by) === fold(review.by) && r.verdict !== "comment");
  const broken = own.findLastIndex((r) => r.verdict !== review.verdict || !isPresent(r, voices));
  const run = own.slice(broken + 1);
  const first = Math.min(...run.map((r) => Date.parse(r.at)));
  const from = first + SECOND_THOUGHT * 60_000;
  return {
    from: instantOf(new Date(from)),
    done: run.find((r) => Date.parse(r.at) >= from) ?? null,
  };
}

/** People's requests for changes: each stands, on whichever head it was made, until the same person approves. */
export function openRequests({
  pull,
  config,
}: {
  pull: Pick<Pull, "reviews">;
  config: Pick<Config, "roster">;
}): Review[] {
  const roster = new Set(config.roster.map((p) => fold(p.login)));
  return latest(pull.reviews).filter((r) => r.verdict === "request-changes" && roster.has(fold(r.by)));
}

/** Each person's latest review that says more than a comment, in the forge's order: clocks of people differ. */
export function latest(reviews: readonly Review[]): Review[] {
  const last = new Map<string, Review>();
  for (const review of reviews) if (review.verdict !== "comment") last.set(fold(review.by), review);
  return [...last.values()];
}
