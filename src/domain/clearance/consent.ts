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

/** Whether those who must have approved a change of a tier did, and who can still. */
export function peoplePart(tier: Tier, voices: Voices, now: Date): PeoplePart {
  const needed = tier === "dual" ? 2 : tier === "human" ? 1 : 0;
  const found = counting(voices, needed);
  const because = [...found.map(approved), ...wordless(voices, needed)];
  const done = (by: DecidedBy, approvals: readonly Review[], sentence: string): PeoplePart => ({
    reason: speaksFor(sentence, because),
    missing: [],
    waits: NOBODY,
    by,
    approvals: approvals.map(asApproval),
  });
  const solo = needed === 2 && people(voices).length === 1;
  if (tier === "never")
    return { ...done("auto", [], ""), reason: fact("Whoever approves it, it does not merge.") };
  if (needed === 0) return done(found.length > 0 ? "human" : "auto", found, "It needs nobody's word.");
  if (solo) return soloPart(found, voices, { now, because });
  if (found.length >= needed)
    return done(
      needed === 2 ? "dual" : "human",
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
  if (short === 1 && found.length > 0) return `it waits for a second person's ${noun}`;
  return short === 1 ? `it waits for a person's ${noun}` : `it waits for two people's ${noun}`;
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
