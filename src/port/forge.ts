import type { Login, PullNumber } from "../domain/id.ts";
import type { Refs } from "./repo.ts";
import type { Pull, PullDraft, ReviewVerdict } from "../domain/pull.ts";

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
  /** Opens the pull of a branch; one that stands gets the draft's title and body. */
  open(draft: PullDraft): Promise<PullNumber>;
  /** Says something about the pull's present head. A `Fault` `refused` where the forge does not let this account say it. */
  review(
    number: PullNumber,
    by: Login,
    said: { verdict: ReviewVerdict; body: string; at: Date },
  ): Promise<void>;
  /** What a person's Close button does. */
  close(number: PullNumber, by: Login, why: string, at: Date): Promise<void>;
  /** Lets go of a pull that the journal has taken over. */
  end(number: PullNumber): Promise<void>;
}
