import { matches } from "../glob.ts";
import { rounded, scaled } from "./decimal.ts";
import type { Block, Link } from "./block.ts";
import { misattribution } from "./identity.ts";
import type { Library } from "./library.ts";
import { readMarkdown } from "./markdown.ts";
import { mismatch, type Found } from "./match.ts";
import { unprovedIn, type Unproved } from "./prose.ts";
import { resolve, type Resolved } from "./resolve.ts";
import { targetOf, type Target } from "./target.ts";
import { seen } from "./touching.ts";

/** How statements are held to their sources. */
export interface Rules {
  /** Also find numbers in prose that no link proves. */
  strict: boolean;
  /** The record that a number belongs to must be named beside it. */
  identity: boolean;
  /** Places whose numbers count in percent, as `path#pointer` or `path#column`, with `*` for any. */
  percent: readonly string[];
  /** Why a path may not be pointed to; null when it may. */
  closed(path: string): string | null;
}

/** One evidence link. */
export interface Checked {
  line: number;
  /** The value as people read it: what touches the link belongs to it. */
  text: string;
  /** As it is written. */
  target: string;
  /** The file that it points into; null where that cannot be told. */
  path: string | null;
  /** What it points to, taken apart; null where that cannot be told. */
  spot: Target | null;
  ok: boolean;
  /** What stands at the source; null when nothing could be read there. */
  found: string | null;
  /** Why it does not hold; null when it does. */
  reason: string | null;
}

export interface Verified {
  links: Checked[];
  /** With `strict` only. */
  unproved: Unproved[];
}

/** What is checked at most in one text. */
const MOST_LINKS = 2000;

/** Holds every evidence link of a markdown text against its source. `path` is where the text stands. */
export async function verify(
  { path, text }: { path: string; text: string },
  library: Library,
  rules: Rules,
): Promise<Verified | { fault: string }> {
  const reading = await readMarkdown(text);
  if ("fault" in reading) return reading;
  if (reading.links.length > MOST_LINKS) return { fault: `it holds more than ${MOST_LINKS} links` };
  const links: Checked[] = [];
  const proofs = new Map<Block, Link[]>();
  for (const link of reading.links) {
    const target = targetOf(path, link);
    if (target === null) continue;
    proofs.set(link.block, [...(proofs.get(link.block) ?? []), link]);
    links.push(await check(link, target, { path, library, rules }));
  }
  const unproved = rules.strict
    ? reading.blocks.flatMap((block) => unprovedIn(block, proofs.get(block) ?? [])).slice(0, MOST_LINKS)
    : [];
  return { links, unproved };
}

interface Court {
  path: string;
  library: Library;
  rules: Rules;
}

async function check(link: Link, target: Target | { fault: string }, court: Court): Promise<Checked> {
  const base = {
    line: link.line,
    text: seen(link),
    target: link.title === "" ? link.href : `${link.href} '${link.title}'`,
    spot: "fault" in target ? null : target,
  };
  const failed = (reason: string, path: string | null, found: string | null = null): Checked => ({
    ...base,
    path,
    ok: false,
    found,
    reason,
  });
  if ("fault" in target) return failed(target.fault, null);
  if (TURNED.test(link.block.text.slice(Math.max(0, link.from - 500), link.to + 500)))
    return failed(
      "characters that turn the direction of writing stand beside it: people may read another value",
      null,
    );
  const { path } = target;
  const closed =
    path === court.path && !isOwnFront(target) ? "a file cannot prove itself" : court.rules.closed(path);
  if (closed !== null) return failed(closed, path);
  const resolved = await resolve(target, court.library);
  if ("fault" in resolved) return failed(resolved.fault, path);
  const reason = wrong(link, { target, resolved }, court.rules);
  const found = shown(resolved.found);
  return reason === null ? { ...base, path, ok: true, found, reason } : failed(reason, path, found);
}

/** Behind one of these, digits are shown in another order than they are written. */
const TURNED = /[\u202A-\u202E\u2066-\u2069]/;

/** A text may state what its own front matter says. */
const isOwnFront = ({ spot }: Target): boolean => spot.kind === "pointer" && spot.steps.length > 0;

function wrong(
  link: Link,
  { target, resolved }: { target: Target; resolved: Resolved },
  rules: Rules,
): string | null {
  const said = seen(link);
  if (said.trim() === "") return "its text is empty; expected the value";
  const { why } = mismatch(said, resolved.found, isPercent(target, resolved, rules));
  if (why !== null)
    return `${why}: the text says ${said}, the source ${shown(resolved.found)}${inPercent(said, resolved.found)}`;
  return rules.identity ? misattribution(link, resolved.records) : null;
}

function isPercent({ path, formula }: Target, { steps }: Resolved, { percent }: Rules): boolean {
  if (formula !== null) return false;
  return percent.some((entry) => {
    const [glob = "", place = ""] = entry.split(/#(.*)/s);
    if (!matches(glob, path)) return false;
    if (!place.startsWith("/")) return steps.length === 1 && steps[0] === place;
    const wanted = place.slice(1).split("/");
    return wanted.length === steps.length && wanted.every((w, i) => w === "*" || w === steps[i]);
  });
}

/** A fraction beside the way in which the text would write it. */
function inPercent(said: string, found: Found): string {
  if (found.kind !== "value" || found.number === null || !said.includes("%")) return "";
  const { digits, places } = rounded(scaled(found.number, 2), 2);
  return ` (${Number(`${digits}e-${places}`)}%)`;
}

const LONG = 160;
const shown = ({ text }: Found): string => {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONG ? `${line.slice(0, LONG)}…`.toWellFormed() : line;
};
