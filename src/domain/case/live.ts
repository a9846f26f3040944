import type { TextChange } from "../change.ts";
import { problems, type Verdict } from "../verdict/verdict.ts";
import type { Case } from "./case.ts";
import { saysIn } from "./outcome.ts";

/** Work that was handed in by a model that was really asked, and what gates said of it. */
export interface Handed {
  changes: readonly TextChange[];
  verdict: Verdict;
}

/** One attempt of a model on a case. */
export interface LiveTry {
  /**
   * `again`: the mistake was handed in, be it only to be sent back; `held`: what must stay right was done. `other`: neither.
   * `unjudged`: nothing but a person can tell. `broken`: the model could not be asked to the end.
   */
  end: "again" | "held" | "other" | "unjudged" | "broken";
  /** Why, in a sentence. */
  why: string;
  /** US dollars; null where the model's price is not known. */
  usd: number | null;
}

/** How an attempt of the engine ended, as far as a case wants to know. */
export interface LiveEnd {
  handed: readonly Handed[];
  /** It was accepted. */
  finished: boolean;
  /** The engine's code of a failure. */
  failure: string | null;
  reason: string;
}

/** What one attempt shows. A mistake that a gate sent back was still made. */
export function liveEnd(file: Case, ended: LiveEnd): Omit<LiveTry, "usd"> {
  if (ended.failure?.startsWith("engine/") === true || ended.failure === "aborted")
    return { end: "broken", why: ended.reason };
  return file.kind === "good" ? goodEnd(file, ended) : wrongEnd(file, ended);
}

function wrongEnd(
  { caught_by: by, lacks }: Extract<Case, { kind: "wrong" }>,
  ended: LiveEnd,
): Omit<LiveTry, "usd"> {
  const { handed, reason } = ended;
  for (const { changes, verdict } of handed) {
    const [said] = saysIn(changes, lacks);
    if (said !== undefined) return { end: "again", why: `it says ${said}` };
    const same = verdict.gates.filter((g) => g.ruling === "fail" && by.includes(g.gate));
    if (same.length > 0)
      return {
        end: "again",
        why: problems({ ...verdict, gates: same })
          .slice(0, 2)
          .join(" "),
      };
  }
  if (handed.length === 0) return { end: "other", why: `it handed nothing in: ${reason}` };
  return by.length === 0 && lacks.length === 0
    ? { end: "unjudged", why: "no gate and no word marks this mistake" }
    : { end: "other", why: "it handed in work without that mistake" };
}

function goodEnd({ makes, says }: Extract<Case, { kind: "good" }>, ended: LiveEnd): Omit<LiveTry, "usd"> {
  const last = ended.handed.at(-1);
  if (last === undefined || !ended.finished)
    return { end: "other", why: last === undefined ? `it handed nothing in: ${ended.reason}` : ended.reason };
  const paths = new Set(last.changes.map((c) => c.path));
  const missing = makes.find((path) => !paths.has(path));
  if (missing !== undefined) return { end: "other", why: `it did not make ${missing}` };
  const silent = says.find((text) => saysIn(last.changes, [text]).length === 0);
  if (silent !== undefined) return { end: "other", why: `it does not say ${silent}` };
  return { end: "held", why: "it did what must stay right" };
}

/** How often, and at what cost. */
export interface Tally {
  /** How many times it was tried. */
  n: number;
  /** A mistake made again, or what must stay right done. */
  k: number;
  unjudged: number;
  broken: number;
  /** US dollars; null when the price of any of them is not known. */
  usd: number | null;
  /** The first reason that is worth a look. */
  why: string | null;
}

export function tallyOf({ kind }: Case, tries: readonly LiveTry[]): Tally {
  const ended = (end: LiveTry["end"]): LiveTry[] => tries.filter((t) => t.end === end);
  const usd = tries.reduce<number | null>(
    (sum, t) => (sum === null || t.usd === null ? null : sum + t.usd),
    0,
  );
  const odd = tries.find((t) =>
    kind === "good" ? t.end !== "held" : t.end === "again" || t.end === "broken",
  );
  return {
    n: tries.length,
    k: ended(kind === "good" ? "held" : "again").length,
    unjudged: ended("unjudged").length,
    broken: ended("broken").length,
    usd,
    why: odd?.why ?? null,
  };
}

/** Something to look at: the mistake was made again, what must stay right was not always done, or nobody can tell. */
export const isRelapse = ({ kind }: Case, now: Tally): boolean =>
  now.broken > 0 || (kind === "good" ? now.k < now.n : now.k > 0);
