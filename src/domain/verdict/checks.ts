import type { Sha } from "../id.ts";

/** A check of CI as a forge shows it. */
export interface CheckRun {
  name: string;
  /** The app that made it; null where nobody can tell. */
  app: { id: number; slug: string } | null;
  head: Sha;
  /** It has come to its end. */
  done: boolean;
  /** How it ended, in the forge's word; null while it has not. */
  conclusion: string | null;
}
