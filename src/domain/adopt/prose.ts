import { headingOf } from "./phrase.ts";
import { NO_TIMING, specOf, type Role } from "./role.ts";
import { namesOf, refusalAt, stemOf, type Drafted, type Source } from "./source.ts";
import { granted, LOOKING } from "./tools.ts";

/** Names that say nothing of who somebody is. */
const NAMELESS =
  /^(?:agents?|claude|gemini|copilot-instructions|index|main|prompt|readme|role|spec|system)$/i;

/** A role that is described in markdown, without any front matter. */
export function draftProse(source: Source): Drafted {
  if (source.body.trim() === "")
    return {
      ok: false,
      refusal: refusalAt(source, [], ["empty", "the file is empty; expected the description of a role"]),
    };
  const { folder } = namesOf(source);
  const stem = stemOf(source);
  const role: Role = {
    names: [
      NAMELESS.test(stem) && folder !== ""
        ? { text: folder, guess: "the folder's name" }
        : { text: stem, guess: "the file's name" },
      { text: headingOf(source.body), guess: "the first heading" },
    ],
    title: headingOf(source.body),
    timing: NO_TIMING,
    granted: granted(LOOKING, "the file lists none; these only look"),
    understood: [],
  };
  return specOf(source, role);
}
