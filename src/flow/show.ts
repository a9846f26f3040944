import { boardView } from "../domain/board.ts";
import type { Config } from "../domain/config.ts";
import { held, parked } from "../domain/control.ts";
import type { Sha } from "../domain/id.ts";
import type { Pull, PullKind, Showing } from "../domain/pull.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { showingOf, type Outlook } from "../domain/showing.ts";
import { PERSON } from "../domain/standing.ts";
import { combine, type Verdict } from "../domain/verdict.ts";
import { holdsOn } from "./decide.ts";
import type { Recorded } from "./draft.ts";

/** A pull with what the gates say of its head. */
export interface Judged {
  pull: Pull;
  head: Sha;
  verdict: Verdict;
}

/** What is shown beside a pull for a decision. */
export const showing = (snapshot: Snapshot, judged: Judged, decision: Outlook): Showing =>
  showingOf({
    ...judged,
    decision,
    config: snapshot.fleet.config,
    isPersons: decision.kind === "pending" || isPersons(snapshot, judged),
  });

/**
 * What stands against it is nobody's but a person's to change. A hold is theirs already, and a gate that failed is the
 * agent's, until its unit is parked.
 */
function isPersons(snapshot: Snapshot, { pull, verdict }: Judged): boolean {
  const { journal, fleet, now } = snapshot;
  if (held(journal.controls, pull, now) !== null) return false;
  const { unit, task } = pull;
  const blob = task === null ? undefined : fleet.tasks.get(task)?.blob;
  if (unit !== null && parked(journal.controls, { unit, blob: blob ?? "" }, now) !== null) return true;
  if (verdict.ruling === "fail") return false;
  return (boardView(snapshot).find((v) => v.unit === unit)?.acts ?? PERSON) === PERSON;
}

/** What is shown beside a pull of which nobody has said a word since its head passed the gates. */
export function showingUnsaid(snapshot: Snapshot, judged: Judged): Showing {
  const holds = holdsOn(snapshot, judged.pull);
  return showing(
    snapshot,
    judged,
    holds.length > 0 ? { kind: "blocked", reasons: holds } : unspoken(judged.pull.kind),
  );
}

/** Nobody has said a word yet. How many must, the decision tells once somebody has. */
const unspoken = (kind: PullKind): Outlook => ({
  kind: "pending",
  reasons: [`it waits for a person's ${kind === "question" ? "answer" : "approval of this change"}`],
});

/** What is shown beside a pull from its first moment: nobody can have said anything yet. */
export function firstShowing(config: Config, { attempt }: Recorded): Showing | undefined {
  const { proposal, verdict } = attempt;
  if (proposal === null) return undefined;
  const { kind, head } = proposal;
  return showingOf({
    pull: { kind, reviews: [] },
    head,
    verdict: verdict ?? combine([]),
    decision: unspoken(kind),
    config,
    isPersons: true,
  });
}
