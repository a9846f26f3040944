import { MONEY } from "./amount.ts";
import type { Link } from "./block.ts";

/** Letters that join into words. In scripts without spaces between words, a letter beside a link is the next word. */
const LETTER = String.raw`(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{M}\p{N}_])`;
const LETTERS_BEFORE = new RegExp(`${LETTER}+$`, "u");
const LETTERS_BEHIND = new RegExp(`^${LETTER}+`, "u");

const APART = String.raw`['’\u00a0\u202f\u2009]`;
/** `1 ` with a space that does not break, before three digits. */
const THOUSANDS_BEFORE = new RegExp(String.raw`(?<!\d)\d{1,3}(?:${APART}\d{3})*${APART}$`, "u");
const THOUSANDS_BEHIND = new RegExp(String.raw`^(?:${APART}\d{3})+(?!\d)`, "u");

const SIGN = String.raw`(?:(?:^|[^\p{L}\p{N}])[-+\u2212\u2013])`;
const NUMBER_BEFORE = new RegExp(String.raw`${SIGN}?(?:[\p{L}\p{N}\p{Sc}]|\d[.,])*$`, "u");
const NUMBER_BEHIND = /^(?:[.,]?\p{N}|[\p{L}\p{M}%‰\p{Sc}])*/u;

/** Units that stand a blank away. One that touches another number belongs to that. */
const MONEY_BEFORE = new RegExp(String.raw`(?<![\p{L}\p{N}]|\d\s)${MONEY}\s$`, "u");
const UNIT_BEHIND = new RegExp(String.raw`^\s(?:[%‰]|${MONEY}(?![\p{L}\p{N}]|\s?\d))`, "u");

/** How far on either side is looked. */
const NEAR = 24;

/** A link's text as people read it: what touches it, and is no word or number of its own, belongs to it. */
export function seen({ text, from, to, block }: Link): string {
  const before = block.text.slice(Math.max(0, from - NEAR), from);
  const behind = block.text.slice(to, to + NEAR);
  const whole = /\d/.test(text) ? numberSeen(before, text, behind) : wordSeen(before, text, behind);
  return whole.replaceAll("\n", " ");
}

const match = (pattern: RegExp, text: string): string => pattern.exec(text)?.[0] ?? "";

const wordSeen = (before: string, text: string, behind: string): string =>
  `${match(LETTERS_BEFORE, before)}${text}${match(LETTERS_BEHIND, behind)}`;

function numberSeen(before: string, text: string, behind: string): string {
  const group = /^\d{3}(?!\d)/.test(text) ? match(THOUSANDS_BEFORE, before) : "";
  const touching = match(NUMBER_BEFORE, before.slice(0, before.length - group.length));
  // What stands before a sign is none of it, and a dash that touches a number is read as its minus.
  const start = touching.replace(/^[^\p{L}\p{N}\p{Sc}\d+\u2212\u2013-]/u, "").replace(/^\u2013/, "\u2212");
  const money = group + touching === "" ? match(MONEY_BEFORE, before) : "";
  const more = /\d$/.test(text) ? match(THOUSANDS_BEHIND, behind) : "";
  const end = more + match(NUMBER_BEHIND, behind.slice(more.length));
  const unit = /[\d)]$/.test(text + end) ? match(UNIT_BEHIND, behind.slice(end.length)) : "";
  return `${money}${start}${group}${text}${end}${unit}`;
}
