/** What a source says otherwise, in one of several ways. */
export interface Change {
  /** `nth` counts the source's numbers from 0. Undefined: there is nothing any more. */
  number(value: number, nth: number): number | undefined;
  text(value: string): string | undefined;
  /** Lists get one element more. */
  isLonger?: boolean;
}

/** A document, or a part of one, as it would be if it said something else. */
export interface Other {
  of(value: unknown): unknown;
  /** The value at a place that is no document's field, such as a cell. */
  at(holder: object, key: string, value: unknown): unknown;
  /** What stands there in truth: for whatever decides which records count. */
  original(value: unknown): unknown;
}

/** Two readings of one place give the same; two places with the same number do not. Each place is changed once. */
export function otherSource(change: Change): Other {
  const others = new WeakMap<object, unknown>();
  const originals = new WeakMap<object, object>();
  let count = 0;
  const of = (value: unknown): unknown => {
    if (typeof value === "number") return change.number(value, count++);
    if (typeof value === "string") return change.text(value);
    if (typeof value === "boolean") return !value;
    if (typeof value !== "object" || value === null) return value;
    const known = others.get(value) ?? (Array.isArray(value) ? list(value) : record(value));
    others.set(value, known);
    if (typeof known === "object" && known !== null) originals.set(known, value);
    return known;
  };
  const list = (value: readonly unknown[]): unknown[] => {
    const all = value.map(of);
    return change.isLonger === true ? [...all, ...all.slice(-1)] : all;
  };
  const record = (value: object): unknown =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, of(inner)]));
  const places = new WeakMap<object, Map<string, unknown>>();
  return {
    of,
    at(holder, key, value) {
      const known = places.get(holder) ?? new Map<string, unknown>();
      places.set(holder, known);
      if (!known.has(key)) known.set(key, of(value));
      return known.get(key);
    },
    original: (value) =>
      typeof value === "object" && value !== null ? (originals.get(value) ?? value) : value,
  };
}
