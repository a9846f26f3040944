import { boardView } from "../domain/board/board.ts";
import { held, parked } from "../domain/control/control.ts";
import { requiredGates } from "../domain/verdict/gates.ts";
import type { Sha } from "../domain/id.ts";
import type { Pull, PullKind, Showing } from "../domain/pull/pull.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { showingOf, type Outlook } from "../domain/pull/showing.ts";
import { PERSON } from "../domain/board/standing.ts";
import { combine, type Verdict } from "../domain/verdict/verdict.ts";
import { holdsOn } from "./verdict/decide.ts";
import type { Recorded } from "./beat/draft.ts";

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

/** What is shown beside a pull from its first moment: nobody can have said anything yet, and neither can a gate that judges elsewhere. */
export function firstShowing(fleet: Fleet, { record, attempt }: Recorded): Showing | undefined {
  const { proposal, verdict } = attempt;
  if (proposal === null) return undefined;
  const { kind, head } = proposal;
  const silent = kind === "work" ? unheard(fleet, { record, attempt }) : [];
  const reasons = silent.map((name) => `${name} has not judged it yet`);
  return showingOf({
    pull: { kind, reviews: [] },
    head,
    verdict: verdict ?? combine([]),
    decision: silent.length > 0 ? { kind: "blocked", reasons } : unspoken(kind),
    config: fleet.config,
    isPersons: silent.length === 0,
  });
}

/** Gates that config or spec ask for and that have not spoken: until they have, nothing on the forge is green. */
function unheard({ agents, tasks, config }: Fleet, { record, attempt }: Recorded): string[] {
  const spoke = new Set(attempt.verdict?.gates.map((g) => g.gate));
  const asked = requiredGates(config, {
    taskKind: tasks.get(attempt.task)?.task.kind ?? null,
    paths: attempt.wrote,
    spec: agents.get(record.agent)?.spec.gates ?? [],
  });
  return asked.filter((name) => !spoke.has(name));
}
