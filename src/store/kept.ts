import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locate } from "../domain/finding.ts";
import { Fault } from "../domain/fault.ts";
import type { Repo } from "../port/repo.ts";
import { cacheAt, Layered, type Cache } from "./cache.ts";
import type { Item } from "./journal.ts";
import type { Leaf } from "./leaf.ts";
import type { Memo } from "./memo.ts";

/** What records keep beyond their process. */
export interface Kept {
  leaves: Cache<Leaf>;
  items: Cache<Item>;
}

/** Rises whenever parsing comes to other results for the same bytes and schemas. */
const FORMAT = 1;

/** In the clone's own git folder: never committed, and gone with the clone. */
export function keptIn(gitDir: string, stamp: string): Kept {
  const at = (name: string): string => join(gitDir, "pullbeat", name);
  return {
    leaves: cacheAt(at("fleet"), `${FORMAT} ${stamp}`, { pack: packLeaf, unpack: unpackLeaf }),
    items: cacheAt(at("journal"), `${FORMAT} ${stamp}`, { pack: (item) => item, unpack: unpackItem }),
  };
}

/** The version, and the schemas that it reads by, as one word: nothing else decides how a file is read. */
export async function stampOf(version: string, schemas: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const text of await Promise.all(schemas.map((path) => readFile(path)))) hash.update(text);
  return `${version} ${hash.digest("hex")}`;
}

/** The same repository, from which nothing can be written: what was read with help of a cache decides nothing. */
export const lookOnly = (repo: Repo): Repo => ({ ...repo, push: refuse, write: refuse });

const refuse = async (): Promise<never> => {
  throw new Fault("broken", "a command that only looks wanted to write");
};

/** Asked of a file that came from the cache, which does not keep places: read it again without one. */
class NotKept extends Error {}

const notKept: Locate = () => {
  throw new NotKept();
};

/** Files without bodies: whoever only looks at states needs none, and they are most of the bytes. */
function packLeaf(leaf: Leaf): unknown {
  if (leaf.kind === "bad") return leaf;
  if (leaf.kind === "config") return { kind: leaf.kind, config: leaf.config };
  const { body: _body, at: _at, ...file } = leaf.file;
  return { kind: leaf.kind, file };
}

const isLeaf = (packed: unknown): packed is Leaf =>
  isKind(packed, ["config", "agent", "task", "directive", "effect", "bad"]);

const isItem = (packed: unknown): packed is Item =>
  isKind(packed, ["record", "control", "merge", "digest", "hearing", "bad"]);

/** What a file of ours holds under our stamp was parsed by us; all else about it was seen to then. */
const isKind = (packed: unknown, kinds: readonly string[]): boolean =>
  typeof packed === "object" &&
  packed !== null &&
  "kind" in packed &&
  kinds.some((kind) => kind === packed.kind);

function unpackLeaf(packed: unknown): Leaf {
  if (!isLeaf(packed)) throw new NotKept();
  if (packed.kind === "bad") return packed;
  if (packed.kind === "config") return { ...packed, at: notKept };
  packed.file.at = notKept;
  Object.defineProperty(packed.file, "body", { get: noBody, enumerable: false });
  return packed;
}

function unpackItem(packed: unknown): Item {
  if (isItem(packed)) return packed;
  throw new NotKept();
}

function noBody(): never {
  throw new Fault("broken", "the text of this file was asked for where only its facts were read");
}

/**
 * Reads with what is remembered, and remembers what was new. Should that come to anything but an answer, it is read once
 * more as if nothing were remembered.
 */
export async function remembering<T, R>(cache: Cache<T>, read: (memo: Memo<T>) => Promise<R>): Promise<R> {
  const memo = new Layered<T>(await cache.load());
  try {
    const answer = await read(memo);
    if (memo.isNew) await cache.save(memo);
    return answer;
  } catch {
    return read(new Map());
  }
}
