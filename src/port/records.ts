import type { CaseFile } from "../domain/case/case.ts";
import type { Day, DigestRecord } from "../domain/digest/record.ts";
import type { Finding } from "../domain/finding.ts";
import type { Sha } from "../domain/id.ts";
import type { Sides } from "../domain/product/sides.ts";
import type { EndedPull } from "../domain/record.ts";
import type { Fleet, Journal } from "../domain/snapshot.ts";
import type { AgentFile } from "../domain/spec.ts";

/** Markdown and JSON in git, as parsed facts. */
export interface Records {
  /** What stands at a commit. A missing or broken config is a `Fault`; any other bad file is a finding. */
  fleet(at: Sha): Promise<Fleet>;
  journal(head: Sha | null, now: Date): Promise<Journal>;
  /** A pull that ended, as the journal keeps it; null when it has none of that number. */
  ended(head: Sha, number: number): Promise<EndedPull | null>;
  /** The digest of a day, as the journal keeps it; null when it has none. */
  digest(head: Sha, date: Day): Promise<DigestRecord | null>;
  /** What is wrong with one file of `agents/` or `board/`, by its path; nothing for other paths. */
  inspect(path: string, text: string): Finding[];
  /** A spec's text, such as an older version's; null when it cannot be read. */
  spec(file: { path: string; blob: Sha; text: string }): AgentFile | null;
  /** A case's text, or what is wrong with it. */
  case(path: string, text: string): CaseFile | Finding[];
  /**
   * When the file's owner is due, as a string to compare versions by: a spec's schedule, zone, wakes and status,
   * a duty's `every` and status. Empty for anything else, and for text that does not parse. `blob`: the text's id, where it
   * is known: what was parsed before is not parsed again.
   */
  timing(path: string, text: string, blob?: Sha): string;
  /** Sets front matter fields and leaves every other byte alone. Throws `Fault` on text that does not parse. */
  edit(text: string, fields: Readonly<Record<string, string | number | boolean>>): string;
  /**
   * Three versions of a file with one and the same front matter, merged field by field: only the text below it is left to
   * merge. Null where both sides set the same field to different values, or where one cannot be read.
   */
  align(sides: Sides): Sides | null;
  /** The front matter of a text; null when it has none that can be read. */
  front(text: string): Record<string, unknown> | null;
  /** Front matter and body as one text. */
  compose(fields: Readonly<Record<string, unknown>>, body: string): string;
}
