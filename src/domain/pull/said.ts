import { taskOf, type AgentName, type PullNumber, type TaskId } from "../id.ts";
import type { Try } from "../plan/plan.ts";
import type { Pull, Review } from "./pull.ts";
import type { Control } from "../record.ts";
import type { Snapshot } from "../snapshot.ts";
import { stanceOf } from "./stance.ts";
import { problems } from "../verdict/verdict.ts";

/** What a person said of an agent's work, with where they said it. */
export interface Said {
  /** The pull, or null for words with a control. */
  pull: number | null;
  task: TaskId | null;
  by: string;
  at: string;
  text: string;
}

/** So many words of people a prompt carries, each of so many characters. */
const MOST = 5;
const LONGEST = 1500;

/**
 * The newest words of people on an agent's pulls, newest first: on open ones, on those that ended, and as they closed one.
 * `ended`: what the journal keeps of pulls that ended lately.
 */
export function peopleSaid(
  snapshot: Pick<Snapshot, "fleet" | "pulls" | "journal">,
  agent: AgentName,
  ended: readonly Discussed[] = [],
): Said[] {
  const people = new Set<string>(snapshot.fleet.config.roster.map((p) => p.login));
  const reviews = [...snapshot.pulls, ...ended]
    .filter((p) => p.agent === agent)
    .flatMap((p) =>
      p.reviews.filter((r) => people.has(r.by) && r.body.trim() !== "").map((r) => fromReview(p, r)),
    );
  const closes = closesOf(snapshot, agent)
    .filter((c) => people.has(c.who) && c.why.trim() !== "")
    .map((c): Said => ({ pull: c.pull, task: taskIn(c), by: c.who, at: c.at, text: c.why }));
  return [...reviews, ...closes]
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, MOST)
    .map((said) => ({ ...said, text: shortened(said.text) }));
}

const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, "")}…`;

const taskIn = ({ target }: Control): TaskId | null => (target.kind === "unit" ? taskOf(target.unit) : null);

/** How people closed an agent's pulls, oldest first. */
function closesOf({ fleet, journal }: Pick<Snapshot, "fleet" | "journal">, agent: AgentName): Control[] {
  return journal.controls.filter((c) => {
    const task = c.verb === "close" ? taskIn(c) : null;
    return task !== null && fleet.tasks.get(task)?.task.agent === agent;
  });
}

/** Pulls of an agent that ended last, newest first: where people may have said something that no snapshot holds. */
export function lastEnded(
  snapshot: Pick<Snapshot, "fleet" | "pulls" | "journal">,
  agent: AgentName,
): PullNumber[] {
  const merged = snapshot.journal.merges.filter((m) => m.agent === agent).map((m) => m.pull);
  const closed = closesOf(snapshot, agent).flatMap((c) => c.pull ?? []);
  const open = new Set(snapshot.pulls.map((p) => p.number));
  const ended = [...new Set([...merged, ...closed])].filter((number) => !open.has(number));
  return ended.toSorted((a, b) => b - a).slice(0, MOST);
}

/** What of a pull people's words stand in. */
export type Discussed = Pick<Pull, "agent" | "number" | "task" | "reviews">;

const fromReview = (pull: Discussed, review: Review): Said => ({
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
