import { z } from "zod";
import type { Finding, Place } from "../domain/finding.ts";
import { expectation, shown } from "../domain/text/expectation.ts";
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
  return `unknown key ${shown(key)}; ${hint}`;
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
