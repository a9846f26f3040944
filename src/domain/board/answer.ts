import { cleanText, visible } from "../text/clean.ts";
import type { Review } from "../pull/pull.ts";

const MOST = 8000;

/** How many answers a task's text holds. */
export const answersIn = (text: string): number => text.match(/^## Answer\s*$/gm)?.length ?? 0;

/** The task's text with people's answers below the question. Line endings stay as they are in the file. */
export function withAnswers(text: string, answers: readonly Pick<Review, "by" | "at" | "body">[]): string {
  const sections = answers.flatMap(({ by, at, body }) => [
    "## Answer",
    "",
    ...cleanText(body, MOST).split("\n"),
    "",
    `${by}, ${at.slice(0, 10)}`,
    "",
  ]);
  const ending = text.includes("\r\n") ? "\r\n" : "\n";
  return `${text.trimEnd()}${ending}${ending}${sections.join(ending).trimEnd()}${ending}`;
}

/** A heading with marks before its words, or under a line of them. */
const HEADING = /^[ \t>]*#{1,6}(?=[ \t]|$)/;
const UNDERLINE = /^[ \t>]*(?:=+|-+)[ \t]*$/;

/** What a line says, letters of other alphabets and unseen characters apart. */
const plain = (line: string): string => visible(line).normalize("NFKC");

/** True when a person or a model would take the line for the heading of an answer. */
function headsAnswer(line: string, next: string): boolean {
  const words = plain(line);
  if (HEADING.test(words)) return /^[^\p{L}\p{N}]*answers?\b/iu.test(words);
  return UNDERLINE.test(next) && /^[ \t>*_]*answers?[ \t*_:]*$/i.test(words);
}

/** The parts of a task's text that stand under such a heading, each up to the next heading. Only people's words may. */
export function answerParts(text: string): string[] {
  const parts: string[] = [];
  const lines = text.split(/\r?\n/);
  let isOpen = false;
  for (const [i, line] of lines.entries()) {
    if (headsAnswer(line, lines[i + 1] ?? "")) {
      isOpen = true;
      parts.push("");
    } else if (HEADING.test(plain(line))) isOpen = false;
    if (isOpen) parts.push(`${parts.pop()}${line}\n`);
  }
  return parts.map((part) => part.trim());
}

/** True when a text says in people's name what the text before it does not say, or leaves out what they said. */
export const forgesAnswer = (before: string, after: string): boolean =>
  JSON.stringify(answerParts(before)) !== JSON.stringify(answerParts(after));

/** An agent's text in which nothing looks like the heading of an answer. */
export const withoutAnswers = (text: string): string => {
  const lines = text.split("\n");
  return lines
    .map((line, i) => (headsAnswer(line, lines[i + 1] ?? "") ? `· ${line.trim()}` : line))
    .join("\n");
};
