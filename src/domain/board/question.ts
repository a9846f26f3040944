import { withoutAnswers } from "./answer.ts";
import { quote } from "../text/clean.ts";
import type { TaskId, Unit } from "../id.ts";
import type { Pull } from "../pull/pull.ts";
import type { BeatRecord, Question } from "../record.ts";
import { ageMs } from "../time/schedule.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Spec } from "../spec.ts";

const MOST = 4000;

/** The task's text with the agent's question below it, quoted: in a file that others read, it must not pass for an answer. */
export function withQuestion(text: string, question: Question): string {
  const part = (title: string, words: string): string[] =>
    words.trim() === "" ? [] : [`**${title}**`, "", ...quote(withoutAnswers(words), MOST), ""];
  const section = [
    "## Question",
    "",
    `*${question.condition}*`,
    "",
    ...quote(withoutAnswers(question.question), MOST),
    "",
    ...part("Evidence:", question.evidence),
    ...part("Recommendation:", question.recommendation),
    ...part("If nobody answers:", question.silence),
  ];
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.trimEnd()}${ending}${ending}${section.join(ending).trimEnd()}${ending}`;
}

/** Who wants to ask, on what, under which condition. */
export interface Asking {
  spec: Pick<Spec, "name" | "escalates">;
  unit: Unit;
  task: TaskId;
  condition: string;
}

/** Why a question may not be asked; `failure` is the code of an attempt that asks it all the same. */
export interface Barred {
  failure: string;
  reason: string;
}

/** What is known of earlier questions. */
type Known = Pick<Snapshot, "now"> & {
  pulls: readonly Pick<Pull, "kind" | "task" | "branch" | "number">[];
  journal: { records: readonly BeatRecord[] };
};

/**
 * Why an agent may not ask under a condition: its spec does not list it, the same question waits or was asked on this
 * unit before, or its `max` is reached. Null when it may.
 */
export function barred(asking: Asking, known: Known): Barred | null {
  const { spec, condition } = asking;
  const bar = (code: string, reason: string): Barred => ({ failure: `${code}/${condition}`, reason });
  if (!spec.escalates.some((e) => e.id === condition))
    return bar("asked-unlisted", "its role lists no such condition");
  const open = openQuestion(asking, known);
  if (open !== null)
    return bar("asked-again", `pull ${open} asks under ${condition} already, and waits for its answer`);
  if (isAsked(asking, known)) return bar("asked-again", "it asked the same question once more");
  const often = tooOften(spec, { condition, records: known.journal.records, now: known.now });
  return often === null ? null : bar("asked-too-often", often);
}

/** The open pull that asks on the same task, of a duty also on another occurrence, under the same condition. */
function openQuestion({ task, condition }: Asking, { pulls, journal }: Known): number | null {
  const asked = new Map(
    journal.records.flatMap((r) =>
      r.attempts.map((a) => [a.proposal?.branch, a.question?.condition] as const),
    ),
  );
  const open = pulls.find(
    (p) => p.kind === "question" && p.task === task && asked.get(p.branch) === condition,
  );
  return open?.number ?? null;
}

const isAsked = ({ unit, condition }: Asking, { journal }: Known): boolean =>
  journal.records.some((r) =>
    r.attempts.some((a) => a.unit === unit && a.question?.condition === condition && a.proposal !== null),
  );

/** Why an agent may not ask under a condition once more: its spec's `max`, counted over the last day or week. Null when it may. */
export function tooOften(
  { name, escalates }: Pick<Spec, "name" | "escalates">,
  { condition, records, now }: { condition: string; records: readonly BeatRecord[]; now: Date },
): string | null {
  const max = escalates.find((e) => e.id === condition)?.max;
  if (max === undefined) return null;
  const [most, span] = max.split("/");
  const since = now.getTime() - ageMs(span === "day" ? "1d" : "7d");
  const times = records
    .filter((r) => r.agent === name && Date.parse(r.ended) > since)
    .flatMap((r) => r.attempts.filter((a) => a.outcome === "asked" && a.question?.condition === condition));
  if (times.length < Number(most)) return null;
  return `it asked ${times.length} times under ${condition} in the last ${span}, and ${max} is the most`;
}
