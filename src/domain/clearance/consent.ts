import { asApproval, counting, deciding, people, secondThought, voters, type Voices } from "./approval.ts";
import type { DecidedBy } from "./decided.ts";
import type { Instant, Login } from "../id.ts";
import type { Tier } from "./policy.ts";
import type { PullKind, Review } from "../pull/pull.ts";
import { all, capital, fact, inTheWay, speaksFor, type Reason } from "../reason.ts";
import type { Approval } from "../record.ts";
import { wordless } from "./votes.ts";

/** Whose turn it is: a gate's, or that of one of these people, and from when on. */
export interface Waits {
  gates: string[];
  people: Login[];
  from: Instant | null;
}

/** What people said, and what of it is missing. */
interface PeoplePart {
  reason: Reason;
  missing: string[];
  waits: Omit<Waits, "gates">;
  by: DecidedBy;
  approvals: Approval[];
}

/** How many people a tier takes. */
const leastOf = (tier: Tier): number => (tier === "dual" ? 2 : tier === "human" ? 1 : 0);

/**
 * How many must have approved: one more where a commit is of an address that nobody is known by, since it may be that of
 * one who approves; but never more than there are.
 */
function neededFor(tier: Tier, voices: Voices): number {
  const least = leastOf(tier);
  const safe = least > 0 && voices.stranger ? least + 1 : least;
  return Math.max(least, Math.min(safe, people(voices).length));
}

const UNKNOWN =
  "A commit on its branch is of an address that nobody on the roster is known by. It may be that of somebody who approves, so one more person must; or the roster names the address (emails).";

/** Whether those who must have approved a change of a tier did, and who can still. */
export function peoplePart(tier: Tier, voices: Voices, now: Date): PeoplePart {
  const needed = neededFor(tier, voices);
  const found = counting(voices, needed);
  const because = [
    ...found.map(approved),
    ...wordless(voices, needed),
    ...(needed > leastOf(tier) ? [fact(UNKNOWN)] : []),
  ];
  const done = (by: DecidedBy, approvals: readonly Review[], sentence: string): PeoplePart => ({
    reason: speaksFor(sentence, because),
    missing: [],
    waits: NOBODY,
    by,
    approvals: approvals.map(asApproval),
  });
  const solo = tier === "dual" && people(voices).length === 1;
  if (tier === "never")
    return { ...done("auto", [], ""), reason: fact("Whoever approves it, it does not merge.") };
  if (needed === 0) return done(found.length > 0 ? "human" : "auto", found, "It needs nobody's word.");
  if (solo) return soloPart(found, voices, { now, because });
  if (found.length >= needed)
    return done(
      tier === "dual" ? "dual" : "human",
      found,
      `${all(found.map((r) => r.by))} ${deciding(voices.pull.kind) === "answer" ? "answered" : "approved"} it; that is enough.`,
    );
  const left = voters(voices, needed).filter((l) => !found.some((r) => r.by === l));
  return waiting(missingWords(needed - found.length, found, voices.pull.kind), {
    because,
    left,
    from: null,
  });
}

const NOBODY = { people: [], from: null };

function missingWords(short: number, found: readonly Review[], kind: PullKind): string {
  const noun = deciding(kind) === "answer" ? "answer" : "approval of this change";
  if (short > 1) return `it waits for ${short === 2 ? "two" : "three"} people's ${noun}`;
  if (found.length === 0) return `it waits for a person's ${noun}`;
  return `it waits for a ${found.length === 1 ? "second" : "third"} person's ${noun}`;
}

function waiting(
  sentence: string,
  { because, left, from }: { because: Reason[]; left: Login[]; from: Instant | null },
): PeoplePart {
  const who =
    left.length === 0
      ? "Nobody on the roster can give it."
      : `${all(left, "or")} can give it${from === null ? "" : `, from ${from} on`}.`;
  return {
    reason: inTheWay(`${capital(sentence)}.`, [...because, fact(who)]),
    missing: [sentence],
    waits: { people: left, from },
    by: "human",
    approvals: [],
  };
}

/** One founder is enough: a second thought stands for the second person. */
function soloPart(
  found: readonly Review[],
  voices: Voices,
  { now, because }: { now: Date; because: Reason[] },
): PeoplePart {
  const [review] = found;
  const left = people(voices);
  const word = deciding(voices.pull.kind);
  if (review === undefined)
    return waiting(`it waits for ${left[0]} to ${word} it, and to ${word} it again ten minutes later`, {
      because,
      left,
      from: null,
    });
  const { from, done } = secondThought(review, voices);
  if (done === null || Date.parse(done.at) > now.getTime())
    return waiting(`it waits for ${review.by} to ${word} it again, at ${from} or later`, {
      because,
      left,
      from,
    });
  return {
    reason: speaksFor(`${review.by}, the only person there is, approved it twice; that is enough.`, because),
    missing: [],
    waits: NOBODY,
    by: "dual(solo)",
    approvals: [asApproval(done)],
  };
}

const approved = ({ by, at, verdict }: Review): Reason =>
  speaksFor(`${by} ${verdict === "answer" ? "answered" : "approved this very change"} at ${at}.`);
