import { sentence } from "../fault.ts";
import { ambiguousKey } from "../text/json.ts";

/** A JSON document, and its numbers as they are written where a computer's number is less than that. */
export interface Document {
  root: unknown;
  /** The digits of a number in the source, by its object or array and its key. */
  written(holder: unknown, key: string): string | undefined;
}

const MOST_DEPTH = 100;

/** Reads JSON strictly. A key that stands twice is refused: which value counts cannot be known. */
export function documentOf(path: string, text: string): { document: Document } | { fault: string } {
  const bare = text.replace(/^\uFEFF/, "");
  if (depthOf(bare) > MOST_DEPTH) return { fault: `${path} is nested deeper than ${MOST_DEPTH} levels` };
  const exact = new WeakMap<object, Map<string, string>>();
  try {
    const root: unknown = JSON.parse(
      bare,
      function (this: object, key, value: unknown, context?: { source?: string }) {
        const source = context?.source;
        if (typeof value === "number" && source !== undefined && source !== String(value))
          exact.set(this, (exact.get(this) ?? new Map<string, string>()).set(key, source));
        return value;
      },
    );
    const twice = ambiguousKey(bare);
    if (twice !== null) return { fault: `${path}: ${twice}` };
    return {
      document: {
        root,
        written: (holder, key) =>
          typeof holder === "object" && holder !== null ? exact.get(holder)?.get(key) : undefined,
      },
    };
  } catch (error) {
    return { fault: `${path} is no JSON: ${sentence(error)}` };
  }
}

/** A document that was read elsewhere, such as front matter. */
export const plainDocument = (root: unknown): Document => ({ root, written: () => undefined });

/** How deep brackets nest outside of strings. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === "[" || char === "{") most = Math.max(most, ++depth);
    else if (char === "]" || char === "}") depth--;
    else if (char === '"') at = closing(json, at);
  }
  return most;
}

function closing(json: string, open: number): number {
  for (let at = open + 1; at < json.length; at++) {
    if (json[at] === "\\") at++;
    else if (json[at] === '"') return at;
  }
  return json.length;
}
