/** Pages of a checkout that state something, and the files that they point to. */
export interface Pages {
  /** A file that somebody named, as a path from the root. A `Fault` when it lies outside the checkout. */
  locate(file: string): Promise<string>;
  /** The text of a plain file of the work tree; null when there is none, or it is not text. */
  text(path: string): Promise<string | null>;
  /** The same of the commit that was asked for; of the work tree without one. */
  source(path: string): Promise<string | null>;
  /** The front matter of a text as data; null when it has none that can be read. */
  front(text: string): Record<string, unknown> | null;
}
