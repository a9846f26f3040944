import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Memo } from "./memo.ts";

/** What was parsed before, on the disk: for commands that only look, because anybody could have written the file. */
export interface Cache<T> {
  /** Empty for whatever is not whole, not ours, or of another version. Never throws. */
  load(): Promise<Memo<T>>;
  /** Puts the file in place of the old one in one step. Where it cannot be written, nothing happens. */
  save(memo: ReadonlyMap<string, T>): Promise<void>;
}

/** How a value stands in the file. */
export interface Packing<T> {
  pack: (value: T) => unknown;
  /** Throws on what `pack` cannot have written. */
  unpack: (packed: unknown) => T;
}

/** Above what the largest board needs; below what node can hold as one text. */
const MOST_BYTES = 2 ** 28;

/** `stamp` stands for the program and its schemas: a file with another one is not read. */
export const cacheAt = <T>(file: string, stamp: string, packing: Packing<T>): Cache<T> => ({
  load: async () => (await load(file, stamp, packing).catch(() => null)) ?? new Map(),
  save: (memo) =>
    save(
      file,
      stamp,
      [...memo].map(([key, value]) => [key, packing.pack(value)] as const),
    ).catch(() => {}),
});

async function load<T>(file: string, stamp: string, { unpack }: Packing<T>): Promise<Memo<T> | null> {
  if ((await stat(file)).size > MOST_BYTES) return null;
  const text = await readFile(file, "utf8");
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  if (text.slice(0, end) !== headOf(stamp, body)) return null;
  const rows: [string, unknown][] = JSON.parse(body);
  return new Map(rows.map(([key, packed]) => [key, unpack(packed)]));
}

async function save(
  file: string,
  stamp: string,
  rows: readonly (readonly [string, unknown])[],
): Promise<void> {
  const body = JSON.stringify(rows);
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(draft, `${headOf(stamp, body)}\n${body}`, { flag: "wx" });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

const headOf = (stamp: string, body: string): string =>
  `pullbeat cache ${stamp} ${createHash("sha256").update(body).digest("hex")}`;

/** A memo over what was remembered. It holds what was asked for only, so that what nobody needs is forgotten. */
export class Layered<T> extends Map<string, T> {
  readonly #below: ReadonlyMap<string, T>;

  constructor(below: ReadonlyMap<string, T>) {
    super();
    this.#below = below;
  }

  override has(key: string): boolean {
    return super.has(key) || this.#below.has(key);
  }

  override get(key: string): T | undefined {
    const own = super.get(key);
    if (own !== undefined) return own;
    const known = this.#below.get(key);
    if (known !== undefined) super.set(key, known);
    return known;
  }

  /** True when saving it would change what the next process knows. */
  get isNew(): boolean {
    if (this.size !== this.#below.size) return true;
    for (const key of this.keys()) if (!this.#below.has(key)) return true;
    return false;
  }
}
