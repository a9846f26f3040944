import { keepsBrief } from "../../domain/board/brief.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { World } from "../world.ts";
import { withTexts } from "./collect.ts";
import { known } from "./past.ts";

/** True when a pull changes what its task's file asked for, and when that cannot be read. */
export async function rewritesBrief(
  { repo }: Pick<World, "repo">,
  { fleet, changes }: Pick<Snapshot, "fleet" | "changes">,
  { branch, task }: Pick<Pull, "branch" | "task">,
): Promise<boolean> {
  const path = task === null ? undefined : fleet.tasks.get(task)?.path;
  const own = (changes.get(branch) ?? []).filter((c) => c.path === path);
  if (own.length === 0) return false;
  const [change] = (await known(() => withTexts(repo, own))) ?? [];
  const { before = null, after = null } = change ?? {};
  return before === null || after === null || !keepsBrief(before, after);
}
