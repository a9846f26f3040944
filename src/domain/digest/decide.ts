import { latest, openRequests } from "../clearance/approval.ts";
import type { TaskView } from "../board/board.ts";
import type { AgentName, Instant, PullNumber, TaskId } from "../id.ts";
import { addTokens } from "../plan/price.ts";
import type { Pull, PullKind } from "../pull/pull.ts";
import type { Attempt, Question } from "../record.ts";
import { isConflict } from "../pull/review-text.ts";
import { all } from "../reason.ts";
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
  const byPull = viewsByPull(ground);
  return ground.snapshot.pulls
    .flatMap((pull) => {
      const why = whyPerson(pull, byPull.get(pull.number), ground);
      return why === null ? [] : [decidable(pull, why + crossing(pull), ground)];
    })
    .toSorted((a, b) => b.behind.length - a.behind.length || order(a.opened, b.opened) || a.pull - b.pull);
}

const viewsByPull = ({ views }: Ground): Map<PullNumber, TaskView> =>
  new Map(views.flatMap((v) => (v.pull === null ? [] : [[v.pull, v] as const])));

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
  const broken = whyBroken(pull, snapshot);
  if (broken !== null) return broken;
  if (!isApproved(pull, snapshot)) return whyFirst(pull, view, snapshot);
  const word = pull.missing?.word ?? null;
  return word === null ? null : withGates(word, pull);
}

/** What no word on the pull can mend. */
function whyBroken(pull: Pull, { branch }: Ground["snapshot"]): string | null {
  const [fault] = pull.faults ?? [];
  if (fault !== undefined) return fault;
  if (pull.head === null) return "its branch is gone; close it";
  return hasConflict(pull) ? `conflicts with ${branch}` : null;
}

/** The same of a pull that nobody has approved. */
function whyFirst(pull: Pull, view: TaskView | undefined, snapshot: Ground["snapshot"]): string | null {
  if (view !== undefined && view.acts !== PERSON) return null;
  return pull.kind === "question" ? withGates("asks you", pull) : whyReview(pull, snapshot);
}

/** Somebody approved its present head, and nobody asks for anything else. */
const isApproved = (pull: Pull, { fleet: { config } }: Ground["snapshot"]): boolean =>
  stanceOf(pull, config).approvals.length > 0 && openRequests({ pull, config }).length === 0;

/** The gates that do not let a pull pass, with what the first of them says. */
function gatesAgainst({ missing }: Pull): string[] {
  const [first, ...more] = missing?.gates ?? [];
  if (first === undefined) return [];
  const names = [first, ...more].map((g) => g.gate);
  return [`gate${more.length > 0 ? "s" : ""} ${all(names)}: ${first.sentence}`];
}

const withGates = (why: string, pull: Pull): string => [why, ...gatesAgainst(pull)].join("; ");

/** A pull that a person has let in and a gate has not, in whose way nothing else stands: nothing is left to decide. */
export interface Gated {
  pull: Pull;
  view: TaskView | undefined;
  /** Which gates, and what the first of them says. */
  why: string;
}

/** Pulls that people have approved and that a gate keeps from merging. An agent's turn is no matter for people. */
export function gatedNow(ground: Ground): Gated[] {
  const byPull = viewsByPull(ground);
  return ground.snapshot.pulls.flatMap((pull): Gated[] => {
    const view = byPull.get(pull.number);
    const [why] = gatesAgainst(pull);
    const isElsewhere = view !== undefined && ELSEWHERE.has(view.state);
    const isMeant = pull.state === "open" && !isElsewhere && isApproved(pull, ground.snapshot);
    if (why === undefined || !isMeant || whyPerson(pull, view, ground) !== null) return [];
    return [{ pull, view, why }];
  });
}

/** States whose next step is not on the pull, or an agent's. */
const ELSEWHERE: ReadonlySet<TaskState> = new Set(["parked", "changes-requested", "claimed"]);

/** Settle has said so, and nobody else can go on from there. */
const hasConflict = ({ reviews, head, author }: Pull): boolean =>
  reviews.some((r) => r.head === head && r.by === author && isConflict(r));

function whyReview(pull: Pull, { journal }: Ground["snapshot"]): string {
  const asked = latest(pull.reviews).find((r) => r.verdict === "request-changes" && r.by !== pull.author);
  if (asked !== undefined) return `${asked.by} asked for changes, and has not approved since`;
  const against = gatesAgainst(pull);
  if (against.length > 0) return against.join("");
  if (pull.kind === "archive") return "tidies the board";
  const last = journal.records
    .flatMap((r) => r.attempts)
    .findLast((a) => a.proposal?.branch === pull.branch && a.proposal.head === pull.head);
  if (last === undefined) return "somebody pushed to it";
  if (pull.missing !== undefined) return "gates passed";
  const gate = last.verdict?.gates.find((g) => g.ruling !== "pass");
  return gate === undefined ? "waits for a review" : `gate ${gate.gate}: ${gate.sentence}`;
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
