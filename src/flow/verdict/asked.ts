import type { GateVerdict } from "../../domain/verdict/verdict.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Asked } from "../../gate/asked.ts";
import type { World } from "../world.ts";

/** What the gates of these names need to know: their schemas, read from the tip. */
export async function askedFor(
  { repo, records }: Pick<World, "repo" | "records">,
  { config, entries }: Fleet,
  { names, outside = new Map() }: { names: readonly string[]; outside?: ReadonlyMap<string, GateVerdict> },
): Promise<Asked> {
  const wanted = new Set(
    names.flatMap((name) => {
      const settings = Object.hasOwn(config.gates, name) ? config.gates[name] : undefined;
      return settings?.kind === "schema" ? [settings.schema] : [];
    }),
  );
  const found = entries.filter((e) => wanted.has(e.path) && e.mode.startsWith("100"));
  const blobs = await repo.blobs(found.map((e) => e.blob));
  const schemas = found.flatMap(({ path, blob }) => {
    const bytes = blobs.get(blob);
    const text = bytes === undefined ? null : textOf(bytes);
    return text === null ? [] : [[path, text] as const];
  });
  return {
    names,
    declared: config.gates,
    schemas: new Map(schemas),
    front: (text) => records.front(text),
    outside,
  };
}
