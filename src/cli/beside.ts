import type { PullNumber } from "../domain/id.ts";
import { named } from "../domain/beside-text.ts";
import type { Beside } from "../domain/radar.ts";

const NOTHING: Beside = { conflicts: [], reads: [], readBy: [], unknown: [] };

/** A pull's, as JSON tells it; nothing for one that ended. */
export const besideIn = (all: ReadonlyMap<PullNumber, Beside>, number: PullNumber): Beside =>
  all.get(number) ?? NOTHING;

/** What a list says of it in a few words: the worst of it, or nothing. */
export function markOf({ conflicts, reads }: Beside): string {
  if (conflicts.length > 0) return `conflicts with ${named(conflicts.map((c) => String(c.pull)))}`;
  return reads.length > 0 ? `read what ${named(reads.map((r) => String(r.pull)))} changes` : "";
}
