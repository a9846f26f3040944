import type { Finding, Place } from "../finding.ts";
import type { AgentName, TaskId } from "../id.ts";

/** A file that somebody brings: its front matter is read, and nothing of it is understood or trusted yet. */
export interface Source {
  /** As findings name it. */
  file: string;
  /** Null when it has no front matter: then all of it is body. */
  data: Readonly<Record<string, unknown>> | null;
  body: string;
  /** Where the body begins. */
  bodyPlace: Place;
  /** The place of a value or its key; of the nearest thing above it when there is none. */
  place: (path: readonly PropertyKey[], what: "key" | "value") => Place;
  /** Keys whose value is no YAML as it stands, and was read as if it were quoted. */
  mended: readonly string[];
}

/** One line of new front matter. An undefined value is left out. */
export interface Field {
  key: string;
  value: unknown;
  /** Why the value is a guess. Stands as a comment in the file, so it never holds a word of the source's. */
  guess?: string | undefined;
}

/** A file to be made, and what of its source it does not hold. */
export interface Draft {
  /** By what it is found, wherever it lies. */
  is: { agent: AgentName } | { task: TaskId };
  /** Where it goes, from the root of the repository. */
  path: string;
  fields: Field[];
  body: string;
  /** What a person should look at, each with its place in the source. */
  notes: Finding[];
  /** Keys that mean nothing here and are many on a board: told once a kind, not once a file. */
  dropped: Dropped[];
}

/** A front matter key that was not carried over. */
export interface Dropped {
  key: string;
  place: Place;
}

/** A draft, or the one finding that says why there is none. */
export type Drafted = { ok: true; draft: Draft } | { ok: false; refusal: Finding };

/** Something to know about a value of the source; blocks nothing. */
export const noteAt = (source: Source, key: readonly PropertyKey[], [rule, message]: Told): Finding => ({
  rule: `adopt/${rule}`,
  level: "note",
  message,
  ...source.place(key, "value"),
});

/** Why the whole file is left out. */
export const refusalAt = (source: Source, key: readonly PropertyKey[], [rule, message]: Told): Finding => ({
  ...noteAt(source, key, [rule, message]),
  level: "error",
});

/** A rule's name without its family, and a sentence. */
type Told = readonly [rule: string, message: string];

/** The guess of a value that could be read only as if it were quoted. */
export const mendedGuess = (source: Source, key: string): string | undefined =>
  source.mended.includes(key) ? "read as if it were in quotes" : undefined;

/** The last part of the source's path, and the folder that holds it; empty where there is none. */
export function namesOf({ file }: Source): { base: string; folder: string } {
  const [base = "", folder = ""] = file.split(/[\\/]/).toReversed();
  return { base, folder };
}

/** The file's name without `.md`, and without what other systems put before that. */
export const stemOf = (source: Source): string =>
  namesOf(source)
    .base.replace(/\.(?:md|markdown)$/i, "")
    .replace(/\.(?:agent|chatmode|prompt)$/i, "");
