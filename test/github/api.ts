import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";

/** GitHub's description of one operation, ready to be held against what was really sent. */
export interface Operation {
  /** `pulls/create`. */
  id: string;
  method: string;
  /** With `{names}`. */
  path: string;
  query: ReadonlyMap<string, Check>;
  body: { required: boolean; check: Check; keys: ReadonlySet<string> } | null;
  /** By status; null where an answer has no body. */
  answers: ReadonlyMap<number, Check | null>;
  pattern: RegExp;
}

const Schema = z.record(z.string(), z.unknown());
const Parameter = z.object({ name: z.string(), in: z.string(), schema: Schema });
const Content = z.object({ "application/json": z.object({ schema: Schema }).optional() });
const Answer = z.object({ content: Content.optional() });
const Described = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([z.object({ $ref: z.string() }), Parameter])).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), Answer])),
});
const Api = z.object({
  paths: z.record(z.string(), z.record(z.string(), Described)),
  components: z.object({
    schemas: z.record(z.string(), Schema),
    parameters: z.record(z.string(), Parameter),
    responses: z.record(z.string(), Answer),
  }),
});

const api = Api.parse(JSON.parse(readFileSync(join(import.meta.dirname, "api.json"), "utf8")));

/** OpenAPI 3.0 says `nullable` beside a type, an enum or a reference; JSON Schema says it with another branch. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { nullable, discriminator: _, ...rest } = Schema.parse(value);
  const schema = Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, plain(v)]));
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

const ajv = new Ajv({ strict: false, validateFormats: false, inlineRefs: false });
ajv.addSchema({ $id: "gh", components: { schemas: plain(api.components.schemas) } });

/** What is wrong with a value; null when nothing is. */
type Check = (data: unknown) => string | null;

/** Compiled when it is first needed. */
function lazily(schema: unknown): Check {
  let compiled: ValidateFunction | undefined;
  return (data) => {
    const text = JSON.stringify(plain(schema)).replaceAll('"#/', '"gh#/');
    compiled ??= ajv.compile(JSON.parse(text));
    return compiled(data) ? null : ajv.errorsText(compiled.errors ?? null);
  };
}

const at = (ref: string): string => ref.split("/").at(-1) ?? "";

function readOperation(path: string, method: string, described: z.infer<typeof Described>): Operation {
  const parameters = described.parameters
    .map((p) => ("$ref" in p ? api.components.parameters[at(p.$ref)] : p))
    .filter((p) => p !== undefined);
  const body = described.requestBody;
  const schema = body?.content["application/json"]?.schema;
  return {
    id: described.operationId,
    method: method.toUpperCase(),
    path,
    query: new Map(parameters.filter((p) => p.in === "query").map((p) => [p.name, lazily(p.schema)])),
    body:
      body === undefined || schema === undefined
        ? null
        : { required: body.required, check: lazily(schema), keys: keysOf(schema) },
    answers: new Map(
      Object.entries(described.responses).map(([status, said]) => {
        const answer = "$ref" in said ? api.components.responses[at(said.$ref)] : said;
        const shape = answer?.content?.["application/json"]?.schema;
        return [Number(status), shape === undefined ? null : lazily(shape)] as const;
      }),
    ),
    pattern: new RegExp(
      `^${path.replaceAll(/\{(\w+)\}/g, (_, n: string) => (SLASHED.has(n) ? "(.+)" : "([^/]+)"))}$`,
    ),
  };
}

/** Parameters that may hold slashes. */
const SLASHED = new Set(["branch", "ref", "path"]);

/** The properties that a body may have, wherever its schema lists them; empty: any. */
function keysOf(schema: Record<string, unknown>): Set<string> {
  const branches = [schema, ...["anyOf", "oneOf", "allOf"].flatMap((k) => [schema[k] ?? []].flat())];
  return new Set(branches.flatMap((b) => Object.keys(Object(Object(b).properties))));
}

const params = ({ path }: { path: string }): number => path.split("{").length;

const operations: readonly Operation[] = Object.entries(api.paths)
  .flatMap(([path, methods]) => Object.entries(methods).map(([m, d]) => readOperation(path, m, d)))
  // Literal names win over parameters: `/issues/comments` is no issue.
  .toSorted((a, b) => params(a) - params(b) || b.path.length - a.path.length);

export const operationOf = (method: string, pathname: string): Operation | undefined =>
  operations.find((o) => o.method === method && o.pattern.test(pathname));

/** The schema of a component, for making values that fit it. */
export const schemaOf = (name: string): Record<string, unknown> | undefined => api.components.schemas[name];

/** What is wrong with a request by GitHub's own description; empty when nothing is. */
export function requestFaults(operation: Operation, query: URLSearchParams, body: unknown): string[] {
  const strangers = [...query.keys()].filter((key) => !operation.query.has(key));
  const values = [...query].flatMap(([key, text]) => {
    const check = operation.query.get(key);
    const readings = [text, ...(/^\d+$/.test(text) ? [Number(text)] : [])];
    return check === undefined || readings.some((value) => check(value) === null)
      ? []
      : [`query ${key}=${text}`];
  });
  return [...strangers.map((key) => `unknown query ${key}`), ...values, ...bodyFaults(operation, body)];
}

function bodyFaults({ body: described }: Operation, body: unknown): string[] {
  if (body === undefined) return described?.required === true ? ["the body is missing"] : [];
  if (described === null) return ["a body where there is none"];
  const wrong = described.check(body);
  if (wrong !== null) return [wrong];
  const { keys } = described;
  return keys.size === 0
    ? []
    : Object.keys(Object(body))
        .filter((key) => !keys.has(key))
        .map((key) => `unknown body key ${key}`);
}

/** Statuses that any operation may end with, whatever its own description lists. */
const ANY = new Set([401, 403, 404, 422, 429, 500, 502, 503]);

/** What is wrong with an answer; empty when nothing is. */
export function answerFaults({ answers }: Operation, status: number, body: unknown): string[] {
  if (status === 304) return [];
  const check = answers.get(status);
  if (check === undefined)
    return ANY.has(status) ? [] : [`status ${status} is not among ${[...answers.keys()].join(", ")}`];
  return [check?.(body) ?? []].flat();
}
