import type { TaskView } from "../board/board.ts";
import type { Facts } from "../plan/facts.ts";
import type { AgentName, Instant } from "../id.ts";
import type { Attempt, BeatRecord, Merge } from "../record.ts";
import type { Snapshot } from "../snapshot.ts";

/** What the parts of a digest are made from. */
export interface Ground {
  snapshot: Snapshot;
  facts: Facts;
  views: readonly TaskView[];
  at: Instant;
  since: Instant;
  /** Records and merges that no digest has told of. */
  records: readonly BeatRecord[];
  merges: readonly Merge[];
}

/** An attempt with its agent, since an attempt does not know it. */
export interface Made {
  agent: AgentName;
  attempt: Attempt;
}

export const attemptsOf = (records: readonly BeatRecord[]): Made[] =>
  records.flatMap(({ agent, attempts }) => attempts.map((attempt) => ({ agent, attempt })));
