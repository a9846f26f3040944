import type { Sha } from "../domain/id.ts";
import type { Edits } from "./engine.ts";
import type { FileDraft } from "./repo.ts";

/** What both sides of the airlock know of a proposal before it is handed over. */
export interface Parcel {
  /** The one ref of the bundle; it names the plan, so that nothing fits twice. */
  ref: string;
  /** The one prerequisite: the commit that the work stands on. */
  parent: Sha;
}

/** Work crosses from a job that must not write to one that may, as a git bundle of which only the tree is taken. */
export interface Airlock {
  /** A bundle of one commit on `parent` that changes these files. */
  wrap(parcel: Parcel, files: readonly FileDraft[]): Promise<Uint8Array>;
  /** What a bundle changes in the tree of `parent`. Throws `Refused` (`src/domain/airlock.ts`) unless it is exactly what `wrap` would have made. */
  unwrap(parcel: Parcel, bundle: Uint8Array): Promise<Edits>;
}

/** A folder in which things are handed over. */
export interface Hatch {
  put(path: string, content: string | Uint8Array): Promise<void>;
  /** A file's bytes; null when there is none. Throws `Refused` for what is no plain file, or larger than `most`. */
  take(path: string, most: number): Promise<Uint8Array | null>;
  /** What lies in it, by name, folders among them; nothing where there is no such folder. */
  list(): Promise<string[]>;
}
