import type { Attempt, BeatRecord, Question } from "../record.ts";
import { bytesOf } from "../text/text.ts";

/** What the journal takes of one record. */
const RECORD_BYTES = 64 * 1024;

/** The record cut to what the journal takes: long lists lose their ends first, and say so; requests are never cut. */
export function fitRecord(record: BeatRecord): BeatRecord {
  let fitted = record;
  for (let keep = 256; bytesOf(JSON.stringify(fitted, null, 2)) > RECORD_BYTES; keep /= 2) {
    if (keep < 1) return fitted;
    fitted = { ...record, attempts: record.attempts.map((a) => cutAttempt(a, Math.floor(keep))) };
  }
  return fitted;
}

function cutAttempt(attempt: Attempt, keep: number): Attempt {
  const cut = (text: string): string => (text.length > keep * 32 ? `${text.slice(0, keep * 32)} …` : text);
  return {
    ...attempt,
    reason: cut(attempt.reason),
    summary: cut(attempt.summary),
    question: attempt.question && cutQuestion(attempt.question, cut),
    saw: attempt.saw.slice(0, keep),
    wrote: attempt.wrote.slice(0, keep),
    notes: attempt.notes.slice(0, keep).map((n) => ({ ...n, text: cut(n.text) })),
    feedback: attempt.feedback.slice(0, keep).map(cut),
    verdict: attempt.verdict && {
      ...attempt.verdict,
      gates: attempt.verdict.gates.map((g) => ({ ...g, details: g.details.slice(0, keep) })),
    },
  };
}

const cutQuestion = (asked: Question, cut: (text: string) => string): Question => ({
  condition: asked.condition,
  question: cut(asked.question),
  evidence: cut(asked.evidence),
  recommendation: cut(asked.recommendation),
  silence: cut(asked.silence),
});
