import { cleanLine, cleanText } from "../../domain/text/clean.ts";
import type { Attempt, Question } from "../../domain/record.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import { secretsIn } from "../../gate/secrets.ts";

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

/** Longest words of one kind that a record keeps. */
const MOST = 4000;

/** Words as everybody may read them: nothing in them is alive, nothing hidden, nothing a credential. */
const told = async (text: string, most = MOST): Promise<string> => discreet(cleanText(text, most));

/**
 * An attempt whose free text may go into journal, pull and log: the one door for what an agent, a program or an endpoint
 * said. Gates search the files; this is for the words.
 */
export async function discreetAttempt(attempt: Attempt): Promise<Attempt> {
  return {
    ...attempt,
    reason: await told(attempt.reason),
    summary: await told(attempt.summary),
    proposal: attempt.proposal && {
      ...attempt.proposal,
      title: await discreet(cleanLine(attempt.proposal.title, 200)),
    },
    question: attempt.question && (await discreetQuestion(attempt.question)),
    notes: await Promise.all(attempt.notes.map(async (n) => ({ ...n, text: await told(n.text, 2000) }))),
    feedback: await Promise.all(attempt.feedback.map((line) => told(line))),
    wrote: await Promise.all(attempt.wrote.map(discreet)),
    verdict: attempt.verdict && (await discreetVerdict(attempt.verdict)),
  };
}

/** Gates name paths, and quote what they could not read. */
export async function discreetVerdict({ ruling, gates }: Verdict): Promise<Verdict> {
  const said = gates.map(async (g) => ({
    ...g,
    sentence: await told(g.sentence),
    details: await Promise.all(g.details.map((line) => told(line))),
  }));
  return { ruling, gates: await Promise.all(said) };
}

export const discreetQuestion = async (question: Question): Promise<Question> => ({
  condition: question.condition,
  question: await told(question.question),
  evidence: await told(question.evidence),
  recommendation: await told(question.recommendation),
  silence: await told(question.silence),
});
