/** Text of one line: no controls, no breaks. */
export const oneLine = (text: string): string =>
  text
    .slice(0, 8000)
    .replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();

/** A text of at most `most` characters: whole sentences where there are some, else whole words and an ellipsis. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most).toWellFormed();
  const sentences = /^.*[.!?](?=\s)/s.exec(head)?.[0];
  if (sentences !== undefined && sentences.length > most / 3) return sentences;
  const words = head.slice(0, most - 1).replace(/\s+\S*$/, "");
  return `${words}…`;
}

/** Lower-case ASCII letters and digits joined by hyphens; empty when the text has none. */
export const asciiSlug = (text: string): string =>
  (
    text
      .slice(0, 200)
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  ).join("-");

/** Text, or a number as text; null for anything else, and for nothing. */
export const scalarOf = (value: unknown): string | null =>
  (typeof value === "string" && value.trim() !== "") || typeof value === "number"
    ? String(value).trim()
    : null;

/** A list of words, or words between commas; null for anything else. */
export function wordsOf(value: unknown): string[] | null {
  if (value === undefined || value === null || value === "") return [];
  const items: unknown[] | null = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? value.split(",")
      : null;
  if (items === null || !items.every((item) => typeof item === "string" || typeof item === "number"))
    return null;
  return items.map((item) => String(item).trim()).filter((item) => item !== "");
}

/** A value as a message may hold it: quoted, on one line, short. */
export const shown = (value: unknown): string =>
  oneLine(JSON.stringify(value ?? null).slice(0, 200)).replace(/^(.{79}).+$/su, "$1…");

/** Lines of a body that are looked at for a title or a description. */
const LOOK = 200;

/** A body's first heading; null when it has none near its beginning. */
export function headingOf(body: string): string | null {
  const heading = body.split("\n", LOOK).find((line) => /^#{1,3} +\S/.test(line));
  return heading === undefined ? null : oneLine(heading.replace(/^#+/, "").replace(/#+\s*$/, ""));
}

/** A body's first words: its first paragraph that is no heading, list, table, quote, comment or code. */
export function firstWords(body: string, most: number): string | null {
  const lines = body.split("\n", LOOK).map((line) => line.slice(0, 2000));
  const first = lines.findIndex(
    (line) => /^[\p{L}\p{N}*_"'(]/u.test(line) && !/^[*_-]\s|^(?:\*\*\*|___)/.test(line),
  );
  if (first < 0) return null;
  const end = lines.findIndex((line, i) => i > first && /^\s*$|^[#>|`-]/.test(line));
  const paragraph = oneLine(lines.slice(first, end < 0 ? first + 10 : end).join(" "));
  return paragraph === "" ? null : shorten(paragraph, most);
}
