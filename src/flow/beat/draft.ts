import { readBranch, type Pull, type PullDraft } from "../../domain/pull/pull.ts";
import { questionPull, workPull } from "../../domain/pull/pull-text.ts";
import { recordPath, type Attempt, type BeatRecord } from "../../domain/record.ts";
import type { Fleet, Snapshot } from "../../domain/snapshot.ts";
import { withTexts } from "../verdict/collect.ts";
import type { World } from "../world.ts";

/** An attempt with the record that holds it. */
export interface Recorded {
  attempt: Attempt;
  record: BeatRecord;
}

/** The attempts that made a pull, oldest first. */
export const recordedOn = (
  { journal }: Pick<Snapshot, "journal">,
  { branch }: Pick<Pull, "branch">,
): Recorded[] =>
  journal.records.flatMap((record) =>
    record.attempts.filter((a) => a.proposal?.branch === branch).map((attempt) => ({ attempt, record })),
  );

/** The pull that an attempt's proposal asks for; null when it proposes nothing, or its task is gone from the board. */
export async function draftFor(
  world: World,
  fleet: Fleet,
  { attempt, record }: Recorded,
): Promise<PullDraft | null> {
  const { proposal } = attempt;
  const task = fleet.tasks.get(attempt.task);
  if (proposal === null || task === undefined) return null;
  const { base, head } = proposal;
  const [raw = []] = await world.repo.diffs([{ from: base, to: head }]);
  const changes = await withTexts(world.repo, raw);
  const { landed, proofsOf } = await import("../verdict/links.ts");
  const pinned = { base, head, changes };
  const facts = {
    agent: record.agent,
    task,
    attempt,
    changes,
    proofs: await proofsOf(world, fleet.agents.get(record.agent)?.spec, pinned),
    record: recordPath(record),
    forge: world.forge.kind,
  };
  const { title, body } = proposal.kind === "question" ? questionPull(facts) : workPull(facts);
  return {
    title,
    body: await landed(world, body, pinned),
    kind: proposal.kind,
    unit: attempt.unit,
    task: attempt.task,
    agent: record.agent,
    attempt: readBranch(proposal.branch)?.attempt ?? attempt.attempt,
    branch: proposal.branch,
    base,
  };
}
