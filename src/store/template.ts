import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Sha } from "../domain/id.ts";
import type { Found, Template } from "../domain/starter/starter.ts";
import { gatherFleet, type Gathered } from "./fleet.ts";
import { CONFIG } from "./leaf.ts";
import type { KitOptions } from "./starter.ts";
import { worktreeFleet } from "./worktree.ts";

/** Where each schema goes: the config's beside the config, whose first line names it; those of front matter in a folder. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  "config.json": ".github/pullbeat.schema.json",
  "directive.json": ".github/pullbeat.schema/directive.json",
  "effect.json": ".github/pullbeat.schema/effect.json",
  "spec.json": ".github/pullbeat.schema/spec.json",
  "task.json": ".github/pullbeat.schema/task.json",
};

/** A template's files by path, with the schemas that editors read. */
export async function templateFiles(
  { templates, schemas }: KitOptions,
  template: Template,
): Promise<Map<string, string>> {
  const root = join(templates, template);
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    );
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(root, path), "utf8")] as const),
  );
  const shipped = await Promise.all(
    Object.entries(SCHEMAS).map(
      async ([name, path]) => [path, await readFile(join(schemas, name), "utf8")] as const,
    ),
  );
  return new Map([...files, ...shipped].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fleet as it will be: what is on the disk comes first, the template's files stand where nothing is. */
export async function fleetBeside(
  checkout: KitOptions,
  { files, there, hasRepository }: Pick<Found, "there" | "hasRepository"> & { files: Found["template"] },
): Promise<Gathered> {
  const fresh = [...files].filter(([path]) => !there.has(path));
  const blobs = new Map(fresh.map(([path, text], i) => [numbered(i), { path, bytes: Buffer.from(text) }]));
  const entries = [...blobs].map(([blob, { path }]) => ({ path, blob, mode: "100644" as const }));
  const read = async (): Promise<Map<Sha, Uint8Array>> =>
    new Map([...blobs].map(([blob, { bytes }]) => [blob, bytes]));
  const planned = await gatherFleet({ entries, read }, new Map());
  if (!hasRepository) return planned;
  const own = await worktreeFleet(checkout);
  return {
    ...own,
    config: there.has(CONFIG) ? own.config : planned.config,
    agents: new Map([...planned.agents, ...own.agents]),
    tasks: new Map([...planned.tasks, ...own.tasks]),
  };
}

/** Stands for the version of a file that git does not have yet. */
const numbered = (i: number): Sha => Sha.parse(i.toString(16).padStart(40, "0"));
