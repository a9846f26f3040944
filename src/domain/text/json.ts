/** An escaped surrogate without its other half: valid JSON, and refused by many who read it again. */
const HALF =
  /(?<!\\)(?:\\\\)*(?:\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2})/i;

/**
 * Reads a text that must be one JSON object, strictly: nothing is repaired and nothing is guessed. Keys that stand
 * twice, and `__proto__`, are refused: which of two values was meant cannot be known.
 */
export function readObject(text: string): { value: Record<string, unknown> } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!text.isWellFormed() || HALF.test(text)) return { fault: "not text: it holds half of a character" };
  if (!isObject(value)) return { fault: `expected a JSON object, got ${kindOf(value)}` };
  const bad = ambiguousKey(text);
  if (bad !== null) return { fault: bad };
  return { value };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;

/** Walks a text that is known to be JSON: there, a string before a colon is a key. */
export function ambiguousKey(json: string): string | null {
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === "{") open.push(new Set());
    else if (char === "}") open.pop();
    else if (char === '"') {
      const end = stringEnd(json, at);
      const fault = isKey(json, end) ? keyFault(json.slice(at, end), open.at(-1)) : null;
      if (fault !== null) return fault;
      at = end - 1;
    }
  }
  return null;
}

/** The index after the closing quote. No regular expression: on long strings it would run out of stack. */
export function stringEnd(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (json[quote - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
}

function isKey(json: string, after: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = after;
  return colon.test(json);
}

function keyFault(quoted: string, seen: Set<string> | undefined): string | null {
  const key: unknown = JSON.parse(quoted);
  if (typeof key !== "string" || seen === undefined) return null;
  if (key === "__proto__") return 'the key "__proto__" is not allowed';
  if (seen.has(key)) return `the key ${JSON.stringify(key)} stands twice`;
  seen.add(key);
  return null;
}
