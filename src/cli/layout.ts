import { stripVTControlCharacters } from "node:util";

let segmenter: Intl.Segmenter | undefined;

/** Characters as people count them. The segmenter takes longer to make than a command to start, and is seldom needed. */
function graphemes(text: string): string[] {
  if (/^[ -~]*$/.test(text)) return text.split("");
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return [...segmenter.segment(text)].map((s) => s.segment);
}

const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[^][\uff9e\uff9f]|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18df2}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;

/** Marks, joiners and controls that stand alone. */
const NONE = /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Mn}\p{Me}]+$/u;

/** Cells that a text takes: wide East Asian characters and emoji take two. */
export const widthOf = (text: string): number =>
  graphemes(stripVTControlCharacters(text)).reduce((width, g) => width + cellsOf(g), 0);

const cellsOf = (grapheme: string): number => (NONE.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1);

/** A text that takes at most so many cells; its styles are lost with its end. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const [kept = ""] = chunks(stripVTControlCharacters(text), width - 1);
  return `${kept}…`;
}

/** Pieces of at most so many cells. */
function chunks(text: string, width: number): string[] {
  const pieces = [""];
  for (const g of graphemes(text)) {
    const piece = pieces.at(-1) ?? "";
    if (piece !== "" && widthOf(piece + g) > width) pieces.push(g);
    else pieces[pieces.length - 1] = piece + g;
  }
  return pieces;
}

/**
 * A text in lines of at most `width` cells, broken between words, all but the first behind `hang`.
 * Without a width it stays as it is.
 */
export function wrap(text: string, width: number, hang = ""): string[] {
  if (width <= 0 || widthOf(text) <= width) return [text];
  const room = Math.max(1, width - widthOf(hang));
  const words = text
    .split(" ")
    .flatMap((w) => (widthOf(w) > room ? chunks(stripVTControlCharacters(w), room) : [w]));
  const [first = "", ...rest] = words;
  const lines = [first];
  for (const word of rest) {
    const line = lines.at(-1) ?? "";
    const fits = line.trim() === "" || widthOf(`${line} ${word}`) <= width;
    if (fits) lines[lines.length - 1] = `${line} ${word}`;
    else if (word !== "") lines.push(hang + word);
  }
  return lines;
}

/** Least cells of a long last column beside the others; where there are fewer, it stands below them. */
const LEAST = 30;
const BELOW = "    ";

/** Rows as aligned columns, two spaces apart; the last column is wrapped, or cut to one line, at the terminal's width. */
export function table(
  rows: readonly (readonly string[])[],
  columns: number,
  fit: "wrap" | "cut" = "wrap",
): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  const longest = Math.max(0, ...rows.map((row) => widthOf(row.at(-1) ?? "")));
  const isNarrow = columns > 0 && columns - used < Math.min(LEAST, longest);
  const hang = isNarrow ? BELOW : " ".repeat(used);
  return rows.flatMap((row) => {
    const front = row.slice(0, -1).map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - widthOf(cell) + 2));
    const last = fitted(row.at(-1) ?? "", columns === 0 ? 0 : columns - hang.length, fit);
    const [first = "", ...more] = isNarrow ? ["", ...last] : last;
    const head = (front.join("") + first).trimEnd();
    const heads = isNarrow ? wrap(head, columns, BELOW) : [head];
    return [...heads, ...more.map((line) => hang + line)].map((line) => line.trimEnd());
  });
}

/** The last cell of a row may have several lines. Where nobody looks at columns they become one. */
function fitted(cell: string, width: number, fit: "wrap" | "cut"): string[] {
  const lines = cell.split("\n").filter((line) => line !== "");
  if (width === 0) return [lines.join("  ")];
  return fit === "cut" ? [cut(lines.join("  "), width)] : lines.flatMap((line) => wrap(line, width));
}
