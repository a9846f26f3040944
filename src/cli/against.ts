import type { PullNumber } from "../domain/id.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import { conflictsOf, weigh } from "../flow/verdict/weigh.ts";
import type { World } from "../flow/world.ts";

/** Why an open pull does not merge, besides that nobody has decided about it yet. Empty: nothing stands against it. */
export async function against(world: World, snapshot: Snapshot, number: PullNumber): Promise<string[]> {
  const pull = snapshot.pulls.find((p) => p.number === number);
  if (pull === undefined || pull.head === null || pull.state !== "open") return [];
  const { decision } = await weigh(world, snapshot, pull);
  switch (decision.kind) {
    case "blocked":
      return decision.reasons;
    case "pending":
      return pull.reviews.some((r) => r.verdict === "approve" || r.verdict === "answer")
        ? decision.reasons
        : [];
    case "merge": {
      const conflicts = await conflictsOf(world, snapshot, pull);
      return conflicts.length > 0 ? [`it conflicts with ${snapshot.branch} in ${conflicts.join(", ")}`] : [];
    }
    default:
      return decision satisfies never;
  }
}
