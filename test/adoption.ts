import { createHash } from "node:crypto";
import type { Source } from "../src/domain/adopt/source.ts";
import { AgentName, Sha } from "../src/domain/id.ts";
import { adopt } from "../src/flow/adopt/adopt.ts";
import type { Adoption } from "../src/flow/adopt/adopt-report.ts";
import type { Shelf } from "../src/port/shelf.ts";
import { openForeign } from "../src/store/adopt-read.ts";
import { composeMatter } from "../src/store/edit.ts";
import { gatherFleet } from "../src/store/fleet.ts";
import { kindOf, parseText } from "../src/store/leaf.ts";

/** A foreign file as it is drafted from; throws when it cannot be read. */
export function source(file: string, text: string): Source {
  const opened = openForeign(file, text);
  if ("rule" in opened) throw new Error(opened.message);
  return opened;
}

/** A repository in memory, by path. */
export type Tree = Map<string, string>;

/** A shelf whose disk is a map. Whatever is in the map is given under its own path. */
const shelfOf = (tree: Tree): Shelf => ({
  gather: (names) =>
    Promise.resolve(names.map((name) => ({ file: name, path: name, text: tree.get(name) ?? missing(name) }))),
  open: openForeign,
  read: (path) => Promise.resolve(tree.get(path) ?? null),
  put(path, text) {
    if (tree.has(path)) return Promise.resolve("it is there already");
    tree.set(path, text);
    return Promise.resolve(null);
  },
  compose: composeMatter,
  inspect(path, text) {
    const kind = kindOf(path);
    const leaf = kind === null ? null : parseText(kind, { path, blob: "", text });
    return leaf?.kind === "bad" ? leaf.findings : [];
  },
});

const missing = (file: string) =>
  ({ rule: "file/missing", level: "error", message: "missing", file, line: 1, column: 1 }) as const;

const blobOf = (text: string): Sha => Sha.parse(createHash("sha1").update(text).digest("hex"));

/** The fleet that a tree holds. */
export const fleetOf = (tree: Tree) =>
  gatherFleet(
    {
      entries: [...tree].map(([path, text]) => ({ path, mode: "100644", blob: blobOf(text) })),
      read: () =>
        Promise.resolve(new Map([...tree.values()].map((text) => [blobOf(text), Buffer.from(text)]))),
    },
    new Map(),
  );

/** Adopts files of a tree into that tree. */
export const adoptIn = async (
  tree: Tree,
  names: readonly string[],
  { agent, isDry = false }: { agent?: string; isDry?: boolean } = {},
): Promise<Adoption> =>
  adopt(shelfOf(tree), await fleetOf(tree), {
    names,
    isDry,
    agent: agent === undefined ? null : AgentName.parse(agent),
  });

/** A file that moved in, with what was said of it: for snapshots. */
export async function moved(file: string, text: string, agent?: string): Promise<string> {
  const tree: Tree = new Map([[file, text]]);
  const { created, refused, notes, notCarried } = await adoptIn(
    tree,
    [file],
    agent === undefined ? {} : { agent },
  );
  const [move] = created;
  return [
    `# ${file} -> ${move?.to ?? "refused"}`,
    ...[...refused, ...notes].map((f) => `- ${f.file}:${f.line}:${f.column} ${f.rule}: ${f.message}`),
    ...notCarried.map((n) => `- not carried over: ${n.key} (${n.files}), first ${n.file}:${n.line}`),
    "",
    move === undefined ? "" : (tree.get(move.to) ?? ""),
  ].join("\n");
}
