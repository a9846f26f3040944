/** A place of the repository that a text names. */
export interface Place {
  path: string;
  /** The line, from 1; null when none is named. */
  line: number | null;
}

/**
 * Words with slashes or an ending, and a line behind them: `pages/a.md:12`, `/pages/a.md#L12`, `pages/a.md, line 12`. What
 * goes on as a pattern, such as `pages/*.md`, names no place.
 */
const NAMED =
  /(?<![\p{L}\p{N}_/.:@-])\/?((?:[\p{L}\p{N}_.@+-]+\/)*[\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])(?![\p{L}\p{N}_]|\/?[*{[])(?:(?::|#L|[`)\]]?,? lines? )(\d{1,7}))?/gu;

/**
 * The places that a text names, each once. A word is one when it is the path of a file, or begins with a folder that
 * there is: `and/or` is no path, `pages/roofing.md` is one whether or not the file exists.
 */
export function placesIn(text: string, files: Iterable<string>): Place[] {
  const paths = new Set(files);
  const folders = new Set(
    [...paths].flatMap((path) => (path.includes("/") ? [path.split("/", 1)[0] ?? ""] : [])),
  );
  const places = new Map<string, Place>();
  for (const [, path = "", line] of text.matchAll(NAMED)) {
    const isPlace = paths.has(path) || (path.includes("/") && folders.has(path.split("/", 1)[0] ?? ""));
    if (!isPlace) continue;
    const place = { path, line: line === undefined ? null : Number(line) };
    places.set(`${path}:${line ?? ""}`, place);
  }
  return [...places.values()];
}
