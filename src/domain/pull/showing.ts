import { peopleOf } from "../clearance/approval.ts";
import { cleanLine } from "../text/clean.ts";
import type { Config } from "../config.ts";
import type { Login, Sha } from "../id.ts";
import type { Pull, Showing } from "./pull.ts";
import { verdictLines } from "./review-text.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** As much of a decision as people are shown. */
export type Outlook =
  | { kind: "merge" }
  | { kind: "pending"; reasons: readonly string[]; waits?: { people: readonly Login[] } }
  | { kind: "blocked"; reasons: readonly string[] };

/** What a showing is worked out from. */
export interface Shown {
  pull: Pick<Pull, "kind" | "reviews">;
  head: Sha;
  verdict: Verdict;
  decision: Outlook;
  config: Pick<Config, "roster" | "fleet">;
  /** Nobody but a person will act on what stands against it. */
  isPersons: boolean;
}

/** How a pull stands, for people who look at it on the forge. The same facts make the same words. */
export function showingOf({ pull, head, verdict, decision, config, isPersons }: Shown): Showing {
  const standing = standingOf(decision, verdict);
  const turn = isPersons && decision.kind !== "merge";
  const asked = decision.kind === "pending" ? decision.waits?.people : undefined;
  const people = turn ? (asked ?? peopleOf(config)).filter((p) => !hasSpoken(p, { pull, head })) : [];
  const title = titleOf(pull, { decision, verdict });
  const reasons = decision.kind === "merge" ? [] : decision.reasons.map((r) => `- ${cleanLine(r, 300)}`);
  const text = [...reasons, ...(reasons.length > 0 ? [""] : []), ...verdictLines(verdict)].join("\n");
  return { head, standing, title, text: `${text}\n`, turn, people };
}

/** Whose review of this very head is there already is not asked for it again. */
const hasSpoken = (person: Login, { pull, head }: Pick<Shown, "pull" | "head">): boolean =>
  pull.reviews.some((r) => r.by === person && r.head === head && r.verdict !== "comment");

/** A gate that failed, erred or did not run is never a pass, and neither is anything else that stands in the way. */
function standingOf(decision: Outlook, { ruling }: Verdict): Showing["standing"] {
  if (ruling === "fail") return "fail";
  return ruling === "pass" && decision.kind !== "blocked" ? "pass" : "wait";
}

const TURNS = {
  work: "your turn: approve it, ask for changes, or close it",
  archive: "your turn: approve it, or close it",
  digest: "your turn: approve it, or close it",
  question: "your turn: answer it in a review",
} as const;

function titleOf(
  { kind }: Pick<Pull, "kind">,
  { decision, verdict }: Pick<Shown, "decision" | "verdict">,
): string {
  switch (decision.kind) {
    case "merge":
      return "approved: pullbeat merges it";
    case "pending":
      return verdict.ruling === "pass" ? TURNS[kind] : "a gate could not tell: look for yourself";
    case "blocked":
      return verdict.ruling === "fail"
        ? `a gate failed: ${failed(verdict)}`
        : cleanLine(decision.reasons[0] ?? "something stands against it", 120);
    default:
      return decision satisfies never;
  }
}

const failed = ({ gates }: Verdict): string =>
  gates.flatMap((g) => (g.ruling === "fail" ? [g.gate] : [])).join(", ");

/** The same when the forge itself says no to what pullbeat would merge: nobody's review changes that. */
export const refusedShowing = (showing: Showing, why: string): Showing => ({
  ...showing,
  title: cleanLine(`the forge does not merge it: ${why}`, 120),
  text: `- the forge does not merge it: ${cleanLine(why, 300)}\n\n${showing.text}`,
  turn: true,
});
