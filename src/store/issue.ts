import { z } from "zod";
import type { Finding, Place } from "../domain/finding.ts";
import { nearest } from "../domain/text/near.ts";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;
type Json = z.core.JSONSchema._JSONSchema;

/** What a file was checked against, and where its values stand. */
interface Checked {
  schema: z.ZodType;
  /** The place of a value, or of its key; where there is none, that of the nearest thing above it. */
  place(path: Path, what: "key" | "value"): Place;
}

/** Nobody reads more. */
const MOST_FINDINGS = 20;

/** zod's issues (parsed with `reportInput`) as findings: each at its own place, with what was probably meant. */
export function findingsOf(issues: readonly Issue[], checked: Checked): Finding[] {
  return issues
    .flatMap((issue) => spread(issue, [], checked))
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, MOST_FINDINGS);
}

function spread(issue: Issue, above: Path, checked: Checked): Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(z.toJSONSchema(checked.schema, { io: "input", unrepresentable: "any" }), path);
    return issue.keys.map((key) => ({
      rule: "schema/unknown-key",
      level: "error",
      message: unknownKey(key, known),
      ...checked.place([...path, key], "key"),
    }));
  }
  const meant =
    issue.code === "invalid_union" ? issue.errors.find((branch) => !branch.some(isOtherKind)) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => spread(inner, path, checked));
  const message = `${nameOf(path)}${expectation(issue)}`;
  return [{ rule: "schema/invalid", level: "error", message, ...checked.place(path, "value") }];
}

/** True when a union's branch was not meant at all: it wants a list, say, where there is text. */
function isOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_value") return typeof issue.input !== typeof issue.values[0];
  return issue.code === "invalid_type";
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const hint = near === null ? `expected one of ${known.join(", ")}` : `did you mean ${near}?`;
  return `unknown key ${show(key)}; ${hint}`;
}

/** The keys that a schema knows below a path, whichever branch of a union is meant. */
function keysAt(schema: Json, path: Path): string[] {
  if (typeof schema === "boolean") return [];
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((branch) =>
    keysAt(branch, path),
  );
  const [step, ...rest] = path;
  if (step === undefined) return [...new Set([...Object.keys(schema.properties ?? {}), ...branches])];
  const below =
    typeof step === "number"
      ? schema.items
      : (schema.properties?.[String(step)] ?? schema.additionalProperties);
  return below === undefined || Array.isArray(below) ? branches : [...keysAt(below, rest), ...branches];
}

function nameOf(path: Path): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return parts.length === 0 ? "" : `${parts.join("").replace(/^\./, "")}: `;
}

/** What was expected, and what was found instead. */
function expectation(issue: Issue): string {
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
  return `${expected}, found ${typeof input === "object" ? "keys with values" : show(input)}`;
}

const show = (value: unknown): string => JSON.stringify(value).slice(0, 80);

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
