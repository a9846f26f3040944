import { latest } from "../clearance/approval.ts";
import type { TaskView } from "../board/board.ts";
import type { AgentName, Instant, PullNumber, TaskId } from "../id.ts";
import { addTokens } from "../plan/price.ts";
import type { Pull, PullKind } from "../pull/pull.ts";
import type { Attempt, Question } from "../record.ts";
import { isConflict } from "../pull/review-text.ts";
import { stanceOf } from "../pull/stance.ts";
import { PERSON, type TaskState } from "../board/standing.ts";
import type { Ground } from "./ground.ts";

/** A pull or a question that waits for a person. */
export interface Decidable {
  pull: PullNumber;
  kind: PullKind;
  title: string;
  agent: AgentName | null;
  task: TaskId | null;
  /** Why it needs a person. */
  why: string;
  opened: Instant;
  /** Tasks that can go on only after it. */
  behind: TaskId[];
  /** In and out together, over all its attempts. */
  tokens: number;
  /** Null when the price of an attempt is not known. */
  usd: number | null;
  scripted: boolean;
  question: Pick<Question, "question" | "recommendation" | "silence"> | null;
  /** What to type. */
  command: string;
}

/** What waits for a person: what holds up most first, then the oldest. */
export function decideNow(ground: Ground): Decidable[] {
  const { snapshot, views } = ground;
  const byPull = new Map(views.flatMap((v) => (v.pull === null ? [] : [[v.pull, v] as const])));
  return snapshot.pulls
    .flatMap((pull) => {
      const why = whyPerson(pull, byPull.get(pull.number), ground);
      return why === null ? [] : [decidable(pull, why + crossing(pull), ground)];
    })
    .toSorted((a, b) => b.behind.length - a.behind.length || order(a.opened, b.opened) || a.pull - b.pull);
}

/** Whoever approves one of two that conflict, or act on one target, decides about both. */
const crossing = ({ conflicts = [], acts = [] }: Pull): string =>
  told("conflicts with", conflicts) + told("acts on the same target as", acts);

function told(what: string, pulls: readonly PullNumber[]): string {
  if (pulls.length === 0) return "";
  const more = pulls.length > NAMED ? ` and ${pulls.length - NAMED} more` : "";
  return `; ${what} pull ${pulls.slice(0, NAMED).join(", ")}${more}`;
}

/** Pulls that are named before the rest is counted. */
const NAMED = 3;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Null when it is somebody else's turn. A parked pull is told among what is stuck. */
function whyPerson(pull: Pull, view: TaskView | undefined, { snapshot }: Ground): string | null {
  if (pull.state !== "open" || (view !== undefined && ELSEWHERE.has(view.state))) return null;
  const broken = pull.faults?.[0] ?? (pull.head === null ? "its branch is gone; close it" : null);
  if (broken !== null) return broken;
  if (hasConflict(pull)) return `conflicts with ${snapshot.branch}`;
  if (view !== undefined && view.acts !== PERSON) return null;
  return pull.kind === "question" ? "asks you" : whyReview(pull, snapshot);
}

/** States whose next step is not on the pull, or an agent's. */
const ELSEWHERE: ReadonlySet<TaskState> = new Set(["parked", "changes-requested", "claimed"]);

/** Settle has said so, and nobody else can go on from there. */
const hasConflict = ({ reviews, head, author }: Pull): boolean =>
  reviews.some((r) => r.head === head && r.by === author && isConflict(r));

function whyReview(pull: Pull, { fleet, journal }: Ground["snapshot"]): string | null {
  const asked = latest(pull.reviews).find((r) => r.verdict === "request-changes" && r.by !== pull.author);
  if (asked !== undefined) return `${asked.by} asked for changes, and has not approved since`;
  const { approvals } = stanceOf(pull, fleet.config);
  if (approvals.length > 0) return null;
  if (pull.kind === "archive") return "tidies the board";
  const last = journal.records
    .flatMap((r) => r.attempts)
    .findLast((a) => a.proposal?.branch === pull.branch && a.proposal.head === pull.head);
  if (last === undefined) return "somebody pushed to it";
  const gate = last.verdict?.gates.find((g) => g.ruling !== "pass");
  return gate === undefined ? "gates passed" : `gate ${gate.gate}: ${gate.sentence}`;
}

function decidable(pull: Pull, why: string, ground: Ground): Decidable {
  const attempts = ground.snapshot.journal.records
    .flatMap((r) => r.attempts)
    .filter((a) => a.proposal?.branch === pull.branch);
  const question = pull.kind === "question" ? (attempts.at(-1)?.question ?? null) : null;
  const { number, kind, title, agent, task, created } = pull;
  return {
    pull: number,
    kind,
    title,
    agent,
    task,
    why,
    opened: created,
    behind: waitingBehind(task, number, ground.views),
    ...costOf(attempts),
    question: question && {
      question: question.question,
      recommendation: question.recommendation,
      silence: question.silence,
    },
    command: kind === "question" ? `pullbeat pull answer ${number} "…"` : `pullbeat pull show ${number}`,
  };
}

function costOf(attempts: readonly Attempt[]): Pick<Decidable, "tokens" | "usd" | "scripted"> {
  const { input, output } = attempts
    .map((a) => a.spent.tokens)
    .reduce(addTokens, { input: 0, cached: 0, output: 0 });
  const prices = attempts.map((a) => a.spent.usd);
  return {
    tokens: input + output,
    usd: prices.every((u) => u !== null) ? prices.reduce((a, b) => a + b, 0) : null,
    scripted: attempts.some((a) => a.engine.scripted),
  };
}

/** Tasks that need this one, and those that need them; and occurrences that wait for this pull. */
function waitingBehind(task: TaskId | null, pull: PullNumber, views: readonly TaskView[]): TaskId[] {
  const blocked = views.filter((v) => v.state === "blocked");
  const found = new Set(blocked.filter((v) => v.pull === pull).map((v) => v.task));
  const next: TaskId[] = [...found, ...(task === null ? [] : [task])];
  for (let id = next.pop(); id !== undefined; id = next.pop())
    for (const view of blocked)
      if (view.needs.includes(id) && !found.has(view.task)) {
        found.add(view.task);
        next.push(view.task);
      }
  if (task !== null) found.delete(task);
  return [...found].toSorted();
}
