import { quote } from "./clean.ts";
import type { BeatRecord, Question } from "./record.ts";
import { ageMs } from "./schedule.ts";
import type { Spec } from "./spec.ts";

const MOST = 4000;

/** The task's text with the agent's question below it, quoted: in a file that others read, it must not pass for an answer. */
export function withQuestion(text: string, question: Question): string {
  const part = (title: string, words: string): string[] =>
    words.trim() === "" ? [] : [`**${title}**`, "", ...quote(words, MOST), ""];
  const section = [
    "## Question",
    "",
    `*${question.condition}*`,
    "",
    ...quote(question.question, MOST),
    "",
    ...part("Evidence:", question.evidence),
    ...part("Recommendation:", question.recommendation),
    ...part("If nobody answers:", question.silence),
  ];
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.trimEnd()}${ending}${ending}${section.join(ending).trimEnd()}${ending}`;
}

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
