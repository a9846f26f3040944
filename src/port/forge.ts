import type { Login, PullNumber, Sha } from "../domain/id.ts";
import type { Refs } from "./repo.ts";
import type { Fence, Pull, PullDraft, ReviewVerdict } from "../domain/pull.ts";

/** What an account says of a pull. */
export interface Word {
  verdict: ReviewVerdict;
  body: string;
  at: Date;
  /** The head that was looked at: when the pull has moved on, the word is refused. Without it, whatever head there is. */
  head?: Sha;
}

/** Where pulls live. Every method may be repeated after a crash without doing anything twice. */
export interface Forge {
  readonly kind: "local";
  /** The account that opens the fleet's pulls. */
  readonly account: Login;
  /**
   * Pulls that pullbeat has not yet ended: open, and those that a person closed or merged meanwhile. `seen`: refs that were
   * fetched just now; a forge that needs none asks for itself.
   */
  pulls(seen?: Refs): Promise<Pull[]>;
  /** The pull's own ref as `seen` has it; null where pulls do not lie in the remote. */
  fence(number: PullNumber, seen: Refs): Fence | null;
  /** Opens the pull of a branch; one that stands gets the draft's title and body. */
  open(draft: PullDraft): Promise<PullNumber>;
  /** Says something about the pull's present head. A `Fault` `refused` where the forge does not let this account say it. */
  review(number: PullNumber, by: Login, said: Word): Promise<void>;
  /** What a person's Close button does. */
  close(number: PullNumber, by: Login, why: string, at: Date): Promise<void>;
  /** Lets go of a pull that the journal has taken over. */
  end(number: PullNumber): Promise<void>;
}
