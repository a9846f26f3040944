import type { Block, Span } from "./block.ts";

/** A number that a sentence states without a link to its source. */
export interface Unproved {
  line: number;
  /** The number as it stands there. */
  number: string;
  /** The sentence around it. */
  text: string;
}

/** Blanks out, character by character, what is no statement: dates, times, ids, versions, list numbers. */
const EXCEPTED: readonly RegExp[] = [
  /\b(?:https?:\/\/|www\.)\S+/giu,
  /[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}/gu,
  // Dates, times, and years that a word makes one.
  /\b\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?(?![\w-])/gu,
  /\b\d{8}T\d{4,6}Z?\b/gu,
  /\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?|Z\b)?/giu,
  /\b(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?/giu,
  /\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)\b/gu,
  new RegExp(
    String.raw`\b(?:\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?(?:MONTH)\b\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?\b(?![.,]?\d|\s?%))?(?:,?\s+(?:19|20)\d\d\b)?`.replace(
      "MONTH",
      "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?",
    ),
    "gu",
  ),
  /\b(?:Q[1-4]|H[12]|FY)\s?(?:19|20)?\d\d\b/gu,
  /\b(?:in|since|of|by|from|until|till|to|during|through|before|after|for|and|year|early|mid|late|spring|summer|autumn|fall|winter)[ -](?:19|20)\d\d\b(?!\s?%|[.,]?\d|\s+(?!(?:and|or|to|but|as|at|by|on|for|with|we|they|it|this|that|there|the|an?|our|was|were|is|are|has|had|when|which|than)\b)\p{L})/giu,
  /\((?:19|20)\d\d\)/gu,
  // Versions.
  /\b[vV]?\d+(?:\.\d+){2,}(?:[-+][\w.]+)?\b/gu,
  /\b(?:v|version|release)\s?\d+(?:\.\d+)*\b/giu,
  // Ids and places: what follows a word that counts or names things, and names that hold digits.
  /\b(?:pull|PR|issue|task|step|lines?|pages?|sections?|rows?|columns?|cells?|figure|table|chapter|week|item|point|question|round|attempt|part|phase|rule|slot|no\.|nr\.?|number)\s+#?\d+(?:\s?[-–]\s?\d+)?\b(?![.,]?\d|\s?%)/giu,
  /#\d+\b/gu,
  // Footnotes by number.
  /\[\^\d{1,2}\](?::(?=\s))?/gu,
  /(?<![\p{L}\p{N}])[\w@.-]{0,100}(?:\/[\w@.-]{1,100}){1,12}\.[a-z]\w{0,9}\b/gu,
  /(?<![\p{L}\p{N}_])(?!(?:USD|EUR|GBP|JPY|CHF|US)\d)\p{L}[\p{L}_]*(?:[-_.]?[\p{L}\p{N}_]+)*/gu,
  /\b(?=[0-9a-f-]{0,64}\d)(?=[0-9a-f-]{0,64}[a-f])[0-9a-f]{7,64}(?:-[0-9a-f]{4,12}){0,4}\b/gu,
];

const NUMERAL = /[\p{Sc}]?\p{Nd}[\p{Nd}.,:'’\u00a0\u202f]*(?:\s?[%‰]|\p{L}+)?/gu;

/** Every number in prose that no link proves. Code, link texts that are evidence (`proved`), and what is excepted do not count. */
export function unprovedIn(block: Block, proved: readonly Span[]): Unproved[] {
  const found: Unproved[] = [];
  let line = block.line;
  let counted = 0;
  for (const { 0: hit, index } of masked(block, proved).matchAll(NUMERAL)) {
    line += block.text.slice(counted, index).split("\n").length - 1;
    counted = index;
    const number = block.text.slice(index, index + hit.length).replace(/[\s.,:'’]+$/u, "");
    found.push({ line, number, text: shortened(block.text, index) });
  }
  return found;
}

/** Stands where no prose is. */
const BLANK = "\u0000";

function masked(block: Block, proved: readonly Span[]): string {
  let text = without(block.text, [...block.codes, ...proved]);
  if (block.kind === "heading") text = text.replace(/^\s*\d+(?:\.\d+)*[.)]?\s/, blanked);
  for (const rule of EXCEPTED) text = text.replaceAll(rule, blanked);
  return text;
}

function without(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let kept = 0;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    pieces.push(text.slice(kept, Math.max(kept, from)), BLANK.repeat(Math.max(0, to - Math.max(kept, from))));
    kept = Math.max(kept, to);
  }
  return pieces.join("") + text.slice(kept);
}

const blanked = (text: string): string => BLANK.repeat(text.length);

function shortened(text: string, at: number): string {
  const start = Math.max(0, at - 60);
  const part = text
    .slice(start, at + 100)
    .replaceAll(/\s+/g, " ")
    .trim();
  return `${start > 0 ? "…" : ""}${part}${at + 100 < text.length ? "…" : ""}`;
}
