import type { CheckRun } from "../domain/verdict/checks.ts";
import type { Login, PullNumber, Sha } from "../domain/id.ts";
import type { Refs } from "./repo.ts";
import type { Talk } from "./talk.ts";
import type { Fence, Note, Pull, PullDraft, ReviewVerdict, Showing } from "../domain/pull/pull.ts";

/** What an account says of a pull. */
export interface Word {
  verdict: ReviewVerdict;
  body: string;
  at: Date;
  /** The head that was looked at: when the pull has moved on, the word is refused. Without it, whatever head there is. */
  head?: Sha;
}

/** What a reading knows already, so that a forge need not ask. */
export interface Seen {
  /** Refs that were fetched just now. */
  refs?: Refs;
  /** People whose words can decide something. */
  people?: readonly Login[];
  /** Numbers of pulls that the journal has taken over. */
  ended?: () => Promise<ReadonlySet<number>>;
  /**
   * What this process has read a moment ago will do, but for what it did itself since: each pull is looked at once more
   * before it merges. A forge to which asking costs nothing may ask again.
   */
  again?: boolean;
  /** This pull alone, as it is at this moment. */
  only?: PullNumber;
}

/** The merge that a forge made, or why it made none. `moved`: somebody pushed meanwhile. */
export type ForgeMerge = { commit: Sha } | { moved: true } | { refused: string };

/** Where pulls live. Every method may be repeated after a crash without doing anything twice. */
export interface Forge {
  readonly kind: "local" | "github";
  /** Where people look at the repository, `https://github.com/owner/name`; null where nothing shows it. */
  readonly web: string | null;
  /** The account that opens the fleet's pulls. */
  readonly account: Login;
  /** People can edit what a pull tells of its kind, agent and base: where the journal knows better, it counts. */
  readonly hearsay: boolean;
  /** Pulls that pullbeat has not yet ended: open, and those that a person closed or merged meanwhile. */
  pulls(seen?: Seen): Promise<Pull[]>;
  /** The pull's own ref as `refs` have it; null where pulls do not lie in the remote. */
  fence(number: PullNumber, refs: Refs): Fence | null;
  /** Opens the pull of a branch; one that stands gets the draft's title and body. */
  open(draft: PullDraft, showing?: Showing): Promise<PullNumber>;
  /** Shows beside a pull how it stands; says nothing that is shown already. */
  show(pull: Pull, showing: Showing): Promise<void>;
  /**
   * Notes in a pull's own text what it has beside it, in place of what was noted before; nobody is told. Null where
   * pulls have no text that people read.
   */
  readonly note: ((pull: Pull, note: Note) => Promise<void>) | null;
  /**
   * Says something about the pull's present head; false when it was said already. A `Fault` `refused` where the forge
   * does not let this account say it.
   */
  review(number: PullNumber, by: Login, said: Word): Promise<boolean>;
  /** Has the forge merge exactly this head; null where the remote itself is all there is. */
  readonly merge: ((number: PullNumber, what: { head: Sha; message: string }) => Promise<ForgeMerge>) | null;
  /**
   * Checks of CI on a head, the latest of each app and name. A `Fault` where not all of them can be read; null where there
   * is no CI.
   */
  readonly checks: ((head: Sha) => Promise<CheckRun[]>) | null;
  /** What a person's Close button does. */
  close(number: PullNumber, by: Login, why: string, at: Date): Promise<void>;
  /** Where people say things beside their reviews; null where there is no such place. */
  readonly talk: Talk | null;
  /** Lets go of a pull that the journal has taken over. */
  end(number: PullNumber): Promise<void>;
}
