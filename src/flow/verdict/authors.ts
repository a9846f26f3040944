import { authorsOf, type Authors } from "../../domain/clearance/authors.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { Commit } from "../../port/repo.ts";
import { recordedOn } from "../beat/draft.ts";

/**
 * Who besides the fleet put commits on a pull's branch. The fleet's are those that records name; its address on another
 * commit of work is anybody's.
 */
export function authorsIn(snapshot: Snapshot, pull: Pull, commits: readonly Commit[]): Authors {
  const { config } = snapshot.fleet;
  const recorded = new Set(recordedOn(snapshot, pull).map((r) => r.attempt.proposal?.head));
  const own = config.fleet.email.toLowerCase();
  const isOurs = ({ id, author, committer }: Commit): boolean =>
    recorded.has(id) ||
    // What pullbeat proposes besides work is held by gates to what it does by itself.
    (pull.kind !== "work" && [author, committer].every((by) => by.email.toLowerCase() === own));
  return authorsOf(
    commits.filter((c) => !isOurs(c)),
    config,
  );
}
