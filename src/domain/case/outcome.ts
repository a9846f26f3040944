import type { TextChange } from "../change.ts";
import { problems, type Verdict } from "../verdict/verdict.ts";
import type { Case } from "./case.ts";

/** What a case comes to when its replies are played and today's gates judge what they make. No model is asked. */
export type Outcome =
  /** A gate refuses it, as it must; `anew`: none did when the case was added. */
  | { kind: "caught"; by: string[]; says: string[]; anew: boolean }
  /** Gates refused it once, and all let it pass today. */
  | { kind: "escaped"; was: string[] }
  /** No gate ever refused it: a person did. */
  | { kind: "open" }
  /** What was right is let through. */
  | { kind: "kept" }
  /** What was right is refused. */
  | { kind: "refused"; by: string[]; says: string[] }
  /** Nobody can tell, which is no pass. */
  | { kind: "untold"; why: string };

/** Something that a person must look at. What no gate ever caught is known, and no news. */
export const isFinding = ({ kind }: Outcome): boolean =>
  kind === "escaped" || kind === "refused" || kind === "untold";

const failing = ({ gates }: Verdict): string[] => gates.filter((g) => g.ruling === "fail").map((g) => g.gate);

/** What today's verdict on a case's proposal means. */
export function outcomeOf(file: Case, verdict: Verdict): Outcome {
  const by = failing(verdict);
  if (verdict.ruling === "inconclusive") return untold(verdict);
  if (file.kind === "good")
    return verdict.ruling === "pass" ? { kind: "kept" } : { kind: "refused", by, says: problems(verdict) };
  if (verdict.ruling === "fail")
    return { kind: "caught", by, says: problems(verdict), anew: file.caught_by.length === 0 };
  return file.caught_by.length === 0 ? { kind: "open" } : { kind: "escaped", was: file.caught_by };
}

function untold({ gates }: Verdict): Outcome {
  const first = gates.find((g) => g.ruling === "inconclusive");
  return { kind: "untold", why: first === undefined ? "no gate ran" : `${first.gate}: ${first.sentence}` };
}

/** Words that a proposal says in some file that it makes or changes. */
export const saysIn = (changes: readonly TextChange[], words: readonly string[]): string[] =>
  words.filter((text) => changes.some((c) => c.after?.includes(text) === true));
