import type { Attempt, Question } from "../domain/record.ts";
import type { Verdict } from "../domain/verdict.ts";
import { secretsIn } from "../gate/secrets.ts";

/** Texts longer than this are searched for credentials in pieces. */
const PIECE = 400_000;
/** What two pieces share: no credential is longer. */
const OVERLAP = 4_000;

/** Words without the lines that hold what looks like a credential; each of those is withheld whole, by its kind. */
export async function discreet(text: string): Promise<string> {
  const found = new Map((await secretsIn("words.txt", text)).map((s) => [s.line, s.kind]));
  if (found.size === 0) return text;
  return text
    .split("\n")
    .map((line, i) => (found.has(i + 1) ? `[withheld: looks like a credential (${found.get(i + 1)})]` : line))
    .join("\n");
}

/** True when a text holds what looks like a credential. Line breaks inside JSON strings count as line breaks. */
export async function holdsSecret(text: string): Promise<boolean> {
  for (let from = 0; from < text.length; from += PIECE - OVERLAP) {
    const piece = text.slice(from, from + PIECE).replaceAll("\\n", "\n");
    if ((await secretsIn("words.txt", piece)).length > 0) return true;
  }
  return false;
}

/** An attempt whose free text may go into journal, pull and log. Gates search the files; this is for the words. */
export async function discreetAttempt(attempt: Attempt): Promise<Attempt> {
  return {
    ...attempt,
    reason: await discreet(attempt.reason),
    summary: await discreet(attempt.summary),
    question: attempt.question && (await discreetQuestion(attempt.question)),
    notes: await Promise.all(attempt.notes.map(async (n) => ({ ...n, text: await discreet(n.text) }))),
    feedback: await Promise.all(attempt.feedback.map(discreet)),
    wrote: await Promise.all(attempt.wrote.map(discreet)),
    verdict: attempt.verdict && (await discreetVerdict(attempt.verdict)),
  };
}

/** Gates name paths, and quote what they could not read. */
export async function discreetVerdict({ ruling, gates }: Verdict): Promise<Verdict> {
  const told = gates.map(async (g) => ({
    ...g,
    sentence: await discreet(g.sentence),
    details: await Promise.all(g.details.map(discreet)),
  }));
  return { ruling, gates: await Promise.all(told) };
}

export const discreetQuestion = async (question: Question): Promise<Question> => ({
  condition: question.condition,
  question: await discreet(question.question),
  evidence: await discreet(question.evidence),
  recommendation: await discreet(question.recommendation),
  silence: await discreet(question.silence),
});
