import { bytesOf } from "../domain/text/text.ts";

/** Bytes of file content that one answer shows at most: every later call of the attempt pays for them again. */
const MOST = 16_384;
/** Characters shown of a line that is longer than all that. */
const LONG = 4000;

/** A part of a text, byte for byte, under a line that says what it is and how to go on. */
export function page(path: string, text: string, { from, lines }: { from: number; lines: number }): string {
  if (text === "") return `${path} is empty.`;
  const all = text.split(/(?<=\n)/);
  if (from > all.length) return `${path} has ${all.length} lines; there is no line ${from}.`;
  const { shown, cut } = fit(all.slice(from - 1, from - 1 + lines));
  const last = from + shown.length - 1;
  const head = `${path}, lines ${from}-${last} of ${all.length}`;
  const more = last < all.length ? `; go on with from: ${last + 1}` : "";
  const note = cut
    ? `; only the first ${LONG} characters of line ${last}, search finds what is in the rest`
    : "";
  return `${head}${more}${note}\n\n${shown.join("")}`;
}

/** As many whole lines as fit; the first one is cut when even it does not. */
function fit(lines: readonly string[]): { shown: string[]; cut: boolean } {
  const shown: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += bytesOf(line);
    if (bytes > MOST) break;
    shown.push(line);
  }
  if (shown.length > 0) return { shown, cut: false };
  return { shown: [(lines[0] ?? "").slice(0, LONG).toWellFormed()], cut: true };
}
