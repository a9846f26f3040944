import type { Entry } from "../domain/change.ts";
import type { Sha } from "../domain/id.ts";

/** Files that were parsed before, by path and blob. Versions never change, so each is read and parsed once. */
export type Memo<T> = Map<string, T>;

export interface Parsing<T> {
  memo: Memo<T>;
  /** The bytes of these files, by blob. */
  read: (entries: readonly Entry[]) => Promise<ReadonlyMap<Sha, Uint8Array>>;
  parse: (entry: Entry, bytes: Uint8Array) => T;
}

/** What these files say, in their order; those that were not parsed before are read in one batch. */
export async function parseOnce<T>(files: readonly Entry[], { memo, read, parse }: Parsing<T>): Promise<T[]> {
  const fresh = files.filter((f) => !memo.has(keyOf(f)));
  const blobs = await read(fresh);
  for (const f of fresh) memo.set(keyOf(f), parse(f, blobs.get(f.blob) ?? new Uint8Array()));
  return files.flatMap((f) => memo.get(keyOf(f)) ?? []);
}

export const keyOf = ({ path, blob }: { path: string; blob: string }): string => `${path}\0${blob}`;
