import { cleanText } from "./clean.ts";
import type { Review } from "./pull.ts";

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
