import type { Source } from "../domain/adopt/source.ts";
import type { Finding } from "../domain/finding.ts";
import { cutMatter, readMatter, type Matter } from "./matter.ts";

/** Reads the front matter of another system's file. Its parsers take lines that are no YAML; so does this one, where they can only be text. */
export function openForeign(file: string, text: string): Source | Finding {
  const read = readMatter(file, text);
  if (!("rule" in read)) return sourceOf(read, text, []);
  const mended = read.rule === "matter/yaml" ? mend(text) : null;
  const again = mended === null ? read : readMatter(file, mended.text);
  return "rule" in again || mended === null ? read : sourceOf(again, text, mended.keys);
}

function sourceOf({ data, body, place }: Matter, text: string, mended: readonly string[]): Source {
  const { file } = place([], "value");
  const line = text.slice(0, text.length - body.length).split("\n").length;
  return { file, data, body, place, mended, bodyPlace: { file, line, column: 1 } };
}

/** A key and a value on one line, where the value begins with nothing that means something in YAML. */
const LINE = /^([A-Za-z_][\w-]*):([ \t]+)([^\s"'[\]{}|>&*!#?-][^\r\n]*)$/;

/**
 * Puts quotes around top-level values that YAML cannot take as they stand: `Use when: asked`, `@ann`. Lines and columns
 * stay what they were, up to the value. Null when there is no such line.
 */
function mend(text: string): { text: string; keys: string[] } | null {
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const cut = cutMatter(text.slice(mark));
  if (cut === null || "message" in cut) return null;
  const [start, end] = [mark + cut.start, mark + cut.end];
  const keys: string[] = [];
  const lines = text.slice(start, end).split("\n");
  const quoted = lines.map((line) => {
    const [, key, gap, value] = LINE.exec(line.replace(/\r$/, "")) ?? [];
    if (key === undefined || value === undefined || !/^[@`%]|: |:$/.test(value)) return line;
    keys.push(key);
    return `${key}:${gap}${JSON.stringify(value.trimEnd())}`;
  });
  if (keys.length === 0) return null;
  return { text: text.slice(0, start) + quoted.join("\n") + text.slice(end), keys };
}
