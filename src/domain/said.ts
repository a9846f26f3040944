import { taskOf, type AgentName, type TaskId } from "./id.ts";
import type { Try } from "./plan.ts";
import type { Pull, Review } from "./pull.ts";
import type { Snapshot } from "./snapshot.ts";
import { stanceOf } from "./stance.ts";
import { problems } from "./verdict.ts";

/** What a person said of an agent's work, with where they said it. */
export interface Said {
  /** The pull, or null for words with a control. */
  pull: number | null;
  task: TaskId | null;
  by: string;
  at: string;
  text: string;
}

const MOST = 5;

/** The newest words of people on an agent's pulls: open ones, and those that were closed. Newest last. */
export function peopleSaid(snapshot: Snapshot, agent: AgentName): Said[] {
  const people = new Set<string>(snapshot.fleet.config.roster.map((p) => p.login));
  const reviews = snapshot.pulls
    .filter((p) => p.agent === agent)
    .flatMap((p) =>
      p.reviews.filter((r) => people.has(r.by) && r.body.trim() !== "").map((r) => fromReview(p, r)),
    );
  const closes = snapshot.journal.controls.flatMap((c): Said[] => {
    if (c.verb !== "close" || c.target.kind !== "unit" || !people.has(c.who) || c.why.trim() === "")
      return [];
    const task = snapshot.fleet.tasks.get(taskOf(c.target.unit));
    if (task?.task.agent !== agent) return [];
    return [{ pull: c.pull, task: task.task.id, by: c.who, at: c.at, text: c.why }];
  });
  return [...reviews, ...closes].toSorted((a, b) => (a.at < b.at ? -1 : 1)).slice(-MOST);
}

const fromReview = (pull: Pull, review: Review): Said => ({
  pull: pull.number,
  task: pull.task,
  by: review.by,
  at: review.at,
  text: review.body,
});

/** The sentences that started a further round: requests for changes on the present head, and gates that failed there. */
export function roundReasons(snapshot: Snapshot, planned: Try): string[] {
  if (planned.why !== "changes") return [];
  const pull = snapshot.pulls.find((p) => p.branch === planned.branch);
  if (pull === undefined) return [];
  const reviews = stanceOf(pull, snapshot.fleet.config)
    .refusals.filter((r) => r.body.trim() !== "")
    .slice(-MOST)
    .map((r) => `${r.by}: ${r.body}`);
  const last = snapshot.journal.records
    .flatMap((r) => r.attempts)
    .findLast((a) => a.proposal?.branch === planned.branch);
  const gates = last?.verdict === undefined || last.verdict === null ? [] : problems(last.verdict);
  return [...reviews, ...gates];
}
