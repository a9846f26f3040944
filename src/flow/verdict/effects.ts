import { isEffectPath, proposedIn, type Proposed } from "../../domain/board/effect.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import { known } from "./past.ts";
import type { World } from "../world.ts";

/** The effects that open pulls propose, by branch. Nothing is read where none does; what cannot be read is left out. */
export async function effectsIn(
  { repo, records }: Pick<World, "repo" | "records">,
  changes: Snapshot["changes"],
): Promise<Snapshot["effects"]> {
  const touched = [...changes].flatMap(([branch, of]) =>
    of.flatMap((change) => (isEffectPath(change.path) ? [{ branch, change }] : [])),
  );
  const plain = touched.filter(({ change }) => change.newMode.startsWith("100"));
  if (plain.length === 0) return new Map();
  const blobs = (await known(() => repo.blobs(plain.flatMap((t) => t.change.newBlob ?? [])))) ?? new Map();
  const found = plain.flatMap(({ branch, change }): [string, Proposed][] => {
    const bytes = change.newBlob === null ? undefined : blobs.get(change.newBlob);
    const text = bytes === undefined ? null : textOf(bytes);
    const proposed = text === null ? null : proposedIn(change, records.front(text));
    return proposed === null ? [] : [[branch, proposed]];
  });
  return new Map(
    [...Map.groupBy(found, ([branch]) => branch)].map(([branch, of]) => [branch, of.map(([, one]) => one)]),
  );
}
