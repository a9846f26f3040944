import { Fault } from "../domain/fault.ts";
import type { Login, Sha } from "../domain/id.ts";
import type { Pull } from "../domain/pull/pull.ts";
import type { Word } from "../port/forge.ts";

/** The head that the review is about, or a refusal that says what to do instead. */
export function mayReview(account: Login, pull: Pull, { by, verdict, head }: Word & { by: Login }): Sha {
  const mine = [account, pull.author].some((l) => l.toLowerCase() === by.toLowerCase());
  const decides = verdict === "approve" || verdict === "answer";
  if (mine && decides)
    throw new Fault(
      "refused",
      `${by} is the fleet's own account, or the pull's author: its word decides nothing`,
      {
        expected: "a person of the roster",
        next: "say who you are with --as <login>",
      },
    );
  if (verdict === "answer" && pull.kind !== "question")
    throw new Fault("refused", `pull ${pull.number} asks nothing`, {
      next: "approve it, ask for changes, or comment",
    });
  if (pull.state !== "open")
    throw new Fault(
      "refused",
      `pull ${pull.number} was ${pull.state}${pull.ended ? ` by ${pull.ended.by}` : ""}`,
      {
        next: "`pullbeat pull list` shows what is open",
      },
    );
  if (pull.head === null)
    throw new Fault(
      "refused",
      `pull ${pull.number}: its branch ${pull.branch} is gone, so there is nothing to review`,
      {
        next: `close it, or push ${pull.branch} again`,
      },
    );
  if (head !== undefined && head !== pull.head)
    throw new Fault(
      "refused",
      `pull ${pull.number} has moved on: ${head.slice(0, 10)} is not its head any more`,
      {
        expected: `a word about ${pull.head.slice(0, 10)}`,
        next: `look again: pullbeat pull show ${pull.number}`,
      },
    );
  return pull.head;
}
