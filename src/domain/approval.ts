import type { Config } from "./config.ts";
import { instantOf, type Login, type Sha } from "./id.ts";
import type { Pull, Review } from "./pull.ts";
import type { Approval } from "./record.ts";
import type { Verdict } from "./verdict.ts";

/** Everything that deciding about a pull may know. Nothing in it is free text that could count. */
export interface ApprovalFacts {
  pull: Pick<Pull, "author" | "head" | "kind" | "reviews" | "state">;
  /** People whose approval counts, and the fleet's own accounts: the tip's. */
  config: Pick<Config, "roster" | "fleet">;
  /** The account that the fleet speaks with on the forge. */
  account: Login;
  /** People who put commits on the branch. */
  coauthors: readonly Login[];
  /** The identity of the change up to each head that was reviewed, and of the present one; null where it cannot be told. */
  identities: ReadonlyMap<Sha, string | null>;
  verdict: Pick<Verdict, "ruling">;
  /** Why nothing may merge now: holds, and what else stands against it. */
  holds: readonly string[];
}

export type Decision =
  | { kind: "merge"; approvals: Approval[] }
  /** Waits for somebody's act or another judgement; nothing stands against it. */
  | { kind: "pending"; reasons: string[] }
  /** Does not merge before something that stands against it has gone. */
  | { kind: "blocked"; reasons: string[] };

/**
 * The plain rule: passed by every gate, not held, approved by at least one person whose approval counts, and no
 * person's request for changes standing. What cannot be told counts against merging.
 */
export function decide(facts: ApprovalFacts): Decision {
  const blocks = [...openRequests(facts).map((r) => `${r.by} asks for changes`), ...facts.holds];
  if (facts.pull.state !== "open") blocks.unshift(`the pull is ${facts.pull.state}`);
  if (facts.pull.head === null) blocks.unshift("its branch is gone");
  if (facts.verdict.ruling === "fail") blocks.unshift("a gate failed");
  if (blocks.length > 0) return { kind: "blocked", reasons: blocks };
  const approvals = approvalsIn(facts);
  const reasons = [
    ...(facts.verdict.ruling === "pass" ? [] : ["a gate could not tell"]),
    ...(approvals.length > 0 ? [] : [`it waits for a person's ${NEEDED[facts.pull.kind].noun}`]),
  ];
  if (reasons.length > 0) return { kind: "pending", reasons };
  return { kind: "merge", approvals };
}

/** The approvals that count for a change, whatever else stands against it. */
export const approvalsIn = (facts: Omit<ApprovalFacts, "verdict" | "holds">): Approval[] =>
  counting(facts).map(asApproval);

/** People of the roster; an account of the fleet is none. */
export function peopleOf({ roster, fleet }: Pick<Config, "roster" | "fleet">): Login[] {
  const never = new Set(fleet.accounts.map(fold));
  return roster.map((p) => p.login).filter((login) => !never.has(fold(login)));
}

/** What a person says to let a pull of a kind merge. An answer is its author's approval of exactly that answer. */
const NEEDED = {
  work: { verdict: "approve", noun: "approval of this change" },
  archive: { verdict: "approve", noun: "approval of this change" },
  question: { verdict: "answer", noun: "answer" },
} as const;

const asApproval = (review: Review): Approval => ({
  login: review.by,
  review: review.id,
  head: review.head,
  at: instantOf(new Date(review.at)),
});

/** The reviews that count for the present change, one a person. */
function counting(facts: Omit<ApprovalFacts, "verdict" | "holds">): Review[] {
  const { pull, identities } = facts;
  const present = pull.head === null ? null : (identities.get(pull.head) ?? null);
  const able = voters(facts);
  return latest(pull.reviews).filter(
    (r) =>
      r.verdict === NEEDED[pull.kind].verdict &&
      able.has(r.by) &&
      (r.head === pull.head || (present !== null && identities.get(r.head) === present)),
  );
}

/** Case does not make another person, and neither does it make one: votes need the roster's own spelling. */
const fold = (login: string): string => login.toLowerCase();

/** Who may approve: the roster without the fleet and the author; co-authors only where nobody else is left. */
function voters({
  pull,
  config,
  account,
  coauthors,
}: Pick<ApprovalFacts, "pull" | "config" | "account" | "coauthors">): Set<Login> {
  const never = new Set([...config.fleet.accounts, account, pull.author].map(fold));
  const people = config.roster.map((p) => p.login).filter((l) => !never.has(fold(l)));
  const wrote = new Set(coauthors.map(fold));
  const others = people.filter((l) => !wrote.has(fold(l)));
  return new Set(others.length > 0 ? others : people);
}

/** People's requests for changes: each stands, on whichever head it was made, until the same person approves. */
export function openRequests({
  pull,
  config,
}: {
  pull: Pick<Pull, "reviews">;
  config: Pick<Config, "roster">;
}): Review[] {
  const people = new Set(config.roster.map((p) => fold(p.login)));
  return latest(pull.reviews).filter((r) => r.verdict === "request-changes" && people.has(fold(r.by)));
}

/** Each person's latest review that says more than a comment, in the forge's order: clocks of people differ. */
export function latest(reviews: readonly Review[]): Review[] {
  const last = new Map<string, Review>();
  for (const review of reviews) if (review.verdict !== "comment") last.set(fold(review.by), review);
  return [...last.values()];
}
