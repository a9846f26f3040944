import { withAnswers } from "../../domain/board/answer.ts";
import type { Sha } from "../../domain/id.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Approval } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { composeMessage } from "../../domain/text/trailer.ts";
import { withTexts } from "../verdict/collect.ts";
import { recordedOn } from "../beat/draft.ts";
import { signature } from "../journal.ts";
import { writeOne } from "../land.ts";
import type { World } from "../world.ts";

const ANSWER = "Answer by ";

/** pullbeat's own commit on the question: the answers, in the task's file. It is merged in the same push; where a forge merges, it stands on the branch until then. */
export async function writeAnswer(
  world: World,
  snapshot: Snapshot,
  { pull, head, approvals }: { pull: Pull; head: Sha; approvals: readonly Approval[] },
): Promise<Sha> {
  const asked = await withTexts(world.repo, snapshot.changes.get(pull.branch) ?? []);
  const answers = pull.reviews.filter((r) => approvals.some((a) => a.review === r.id));
  const by = approvals.map((a) => a.login).join(", ");
  return writeOne(world, {
    parents: [head],
    files: asked.map(({ path, after }) => ({ path, content: withAnswers(after ?? "", answers) })),
    message: composeMessage(`${ANSWER}${by} to ${pull.unit ?? pull.title}`, "", []),
    who: signature(snapshot.fleet.config.fleet),
    at: world.clock.now(),
  });
}

/**
 * Takes such a commit off the branch again, where whoever put it there died before the forge had merged it: what people
 * answered is the question below it. True when it did.
 */
export async function takeBackAnswer(world: World, snapshot: Snapshot, pull: Pull): Promise<boolean> {
  const asked = recordedOn(snapshot, pull).at(-1)?.attempt.proposal;
  const { head, branch, kind } = pull;
  if (kind !== "question" || head === null || !asked || asked.head === head) return false;
  const commit = (await world.repo.commits([head])).get(head);
  if (commit === undefined || commit.parents.join() !== asked.head) return false;
  const own = signature(snapshot.fleet.config.fleet).email;
  const isOurs = commit.author.email === own && commit.message.startsWith(ANSWER);
  return isOurs && world.repo.push([{ ref: `refs/heads/${branch}`, from: head, to: asked.head }]);
}
