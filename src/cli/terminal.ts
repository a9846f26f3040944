import { stripVTControlCharacters, styleText } from "node:util";

type Style = (text: string) => string;

/** What commands print through: colour only on a terminal that wants it, plain text everywhere else. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Shows where a long run stands; on a terminal only, and on the error stream, so that pipes stay clean. */
  progress(line: string): void;
  columns: number;
  bold: Style;
  dim: Style;
  red: Style;
  green: Style;
  yellow: Style;
  cyan: Style;
}

export function openTerminal(): Terminal {
  const colour = (process.stdout.isTTY ?? false) && process.env["NO_COLOR"] === undefined;
  const style =
    (name: "bold" | "dim" | "red" | "green" | "yellow" | "cyan"): Style =>
    (text) =>
      colour ? styleText(name, text) : text;
  return {
    out: (line) => console.log(line),
    err: (line) => console.error(line),
    progress: (line) => {
      if (process.stderr.isTTY) console.error(style("dim")(`  ${line}`));
    },
    columns: process.stdout.columns ?? 0,
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cells that a text takes: wide East Asian characters and emoji take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text)))
    width +=
      /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        segment,
      )
        ? 2
        : 1;
  return width;
}

/** Rows as aligned columns, two spaces apart; the last column is cut to the terminal's width. */
export function table(rows: readonly (readonly string[])[], terminal: Terminal): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        if (i < row.length - 1) return cell + " ".repeat((widths[i] ?? 0) - widthOf(cell));
        const used = widths.slice(0, i).reduce((sum, w) => sum + w + 2, 0);
        return terminal.columns > 0 ? cut(cell, Math.max(20, terminal.columns - used)) : cell;
      })
      .join("  ")
      .trimEnd(),
  );
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) {
    if (widthOf(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `in 3 h`, `2 d ago`. */
export function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
  ];
  const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? ["s", 1];
  const count = Math.round(Math.abs(seconds) / size);
  return seconds < 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}

export const dollars = (usd: number | null): string =>
  usd === null ? "price unknown" : `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;
