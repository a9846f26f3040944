import { Fault } from "../fault.ts";
import { nearest } from "../text/near.ts";
import { Verb } from "../record.ts";

/** What a comment tells pullbeat to do. */
export type Spoken =
  | {
      kind: "verb";
      verb: Verb;
      /** None: whatever the comment stands under. */
      targets: readonly string[];
      to: string | null;
      until: string | null;
      why: string;
    }
  | { kind: "task"; agent: string | null; title: string; body: string }
  | { kind: "directive"; scope: readonly string[]; until: string | null; title: string; body: string };

const CALL = /^\/pullbeat(?=[ \t]|$)/i;
const OTHERS = ["task", "directive"] as const;
const WORDS = [...Verb.options, ...OTHERS];
/** Phones make one dash of two. */
const UNTIL = /^(?:(?:--|\u2014|\u2013)?until)$/i;
const WHY = /^(?:(?:--|\u2014|\u2013)why|because)$/i;
const QUOTED = /^["\u201c](.*)["\u201d]$/;

/** Characters of a line that orders something, and words in it. */
const LONGEST = 400;
const MOST = 20;

/** True when the first line, from its first character on, calls pullbeat. Quotes, code and look-alikes do not. */
export const isCall = (body: string): boolean => CALL.test(firstOf(body).line);

/**
 * What a comment orders. Its first line decides; what stands below is the reason, or the text of a task or a directive. A
 * `Fault` `usage` where it calls pullbeat and cannot be understood.
 */
export function spokenIn(body: string): Spoken {
  const { line, rest } = firstOf(body);
  const [word = "", ...words] = line
    .replace(CALL, "")
    .trim()
    .split(/[ \t]+/);
  if (line.length > LONGEST)
    throw new Fault("usage", "the first line is too long", { expected: `at most ${LONGEST} characters` });
  const said = word.toLowerCase();
  const verb = Verb.safeParse(said);
  if (verb.success) return verbIn(verb.data, words, rest);
  if (said === "task") return { ...taskIn(words), body: rest };
  if (said === "directive") return { ...directiveIn(words), body: rest };
  throw unknownVerb(word);
}

function firstOf(body: string): { line: string; rest: string } {
  const [line = "", ...more] = body.split(/\r\n|\r|\n/);
  return { line: line.replace(/[ \t]+$/, ""), rest: more.join("\n").trim() };
}

function unknownVerb(word: string): Fault {
  if (/^(?:approve|merge|lgtm|ok)$/i.test(word))
    return new Fault("usage", "no comment approves anything", {
      expected: "a review, or the merge button",
    });
  const near = nearest(word, WORDS);
  return new Fault("usage", word === "" ? "what is to be done?" : `there is no verb called ${word}`, {
    expected: near === null ? `one of ${WORDS.join(", ")}` : `perhaps ${near}`,
  });
}

/** `editor until 2026-12-01T07:00:00Z because it is a holiday`, or the same with `--until` and `--why`. */
function verbIn(verb: Verb, words: readonly string[], rest: string): Spoken {
  const because = words.findIndex((w) => WHY.test(w));
  const [named, reason] = because < 0 ? [words, []] : [words.slice(0, because), words.slice(because + 1)];
  const at = named.findIndex((w) => UNTIL.test(w));
  const until = at < 0 ? null : (named[at + 1] ?? "");
  const targets = at < 0 ? named : named.filter((_, i) => i !== at && i !== at + 1);
  if (targets.length > MOST)
    throw new Fault("usage", `${verb} of ${targets.length} names`, {
      expected: `at most ${MOST}, and a reason behind "because" or below the line`,
    });
  const said = reason.join(" ");
  const why = QUOTED.exec(said)?.[1] ?? (said === "" ? rest : said);
  const isGiven = verb === "reassign";
  return {
    kind: "verb",
    verb,
    targets: isGiven ? targets.slice(0, -1) : targets,
    to: isGiven ? (targets.at(-1) ?? "") : null,
    until,
    why,
  };
}

const isName = (word: string): boolean => /^@[a-z0-9-]+$/i.test(word);

function taskIn(words: readonly string[]): { kind: "task"; agent: string | null; title: string } {
  const [first = ""] = words;
  const agent = isName(first) ? first.slice(1) : null;
  return { kind: "task", agent, title: words.slice(agent === null ? 0 : 1).join(" ") };
}

/** `@editor @writer until 2026-12-31 Short sentences`: whom it binds and its last day come before its title. */
function directiveIn(words: readonly string[]): {
  kind: "directive";
  scope: string[];
  until: string | null;
  title: string;
} {
  const found = words.findIndex((w) => !isName(w));
  const scope = words.slice(0, found < 0 ? words.length : found).map((w) => w.slice(1));
  const [word = "", day = "", ...title] = words.slice(scope.length);
  return UNTIL.test(word) && /^\d{4}-/.test(day)
    ? { kind: "directive", scope, until: day, title: title.join(" ") }
    : { kind: "directive", scope, until: null, title: words.slice(scope.length).join(" ") };
}
