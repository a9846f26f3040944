import { forgesAnswer } from "../domain/board/answer.ts";
import type { Entry } from "../domain/change.ts";
import { placesEffect } from "../domain/board/effect.ts";
import { frontOf } from "../domain/text/front.ts";
import { matches, matchesAny } from "../domain/glob.ts";
import { pathFault } from "../domain/path.ts";
import { protectedBy } from "../domain/clearance/protect.ts";
import { productsOf, sightOf } from "../domain/spec.ts";
import { isDuty } from "../domain/board/task.ts";
import type { Job } from "../port/engine.ts";

/** True for entries that the agent may see. Links and submodules are neither followed nor shown. */
export function inSight(job: Job): (entry: Entry) => boolean {
  const sight = sightOf(job.agent.spec);
  return ({ mode, path }) =>
    (mode === "100644" || mode === "100755") &&
    (matchesAny(sight, path) || job.also?.has(path) === true) &&
    pathFault(path) === null;
}

/** Why no agent may write a path; null when some may. */
export function closedTo(job: Job, path: string): string | null {
  const held = protectedBy(path, job.config);
  return pathFault(path) ?? (held === null ? null : `it is protected (${held})`);
}

/** Why this agent may not write a path; null when it may. */
export function pathRefusal(job: Job, path: string): string | null {
  const isOwn = !isDuty(job.task.task);
  if (path === job.task.path)
    return isOwn
      ? pathFault(path)
      : "it recurs, and its file is people's order for every time to come: leave it as it is";
  const closed = closedTo(job, path);
  if (closed !== null) return closed;
  if (placesEffect(path) && job.agent.spec.effects.length > 0) return null;
  if (path.startsWith("board/"))
    return "the board is not written by hand; new tasks are made with create_task";
  const products = productsOf(job.agent.spec).map((p) => p.path);
  if (matchesAny(products, path)) return null;
  const yours = products.length === 0 ? "You produce no files" : `You produce ${products.join(", ")}`;
  const own = isOwn ? `; besides that you may write below the front matter of ${job.task.path}` : "";
  return `it is not yours to write. ${yours}${own}`;
}

/** What a new text is held against: what the attempt started from, and what the pull's diff starts from. */
export interface Before {
  tree: string | null;
  base: string | null;
}

/** Why a text may not stand at a path that may be written; null when it may. */
export function textRefusal(job: Job, path: string, text: string, before: Before): string | null {
  if (!text.isWellFormed() || text.includes("\0"))
    return "the text holds characters that a text file cannot hold";
  if (path === job.task.path)
    return frontRefusal(before.tree ?? "", text) ?? answerRefusal(before.base ?? "", text);
  const grows = productsOf(job.agent.spec).some((p) => p.mode === "append" && matches(p.path, path));
  if (grows && before.base !== null && !text.startsWith(before.base))
    return "it only grows: its old content must stay, byte for byte, as the beginning of the new";
  return null;
}

/** What stands under `## Answer` is a person's order: an agent neither gives itself one nor changes one. */
const answerRefusal = (before: string, after: string): string | null =>
  forgesAnswer(before, after)
    ? "what stands under Answer in your task's file is people's: leave it as it is, and add none"
    : null;

/** The front matter is pullbeat's and people's: the agent writes below it. */
function frontRefusal(before: string, after: string): string | null {
  const front = frontOf(before);
  if (front !== null && frontOf(after) === front) return null;
  return "the front matter of your task's file must stay exactly as it is; write only below its second ---";
}
