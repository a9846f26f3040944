import type { BeatRecord } from "../record.ts";
import type { Spec } from "../spec.ts";

/** How often an agent asks, of its attempts in the last four weeks. */
export interface AskingRate {
  questions: number;
  attempts: number;
  /** `often`: what it asks is work for people; `never`: it may ask, and goes on whatever it meets. */
  rate: "fine" | "often" | "never";
}

const DAYS = 28;
/** Questions that are many when they are more than a third of the attempts; and attempts after which none at all is odd. */
const MANY = 3;
const LONG = 15;

/** Null for an agent that may not ask. Attempts that failed asked nobody, and count. */
export function askingRate(
  { name, escalates }: Pick<Spec, "name" | "escalates">,
  { records, now }: { records: readonly BeatRecord[]; now: Date },
): AskingRate | null {
  if (escalates.length === 0) return null;
  const since = now.getTime() - DAYS * 86_400_000;
  const attempts = records
    .filter((r) => r.agent === name && Date.parse(r.ended) > since)
    .flatMap((r) => r.attempts);
  const questions = attempts.filter((a) => a.outcome === "asked").length;
  return { questions, attempts: attempts.length, rate: rateOf(questions, attempts.length) };
}

function rateOf(questions: number, attempts: number): AskingRate["rate"] {
  if (questions >= MANY && questions * 3 > attempts) return "often";
  return questions === 0 && attempts >= LONG ? "never" : "fine";
}
