import { appendAgain } from "../../domain/product/append.ts";
import { matchesAny } from "../../domain/glob.ts";
import type { Sha } from "../../domain/id.ts";
import type { Traffic } from "../../domain/pull/radar.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import type { World } from "../world.ts";

/** Texts by blob, of what agents only add to; null for what is no text or no plain file. */
type Texts = (blob: Sha | null) => string | null;

/** What a file that is only added to says: at the tip, and after a pull has merged there. */
export interface Growth {
  texts: Texts;
  tip: (path: string) => string | null;
}

const PLAIN = ["000000", "100644"];

/** Reads what the pulls add to, and what stands there at the tip, in one question; none where nobody adds to anything. */
export async function growthOf(
  { repo }: World,
  { fleet }: Snapshot,
  traffic: readonly Traffic[],
): Promise<Growth> {
  const changes = traffic.flatMap((t) =>
    t.changes.filter(
      (c) => matchesAny(t.appends, c.path) && PLAIN.includes(c.oldMode) && PLAIN.includes(c.newMode),
    ),
  );
  const paths = new Set(changes.map((c) => c.path));
  const tip = new Map(
    fleet.entries.filter((e) => paths.has(e.path) && e.mode === "100644").map((e) => [e.path, e.blob]),
  );
  const sides = changes.flatMap((c) => [c.oldBlob, c.newBlob]).filter((id) => id !== null);
  const ids = [...sides, ...tip.values()];
  const blobs = ids.length === 0 ? new Map<string, Uint8Array>() : await repo.blobs(new Set(ids));
  const texts: Texts = (blob) => {
    const bytes = blob === null ? undefined : blobs.get(blob);
    return bytes === undefined ? null : textOf(bytes);
  };
  return { texts, tip: (path) => texts(tip.get(path) ?? null) };
}

/** The files in conflict to which `theirs` only adds, added to again: behind what the tip holds, or would hold once `over` had merged. */
export function grown(
  growth: Growth,
  { over, theirs }: { over: Traffic | null; theirs: Traffic },
  conflicts: readonly string[],
): { path: string; content: string }[] {
  return conflicts
    .filter((path) => matchesAny(theirs.appends, path))
    .flatMap((path) => {
      const there = over === null ? growth.tip(path) : after(growth, over, path);
      const content = behind(growth, theirs, { path, there });
      return content === null ? [] : [{ path, content }];
    });
}

/** What a path says once a pull has merged at the tip. */
function after(growth: Growth, one: Traffic, path: string): string | null {
  const change = one.changes.find((c) => c.path === path);
  const tip = growth.tip(path);
  if (change === undefined) return tip;
  const [was, is] = [growth.texts(change.oldBlob), growth.texts(change.newBlob)];
  return was === tip ? is : behind(growth, one, { path, there: tip });
}

function behind(
  { texts }: Growth,
  { changes }: Traffic,
  { path, there }: { path: string; there: string | null },
): string | null {
  const change = changes.find((c) => c.path === path);
  const [base, theirs] = [texts(change?.oldBlob ?? null), texts(change?.newBlob ?? null)];
  return base === null || theirs === null || there === null
    ? null
    : appendAgain({ base, ours: there, theirs });
}
