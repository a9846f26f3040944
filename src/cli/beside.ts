import type { PullNumber } from "../domain/id.ts";
import { named } from "../domain/pull/beside-text.ts";
import type { Beside } from "../domain/pull/radar.ts";

const NOTHING: Beside = { conflicts: [], reads: [], readBy: [], acts: [], unknown: [] };

/** A pull's, as JSON tells it; nothing for one that ended. */
export const besideIn = (all: ReadonlyMap<PullNumber, Beside>, number: PullNumber): Beside =>
  all.get(number) ?? NOTHING;

/** What a list says of it in a few words: the worst of it, or nothing. */
export function markOf({ conflicts, reads, acts }: Beside): string {
  if (conflicts.length > 0) return `conflicts with ${named(conflicts.map((c) => String(c.pull)))}`;
  if (acts.length > 0) return `acts on one target with ${named(acts.map((a) => String(a.pull)))}`;
  return reads.length > 0 ? `read what ${named(reads.map((r) => String(r.pull)))} changes` : "";
}
