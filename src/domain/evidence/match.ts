import { amountOf, numeralsIn, type Amount } from "./amount.ts";
import { rounded, same, scaled, type Decimal } from "./decimal.ts";

/** What stands at the place that a link points to. */
export type Found =
  /** One value. `number`: it is a number there, and no text. `computed`: by a formula. */
  | { kind: "value"; text: string; number: Decimal | null }
  /** Lines, of which the value is a part. */
  | { kind: "passage"; text: string };

/** Null: the statement holds. Else why it does not, in a few words that follow "the source says …". */
export type Mismatch = { why: string | null };

const QUOTED = /^(?:"([^]+)"|“([^]+)”|«([^]+)»|„([^]+)[“”])$/;

/** What is inside the quotation marks around a whole text; null when there are none. */
function quotedText(text: string): string | null {
  const found = QUOTED.exec(text.trim());
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? found[4] ?? null);
}

/** Two writings of the same words: white space, kinds of quotation marks and hyphens, Unicode's forms. */
const plainWords = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[\u2010\u2011]/g, "-")
    .replaceAll(/\s+/g, " ")
    .trim();

/** Of a value, letter case does not count, nor the full stop behind it, nor spaces around a dash: `9 - 14` is `9-14`. */
const plainValue = (text: string): string =>
  plainWords(text)
    .toLowerCase()
    .replaceAll(/ ?[-–] ?/g, "-")
    .replace(/ ?[.,;:!?]+$/, "");

/** Compares what a statement says with what stands at its source. */
export function mismatch(said: string, found: Found, isPercent: boolean): Mismatch {
  const quoted = quotedText(said);
  if (found.kind === "passage")
    return { why: quoted === null ? inPassage(said, found.text) : quoteIn(quoted, found.text) };
  if (quoted !== null)
    return { why: plainWords(quoted) === plainWords(found.text) ? null : "the quotation differs" };
  return { why: asValue(said, found, isPercent) };
}

function asValue(said: string, found: Extract<Found, { kind: "value" }>, isPercent: boolean): string | null {
  const source: Amount | null =
    found.number === null
      ? amountOf(found.text)
      : { value: found.number, percent: false, currency: null, ordinal: false };
  const claim = amountOf(said);
  if (claim !== null && source !== null) return amounts(claim, source, isPercent);
  if (plainValue(said) === plainValue(found.text)) return null;
  const core = amongWords(said);
  if (core === null) return "it differs";
  // `412 dollars`, or `412 leads`, is not €412.
  if (source !== null && source.currency !== null && amountOf(core)?.currency !== source.currency)
    return "it differs: write the currency's sign";
  return asValue(core, found, isPercent);
}

/** Many countries write `$`. */
const DOLLARS = ["$", "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"];

const isOneCurrency = (a: string, b: string): boolean =>
  a === b || ((a === "$" || b === "$") && DOLLARS.includes(a) && DOLLARS.includes(b));

/** By declared rules only: nothing here guesses a scale. */
function amounts(claim: Amount, source: Amount, isPercent: boolean): string | null {
  if (claim.currency !== null && source.currency !== null && !isOneCurrency(claim.currency, source.currency))
    return "the currency differs";
  if (claim.ordinal || source.ordinal) return same(claim.value, source.value) ? null : "it differs";
  return same(rounded(inTermsOf(claim, source, isPercent), claim.value.places), claim.value)
    ? null
    : differs(claim, source);
}

/** The source's number as the statement would write it: with or without a percent sign. */
function inTermsOf(claim: Amount, source: Amount, isPercent: boolean): Decimal {
  if (claim.percent) return source.percent || isPercent ? source.value : scaled(source.value, 2);
  return source.percent ? scaled(source.value, -2) : source.value;
}

const differs = (claim: Amount, source: Amount): string =>
  claim.percent !== source.percent && same(rounded(source.value, claim.value.places), claim.value)
    ? claim.percent
      ? "it differs: % means hundredths, unless `units` in the spec says that the source counts in percent"
      : "it differs: write the % into the link's text"
    : "it differs";

/** Words that change what a number says. A link's text that holds one is compared word by word. */
const CHANGING = new RegExp(
  String.raw`(?:^|[^\p{L}])(?:` +
    [
      "less|more|than|over|under|above|below|beyond|about|around|nearly|almost|roughly|approximately|approx|circa|some|least|most|up to|fewer|greater|lower|higher|exceed\\w*|within|between|min|max|minimum|maximum|half|quarter|third",
      "not|no|non|never|without|except|before|after|since|until|till|by|minus|negative|plus|further|another|other|additional|extra|ahead|behind|loss|down|up|increase\\w*|decrease\\w*",
      "hundreds?|thousands?|millions?|billions?|trillions?|dozens?|lakhs?|crores?|mio|mrd|mn|bn|tn|k|m|b|t|percent\\w*|per cent|pct|basis|bps|permille|times|fold|twice|double\\w*|triple\\w*|x|power|square|squared|cubed",
    ].join("|") +
    String.raw`)(?![\p{L}])|[<>≤≥≈~±×^√½¼¾‰]`,
  "iu",
);
const MOST_WORDS = 4;

/** The one number of `128 points overall`, where the words beside it leave it as it is; else null. */
function amongWords(said: string): string | null {
  if (said.length > 100) return null;
  const parts = plainWords(said)
    .replaceAll(/ ?[-–] ?/g, "-")
    .split(" ")
    .map((part) => part.replace(/[.,;:!?]+$/, ""))
    .filter((part) => part !== "");
  const [core, ...more] = parts.filter((part) => /\d/.test(part));
  const words = parts.filter((part) => part !== core);
  const plain = words.every((word) => /^[\p{L}'-]+$/u.test(word)) && !CHANGING.test(words.join(" "));
  return core === undefined || more.length > 0 || !plain || words.length === 0 || words.length > MOST_WORDS
    ? null
    : core;
}

const SCALE =
  /^ ?(?:hundred|thousand|million|billion|trillion|mio|mrd|mn|bn|tn|k|m|b|percent|per cent|basis points)\b/i;

function inPassage(said: string, passage: string): string | null {
  const claim = amountOf(said);
  const text = plainWords(passage);
  if (claim === null)
    return standsIn(plainValue(said), plainValue(text)) ? null : "it does not stand in these lines";
  const near = numeralsIn(text).filter((n) => {
    const source = amountOf(n.text);
    return source !== null && amounts(claim, source, false) === null;
  });
  if (near.length === 0) return "that number does not stand in these lines";
  const whole = near.some((n) => !SCALE.test(text.slice(n.at + n.text.length)));
  return whole ? null : "the lines go on with a word of scale: write all of it into the link's text";
}

const quoteIn = (quote: string, passage: string): string | null =>
  standsIn(plainWords(quote), plainWords(passage)) ? null : "these words do not stand in these lines";

/** True when the words stand there whole: neither end cuts through a word, a number or its sign. */
function standsIn(words: string, text: string): boolean {
  if (words === "") return false;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1))
    if (
      isWhole(
        text.slice(Math.max(0, at - 3), at),
        words,
        text.slice(at + words.length, at + words.length + 3),
      )
    )
      return true;
  return false;
}

/** True when words that stand between these texts are not cut out of a longer word or number. */
export function isWhole(before: string, words: string, after: string): boolean {
  const first = /^[\p{L}\p{N}_]/u.test(words);
  const last = /[\p{L}\p{N}_]$/u.test(words);
  if (first && /[\p{L}\p{N}_]$/u.test(before)) return false;
  if (last && /^[\p{L}\p{N}_]/u.test(after)) return false;
  if (/^\d/.test(words) && /\d[.,]$|(?:^|[^\p{L}\p{N}])[-\u2212]$/u.test(before)) return false;
  return !(/\d$/.test(words) && /^(?:[.,]\d| ?[%‰])/.test(after));
}
