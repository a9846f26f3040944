import { schemaOf } from "./api.ts";

/**
 * A value that fits a component of GitHub's description: what is known, and for every other required property the
 * emptiest value that the description allows. So answers have GitHub's whole shape, and the double says only what it knows.
 */
export function fill(component: string, known: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const schema = schemaOf(component);
  if (schema === undefined) throw new Error(`the description has no ${component}`);
  return Object(merge(schema, known));
}

type Schema = Record<string, unknown>;

function resolved(schema: Schema): Schema {
  const { $ref } = schema;
  return typeof $ref === "string" ? resolved(schemaOf($ref.split("/").at(-1) ?? "") ?? {}) : schema;
}

function merge(raw: Schema, known: unknown): unknown {
  const schema = parts(resolved(raw));
  if (known === null) return null;
  if (Array.isArray(known)) return known;
  if (known !== undefined && typeof known !== "object") return known;
  if (known === undefined && (raw["nullable"] === true || schema["nullable"] === true)) return null;
  const properties: Record<string, Schema> = Object(schema["properties"]);
  if (schema["type"] !== "object" && Object.keys(properties).length === 0) return known ?? empty(schema);
  const given: Record<string, unknown> = Object(known);
  const required = new Set([schema["required"] ?? []].flat().map(String));
  const made = Object.entries(properties)
    .filter(([key]) => required.has(key) || given[key] !== undefined)
    .map(([key, part]) => [key, merge(part, given[key])] as const);
  return { ...given, ...Object.fromEntries(made) };
}

/** One object schema of several that hold together; of alternatives the first. */
function parts(schema: Schema): Schema {
  const all = [schema["allOf"] ?? []].flat().map((s) => parts(resolved(Object(s))));
  const [any] = [schema["anyOf"] ?? schema["oneOf"] ?? []].flat().map((s) => parts(resolved(Object(s))));
  return [...all, ...(any === undefined ? [] : [any])].reduce<Schema>(
    (one, other) => ({
      ...other,
      ...one,
      properties: { ...Object(other["properties"]), ...Object(one["properties"]) },
      required: [...new Set([one["required"] ?? [], other["required"] ?? []].flat())],
    }),
    schema,
  );
}

function empty(schema: Schema): unknown {
  const [choice] = [schema["enum"] ?? []].flat();
  if (choice !== undefined) return choice;
  switch (schema["type"]) {
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "array":
      return [];
    case "string":
      return schema["format"] === "date-time" ? "1970-01-01T00:00:00Z" : "";
    default:
      return {};
  }
}
