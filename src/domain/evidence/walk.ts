import type { Document } from "./json-document.ts";
import type { Library } from "./library.ts";
import type { InRecord } from "./record.ts";

/** Where a pointer ends: the value, what holds it, and the arrays it came through. */
export interface End {
  value: unknown;
  holder: unknown;
  records: InRecord[];
}

/** Follows a JSON Pointer. */
export function walk(
  path: string,
  steps: readonly string[],
  { document, library }: { document: Document; library: Library },
): End | { fault: string } {
  let end: End = { value: document.root, holder: null, records: [] };
  for (const [i, step] of steps.entries()) {
    const next = child(end, step, library);
    if (next === null) {
      const here = steps.slice(0, i);
      return { fault: `${at(path, here)} has no ${JSON.stringify(step)}${offered(end.value)}` };
    }
    end = next;
  }
  return end;
}

function child({ value, records }: End, step: string, library: Library): End | null {
  if (Array.isArray(value)) {
    const index = /^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : value.length;
    const element: unknown = value[index];
    if (index >= value.length) return null;
    const isRecord = typeof element === "object" && element !== null && !Array.isArray(element);
    return {
      value: element,
      holder: value,
      records: isRecord ? [...records, { list: library.records(value), index }] : records,
    };
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return null;
  return { value: new Map<string, unknown>(Object.entries(value)).get(step), holder: value, records };
}

/** What there is instead, for whoever has to mend the link. */
function offered(value: unknown): string {
  if (Array.isArray(value)) return `: it has ${value.length} elements, from 0`;
  if (typeof value !== "object" || value === null) return `: it is ${kindOf(value)}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "" : `: it has ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? ", …" : ""}`;
}

/** A place as people write it. */
export const at = (path: string, steps: readonly string[]): string =>
  steps.length === 0
    ? path
    : `${path}#${steps.map((s) => `/${s.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")}`;

export const kindOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
