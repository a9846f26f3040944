import type { Source } from "../domain/adopt/source.ts";
import type { Finding } from "../domain/finding.ts";

/** A file that somebody named, or that lies in a folder they named. */
export interface Given {
  /** As findings name it: from the root of the repository where it lies in there. */
  file: string;
  /** From the root of the repository; null when it lies elsewhere. */
  path: string | null;
  /** Its text; or why it has none. */
  text: string | Finding;
}

/** Where files are taken from to move in, and where they are put. */
export interface Shelf {
  /**
   * The files that these names stand for, each once. A folder stands for the markdown files in it (READMEs apart), a
   * folder of Backlog.md for its tasks. What cannot be read is given with its finding.
   */
  gather(names: readonly string[]): Promise<Given[]>;
  /** Front matter and body, or what is wrong with them. Nothing is checked but that it is plain YAML. */
  open(file: string, text: string): Source | Finding;
  /** The text of a file of the repository; null when there is none. */
  read(path: string): Promise<string | null>;
  /** Makes a file that is not there yet; a sentence when it could not be made. Never writes over anything. */
  put(path: string, text: string): Promise<string | null>;
  /** Front matter and body as one text. */
  compose(fields: Readonly<Record<string, unknown>>, body: string): string;
  /** What is wrong with one file of `agents/` or `board/`, by its path; nothing for other paths. */
  inspect(path: string, text: string): Finding[];
}
