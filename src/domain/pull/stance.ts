import { latest } from "../clearance/approval.ts";
import type { Config } from "../config.ts";
import type { Pull, Review } from "./pull.ts";

/** What stands on a pull's present head. What was said of another head is history. */
export interface Stance {
  /** Requests for changes by people of the roster, or by pullbeat itself (a fleet account, or the pull's author). */
  refusals: Review[];
  /** Approvals by people of the roster who are not the fleet's. */
  approvals: Review[];
}

/** Account names do not differ by case. */
const fold = (login: string): string => login.toLowerCase();

/**
 * Each account's latest word on the head. A person's comment takes nothing back; a later comment of the fleet's own is
 * the gates' newer ruling, and does. The words of strangers do not count.
 */
export function stanceOf(pull: Pull, config: Config): Stance {
  const fleet = new Set([...config.fleet.accounts, pull.author].map(fold));
  const people = new Set(config.roster.map((p) => fold(p.login)));
  const here = pull.reviews.filter((r) => r.head === pull.head && r.verdict !== "answer");
  const said = latest(here);
  const ours = (r: Review): boolean => fleet.has(fold(r.by));
  const takenBack = (r: Review): boolean =>
    ours(r) && here.findLast((h) => h.by === r.by)?.verdict === "comment";
  const persons = (r: Review): boolean => people.has(fold(r.by));
  return {
    refusals: said.filter((r) => r.verdict === "request-changes" && (persons(r) || ours(r)) && !takenBack(r)),
    approvals: said.filter((r) => r.verdict === "approve" && persons(r) && !ours(r)),
  };
}
