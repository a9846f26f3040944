import type { Change, Entry, TextChange } from "../../domain/change.ts";
import { Sha } from "../../domain/id.ts";
import type { GateSources } from "../../gate/gate.ts";
import type { Edits, Tree } from "../../port/engine.ts";
import { textOf as textIn } from "../../domain/text/text.ts";
import type { FileDraft, Repo } from "../../port/repo.ts";
import type { World } from "../world.ts";

/** Stands for the object of an edit that git has not seen yet. */
const UNWRITTEN = Sha.parse("f".repeat(40));

/** A tree of a commit, read blob by blob when it is asked for. */
export function treeOf(repo: Repo, entries: readonly Entry[]): Tree {
  const byPath = new Map(entries.map((e) => [e.path, e]));
  return {
    entries,
    async read(path) {
      const entry = byPath.get(path);
      if (entry === undefined || entry.mode === "160000") return null;
      return (await repo.blobs([entry.blob])).get(entry.blob) ?? null;
    },
  };
}

/** What gates may read of two trees: plain files only, no links. */
export function sourcesOf(
  { records }: Pick<World, "records">,
  { base, tip }: { base: Tree; tip: Tree },
): GateSources {
  return { base: reader(base), tip: reader(tip), front: (text) => records.front(text) };
}

function reader(tree: Tree): (path: string) => Promise<string | null> {
  let plain: Set<string> | null = null;
  return async (path) => {
    plain ??= new Set(tree.entries.filter((e) => e.mode.startsWith("100")).map((e) => e.path));
    return plain.has(path) ? textOf(await tree.read(path)) : null;
  };
}

/** The text of a file's content; null when there is none, or it is not text. */
const textOf = (content: Uint8Array | string | null): string | null =>
  content === null || typeof content === "string" ? content : textIn(content);

const sizeOf = (content: string | Uint8Array | null): number =>
  content === null ? 0 : typeof content === "string" ? Buffer.byteLength(content) : content.byteLength;

/** What is not text is still searched for credentials, byte by byte. */
const rawOf = (content: string | Uint8Array | null): { raw?: string } =>
  content === null || typeof content === "string" || textOf(content) !== null
    ? {}
    : { raw: Buffer.from(content).toString("latin1") };

function sameBytes(a: Uint8Array, b: string | Uint8Array): boolean {
  return Buffer.from(a).equals(Buffer.from(b));
}

type Content = string | Uint8Array | null;

/** A change with what stands on either side of it. */
const textChange = (change: Change, before: Content, after: Content): TextChange => ({
  ...change,
  before: textOf(before),
  after: textOf(after),
  binary: [before, after].some((side) => side !== null && textOf(side) === null),
  bytes: sizeOf(after),
  ...rawOf(after),
});

/** What edits change in a tree. An edit that leaves a file as it was is no change. */
export async function collectEdits(tree: Tree, edits: Edits): Promise<TextChange[]> {
  const byPath = new Map(tree.entries.map((e) => [e.path, e]));
  const changes: TextChange[] = [];
  for (const [path, after] of [...edits].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const old = byPath.get(path);
    const before = old === undefined ? null : await tree.read(path);
    const same = after === null ? old === undefined : before !== null && sameBytes(before, after);
    if (!same) changes.push(textChange(edited(path, old, after), before, after));
  }
  return changes;
}

/** A tree as it is with edits in it. */
export function laidOver(tree: Tree, edits: Edits): Tree {
  const modes = new Map(tree.entries.map((e) => [e.path, e.mode]));
  const laid = [...edits].flatMap(([path, content]): Entry[] =>
    content === null
      ? []
      : [{ path, mode: modes.get(path) === "100755" ? "100755" : "100644", blob: UNWRITTEN }],
  );
  return {
    entries: [...tree.entries.filter((e) => !edits.has(e.path)), ...laid],
    async read(path) {
      const content = edits.get(path);
      if (content === undefined) return tree.read(path);
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
  };
}

/** Edits as files of a commit on a tree. */
export function draftsOf(tree: Tree, edits: Edits): FileDraft[] {
  const executable = new Set(tree.entries.filter((e) => e.mode === "100755").map((e) => e.path));
  return [...edits].map(([path, content]) => ({
    path,
    mode: executable.has(path) ? "100755" : "100644",
    content,
  }));
}

/** An edit as git would show it; a program that was executable stays it. */
function edited(path: string, old: Entry | undefined, after: Content): Change {
  const mode = old?.mode === "100755" ? "100755" : "100644";
  return {
    path,
    oldMode: old?.mode ?? "000000",
    oldBlob: old?.blob ?? null,
    newMode: after === null ? "000000" : mode,
    newBlob: after === null ? null : UNWRITTEN,
  };
}

const isFile = (mode: string): boolean => mode !== "000000" && mode !== "160000";

/** A raw diff with its texts, read in one batch. */
export async function withTexts(repo: Repo, changes: readonly Change[]): Promise<TextChange[]> {
  const ids = changes.flatMap((c) => [
    ...(c.oldBlob !== null && isFile(c.oldMode) ? [c.oldBlob] : []),
    ...(c.newBlob !== null && isFile(c.newMode) ? [c.newBlob] : []),
  ]);
  const blobs = await repo.blobs(new Set(ids));
  const side = (blob: Sha | null): Content => (blob === null ? null : (blobs.get(blob) ?? null));
  return changes.map((c) => textChange(c, side(c.oldBlob), side(c.newBlob)));
}
