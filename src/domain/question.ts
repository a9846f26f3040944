import { cleanText } from "./clean.ts";
import type { Question } from "./record.ts";

const MOST = 4000;

/** The task's text with the agent's question below it. What the agent wrote is cleaned: it becomes part of a file that others read. */
export function withQuestion(text: string, question: Question): string {
  const part = (title: string, words: string): string[] =>
    words.trim() === "" ? [] : [`**${title}** ${cleanText(words, MOST).trim()}`, ""];
  const section = [
    "## Question",
    "",
    `*${question.condition}*`,
    "",
    cleanText(question.question, MOST).trim(),
    "",
    ...part("Evidence:", question.evidence),
    ...part("Recommendation:", question.recommendation),
    ...part("If nobody answers:", question.silence),
  ];
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.trimEnd()}${ending}${ending}${section.join(ending).trimEnd()}${ending}`;
}
