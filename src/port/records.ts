import type { Finding } from "../domain/finding.ts";
import type { Sha } from "../domain/id.ts";
import type { EndedPull } from "../domain/record.ts";
import type { Fleet, Journal } from "../domain/snapshot.ts";

/** Markdown and JSON in git, as parsed facts. */
export interface Records {
  /** What stands at a commit. A missing or broken config is a `Fault`; any other bad file is a finding. */
  fleet(at: Sha): Promise<Fleet>;
  journal(head: Sha | null, now: Date): Promise<Journal>;
  /** A pull that ended, as the journal keeps it; null when it has none of that number. */
  ended(head: Sha, number: number): Promise<EndedPull | null>;
  /** What is wrong with one file of `agents/` or `board/`, by its path; nothing for other paths. */
  inspect(path: string, text: string): Finding[];
  /**
   * When the file's owner is due, as a string to compare versions by: a spec's schedule, zone, wakes and status,
   * a duty's `every` and status. Empty for anything else, and for text that does not parse.
   */
  timing(path: string, text: string): string;
  /** The front matter of a markdown text as data; null when it has none, or none that can be read. */
  front(text: string): Record<string, unknown> | null;
  /** Sets front matter fields and leaves every other byte alone. Throws `Fault` on text that does not parse. */
  edit(text: string, fields: Readonly<Record<string, string | number | boolean>>): string;
  /** Front matter and body as one text. */
  compose(fields: Readonly<Record<string, unknown>>, body: string): string;
}
