import { boardView } from "../domain/board.ts";
import type { AgentName, PullNumber, TaskId } from "../domain/id.ts";
import type { Fleet, Snapshot } from "../domain/snapshot.ts";
import { PERSON } from "../domain/standing.ts";
import { draftFor } from "./draft.ts";
import type { Published } from "./publish.ts";
import { firstShowing } from "./show.ts";
import type { World } from "./world.ts";

/** Opens or updates the pulls of beats that have landed; numbers by head branch. */
export async function openPulls(
  world: World,
  fleet: Fleet,
  published: readonly Published[],
): Promise<Map<string, PullNumber>> {
  const numbers = new Map<string, PullNumber>();
  for (const { fate, record } of published) {
    if (fate !== "landed") continue;
    for (const attempt of record.attempts) {
      const draft = await draftFor(world, fleet, { record, attempt });
      const shown = firstShowing(fleet.config, { record, attempt });
      if (draft !== null) numbers.set(draft.branch, await world.forge.open(draft, shown));
    }
  }
  return numbers;
}

/** One pull as `pull list --json` tells it. */
export interface PullRow {
  number: PullNumber;
  title: string;
  task: TaskId | null;
  agent: AgentName | null;
  branch: string;
  head: string | null;
  /** What its task's state is called: `waiting`, `asked`, `changes-requested`, `in-review` … */
  state: string;
  /** Who acts next: `you`, an agent's name, or `pullbeat`. */
  waiting: string;
  reason: string;
}

/** Every pull that is not settled, and whose turn it is. */
export function pullRows(snapshot: Snapshot): PullRow[] {
  const views = new Map(boardView(snapshot).map((v) => [v.unit, v]));
  return snapshot.pulls.map((pull) => {
    const view = pull.unit === null ? undefined : views.get(pull.unit);
    const acts = view?.acts ?? PERSON;
    return {
      number: pull.number,
      title: pull.title,
      task: pull.task,
      agent: pull.agent,
      branch: pull.branch,
      head: pull.head,
      state: view?.state ?? "waiting",
      waiting: acts === PERSON ? "you" : acts,
      reason: view?.reason ?? "waits for a review, a merge or a close",
    };
  });
}
