import { FUEL, newDoubt, type Doubt, type Fuel } from "./ground.ts";
import { documentOf, plainDocument, type Document } from "./json-document.ts";
import { isPage } from "./page.ts";
import { KEYS, recordsOf, rowsOf, type List } from "./record.ts";
import { tableOf, type Table } from "./table.ts";

/** Where the files come from that statements point to. */
export interface Sources {
  /** The text of a plain file; null when there is none, or none that may be seen. */
  read: (path: string) => Promise<string | null>;
  /** The front matter of a text as data; null when it has none that can be read. */
  front: (text: string) => Record<string, unknown> | null;
}

type Or<T> = T | { fault: string };

/** Files by what they hold, each read and parsed once. */
export interface Library {
  text(path: string): Promise<Or<{ text: string }>>;
  lines(path: string): Promise<Or<{ lines: readonly string[] }>>;
  /** Code points; a line's end is one. */
  characters(path: string): Promise<Or<{ characters: readonly string[] }>>;
  table(path: string): Promise<Or<{ table: Table; rows: List }>>;
  document(path: string): Promise<Or<{ document: Document }>>;
  /** The records of an array of one of its documents. */
  records(array: readonly unknown[]): List;
  /** What its formulas may still use, all together. */
  fuel: Fuel;
  /** What may be used to compute them again. */
  doubt: Doubt;
}

/** What one verification reads at most: files, and characters of one file. */
const MOST = { files: 200, characters: 2_000_000 };

export const isTable = (path: string): boolean => /\.[ct]sv$/i.test(path);
export const isJson = (path: string): boolean => /\.(?:geo|web)?json$/i.test(path);

/** Opens sources for one verification. `keys`: fields besides `id`, `name` and `slug` that tell records apart. */
export function openLibrary(sources: Sources, keys: readonly string[] = []): Library {
  const all = [...KEYS, ...keys.map((k) => k.toLowerCase())];
  const lists = new WeakMap<object, List>();
  const text = once(async (path): Promise<Or<{ text: string }>> => {
    const read = await sources.read(path);
    if (read === null) return { fault: `there is no file ${path} that may be read` };
    return read.length > MOST.characters ? { fault: `${path} is too long to be checked` } : { text: read };
  });
  const lines = once(async (path): Promise<Or<{ lines: readonly string[] }>> => {
    const file = await text(path);
    return "fault" in file ? file : { lines: file.text.replace(/\r?\n$/, "").split(/\r\n?|\n/) };
  });
  const characters = once(async (path): Promise<Or<{ characters: readonly string[] }>> => {
    const file = await text(path);
    return "fault" in file ? file : { characters: Array.from(file.text.replaceAll("\r\n", "\n")) };
  });
  const table = once(async (path): Promise<Or<{ table: Table; rows: List }>> => {
    const file = await text(path);
    if ("fault" in file) return file;
    const read = await tableOf(path, file.text);
    return "fault" in read ? read : { ...read, rows: rowsOf(read.table, all) };
  });
  const document = once(async (path): Promise<Or<{ document: Document }>> => {
    const file = await text(path);
    if ("fault" in file) return file;
    if (!isPage(path)) return documentOf(path, file.text);
    const front = sources.front(file.text);
    return front === null
      ? { fault: `${path} has no front matter that can be read` }
      : { document: plainDocument(front) };
  });
  return {
    text,
    lines,
    characters,
    fuel: { ...FUEL },
    doubt: newDoubt(),
    table,
    document,
    records(array) {
      const list = lists.get(array) ?? recordsOf(array, all);
      lists.set(array, list);
      return list;
    },
  };
}

/** Remembers what it was asked, and refuses to be asked for too many different things. */
function once<T>(ask: (path: string) => Promise<Or<T>>): (path: string) => Promise<Or<T>> {
  const known = new Map<string, Promise<Or<T>>>();
  return (path) => {
    const there = known.get(path);
    if (there !== undefined) return there;
    if (known.size >= MOST.files)
      return Promise.resolve({
        fault: `more than ${MOST.files} files are pointed to; the rest is not checked`,
      });
    const answer = ask(path);
    known.set(path, answer);
    return answer;
  };
}
