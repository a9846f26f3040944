import { z } from "zod";
import { nearest } from "./near.ts";

type Issue = z.core.$ZodIssue;

/** What was expected, and what was found instead, of an issue that was parsed with `reportInput`. */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return versus(`expected ${kind(issue.expected)}`, issue.input) + quoteHint(issue);
    case "invalid_value":
      return oneOf(issue.values.map(String), issue.input);
    case "invalid_union":
      return union(issue);
    case "invalid_format":
      // Not what was found: where the name of a key is expected, it may be the key.
      return FORMATS[issue.format] ?? issue.message;
    case "too_small":
      return bound(issue.inclusive ? "at least" : "more than", issue.minimum, issue.origin);
    case "too_big":
      return bound(issue.inclusive ? "at most" : "less than", issue.maximum, issue.origin);
    default:
      return issue.message;
  }
}

const bound = (side: string, limit: number | bigint, origin: string): string =>
  `expected ${side} ${limit}${UNITS[origin] ?? ""}`;

const kind = (expected: string): string => KINDS[expected] ?? expected;

function union(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.discriminator !== undefined) {
    const chosen = z.record(z.string(), z.unknown()).safeParse(issue.input).data?.[issue.discriminator];
    return oneOf("options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [], chosen);
  }
  const kinds = issue.errors.flatMap(([e]) => (e?.code === "invalid_type" ? [kind(e.expected)] : []));
  return versus(`expected ${kinds.join(" or ")}`, issue.input);
}

function oneOf(words: readonly string[], input: unknown): string {
  const near = typeof input === "string" ? nearest(input, words) : null;
  const expected = `expected ${words.length > 1 ? "one of " : ""}${words.join(", ")}`;
  return versus(expected, input) + (near === null ? "" : `; did you mean ${near}?`);
}

/** YAML reads `2026` and `true` as what they look like. */
const quoteHint = (issue: z.core.$ZodIssueInvalidType): string =>
  issue.expected === "string" && ["number", "boolean"].includes(typeof issue.input) ? "; quote it" : "";

function versus(expected: string, input: unknown): string {
  if (input === undefined) return `missing; ${expected}`;
  if (input === null || input === "") return `${expected}, found nothing`;
  if (Array.isArray(input)) return `${expected}, found a list`;
  return `${expected}, found ${typeof input === "object" ? "keys with values" : shown(input)}`;
}

/** A value as it was written, and not too much of it. */
export const shown = (value: unknown): string => JSON.stringify(value).slice(0, 80);

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

const FORMATS: Readonly<Record<string, string>> = {
  date: "expected a day such as 2026-11-25",
  email: "expected an e-mail address",
  url: "expected a URL",
};

const UNITS: Readonly<Record<string, string>> = { string: " characters", array: " items" };
