import { decimalOf, negated, type Decimal } from "./decimal.ts";

/** A number as people write it. */
export interface Amount {
  /** What stands there: `2.3%` is 2.3. */
  value: Decimal;
  /** It was written with a percent sign. */
  percent: boolean;
  /** The currency, as a code where it has one; null when none was written. */
  currency: string | null;
  /** `3rd`: it counts only when it is exactly that. */
  ordinal: boolean;
}

/** Signs that stand for one currency. `$` alone is left as it is: many countries write it. */
const SIGNS: Readonly<Record<string, string>> = { "€": "EUR", "£": "GBP", "₹": "INR", US$: "USD" };
const CODES = "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|INR|SEK|NOK|DKK|PLN|CZK|BRL|MXN|SGD|HKD|ZAR|TRY|KRW";

/** A currency as a pattern: its sign, or its code. */
export const MONEY = String.raw`(?:US\$|\p{Sc}|${CODES})`;
/** Thousands are set apart by commas, or by apostrophes or spaces that do not break. */
const DIGITS = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:['’\u00a0\u202f\u2009]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+`;
const SHAPE = new RegExp(
  String.raw`^(?<sign>[-+])?(?<before>${MONEY})?\s?(?<inner>[-+])?(?<open>\()?\s?(?<within>${MONEY})?\s?(?<digits>${DIGITS})(?:\s?(?<p1>%)|(?<th>st|nd|rd|th))?(?<close>\))?\s?(?<p2>%)?\s?(?<behind>${MONEY})?$`,
  "u",
);

const LONGEST = 80;

/** Hyphens of typesetting that people mean as a minus. A dash between words is none of them. */
const straight = (text: string): string => text.trim().replaceAll(/[\u2212\uFE63\uFF0D]/g, "-");

type Parts = Partial<Record<string, string>>;

/** Reads a text that is one number and nothing else; null for all other text. Scale is never guessed: `3k` is no number. */
export function amountOf(text: string): Amount | null {
  const parts: Parts | undefined = text.length > LONGEST ? undefined : SHAPE.exec(straight(text))?.groups;
  if (parts === undefined || !isSound(parts)) return null;
  const value = plain(parts["digits"] ?? "");
  if (value === null) return null;
  const money = moneyOf(parts)[0] ?? null;
  return {
    value: signsOf(parts).some((sign) => sign !== "+") ? negated(value) : value,
    percent: percentsOf(parts).length > 0,
    currency: money === null ? null : (SIGNS[money] ?? money),
    ordinal: parts["th"] !== undefined,
  };
}

const those = (parts: Parts, names: readonly string[]): string[] =>
  names.flatMap((name) => parts[name] ?? []);
const moneyOf = (parts: Parts): string[] => those(parts, ["before", "within", "behind"]);
/** A parenthesis is a minus to accountants. */
const signsOf = (parts: Parts): string[] => those(parts, ["sign", "inner", "open"]);
const percentsOf = (parts: Parts): string[] => those(parts, ["p1", "p2"]);

/** Each mark at most once, and none that contradicts another. */
function isSound(parts: Parts): boolean {
  const { open, close, digits = "", th } = parts;
  const [money, signs, percents] = [moneyOf(parts).length, signsOf(parts).length, percentsOf(parts).length];
  if ((open === undefined) !== (close === undefined)) return false;
  if (signs > 1 || money + percents > 1) return false;
  return th === undefined || (signs + money + percents === 0 && isOrdinal(digits, th));
}

/** `007` is a name and no number. */
function plain(digits: string): Decimal | null {
  const bare = digits.replaceAll(/[^\d.]/g, "");
  return /^0\d/.test(bare) ? null : decimalOf(bare.startsWith(".") ? `0${bare}` : bare);
}

function isOrdinal(digits: string, suffix: string): boolean {
  if (!/^\d+$/.test(digits)) return false;
  const teen = /1[123]$/.test(digits);
  const last = digits.at(-1) ?? "";
  return suffix === (teen ? "th" : ({ "1": "st", "2": "nd", "3": "rd" }[last] ?? "th"));
}

/** A number inside other text: where it begins, as it stands there with its signs. */
export interface Numeral {
  at: number;
  text: string;
}

const INSIDE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.,])(?:[-+\u2212](?<![\p{L}\p{N}][-+\u2212]))?(?:${MONEY}\s?)?\(?(?:${MONEY}\s?)?(?:${DIGITS})(?:st|nd|rd|th)?\)?\s?%?(?![\p{L}\p{N}_]|[.,:]\d|['’\u00a0\u202f\u2009]\d{3})`,
  "gu",
);

/** Parts of these are no numbers of their own. */
const DATED = /(?<!\d)(?:\d{4}-\d\d(?:-\d\d)?|\d\d?:\d\d(?::\d\d)?|\d\d?([/.])\d\d?\1\d{2,4})(?!\d)/g;

/** Every number of a text. What is glued to letters, to further digits or to `:` is none, nor is a part of a date. */
export function numeralsIn(text: string): Numeral[] {
  const dateless = text.replaceAll(DATED, (date) => "_".repeat(date.length));
  return [...dateless.matchAll(INSIDE)].map((found) => balanced({ at: found.index, text: found[0] }));
}

/** `(27%` and `5)` are numbers beside a parenthesis of the sentence. */
function balanced({ at, text }: Numeral): Numeral {
  const open = text.includes("(");
  const close = text.includes(")");
  if (open === close) return { at, text: text.trimEnd() };
  const cut = open ? text.indexOf("(") : 0;
  return open && cut === 0
    ? { at: at + 1, text: text.slice(1).trimEnd() }
    : { at, text: text.replace(/[()]/, "").trimEnd() };
}
