import { frontOf } from "../text/front.ts";
import { stringEnd } from "../text/json.ts";
import { isTable, type Library } from "./library.ts";
import { isPage } from "./page.ts";
import type { Target } from "./target.ts";

/** Lines of a file from 1, both included. */
export interface Lines {
  from: number;
  to: number;
}

/** The lines on which people find what a target points to; null where it is a whole document, or nothing is there. */
export async function linesOf({ path, spot }: Target, library: Library): Promise<Lines | null> {
  if (spot.kind === "lines") return { from: spot.from, to: spot.to };
  const file = await library.text(path);
  if ("fault" in file) return null;
  const text = file.text.replaceAll("\r\n", "\n");
  switch (spot.kind) {
    case "cell":
      return single(rowStart(text, spot.row), text);
    case "characters": {
      const characters = Array.from(text);
      const at = (n: number): number => 1 + characters.slice(0, n).filter((c) => c === "\n").length;
      return { from: at(spot.from), to: at(spot.to - 1) };
    }
    case "pointer":
      if (spot.steps.length === 0 || isTable(path)) return null;
      if (isPage(path)) return single(fieldStart(text, spot.steps[0] ?? ""), text);
      return single(valueStart(text, space(text, 0), spot.steps), text);
    default:
      return spot satisfies never;
  }
}

function single(at: number | null, text: string): Lines | null {
  if (at === null) return null;
  const line = text.slice(0, at).split("\n").length;
  return { from: line, to: line };
}

/** Where a row of a CSV text begins; a line's end between quotes ends none. */
function rowStart(text: string, row: number): number | null {
  let left = row - 1;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (left === 0) return at;
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === "\n" && !isQuoted) left--;
  }
  return null;
}

/** Where a field of front matter begins. */
function fieldStart(text: string, field: string): number | null {
  const lines = (frontOf(text) ?? "").split("\n");
  const n = lines.findIndex((line) => line.replace(/\s*:.*$/s, "").replaceAll(/^["']|["']$/g, "") === field);
  return n < 0 ? null : lines.slice(0, n).join("\n").length + (n === 0 ? 0 : 1);
}

/** Where a value begins in a text that is known to be JSON, and begins a value at `at`. */
function valueStart(json: string, at: number, [step, ...rest]: readonly string[]): number | null {
  if (step === undefined) return at;
  const isObject = json[at] === "{";
  if (!isObject && json[at] !== "[") return null;
  let here = space(json, at + 1);
  for (let n = 0; here < json.length && json[here] !== "}" && json[here] !== "]"; n++) {
    let name = String(n);
    if (isObject) {
      const end = stringEnd(json, here);
      name = String(JSON.parse(json.slice(here, end)));
      here = space(json, space(json, end) + 1);
    }
    if (name === step) return valueStart(json, here, rest);
    here = space(json, valueEnd(json, here));
    if (json[here] === ",") here = space(json, here + 1);
  }
  return null;
}

/** The index after a value. */
function valueEnd(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const char = json[at] ?? "";
    if (char === '"') at = stringEnd(json, at) - 1;
    else if ("{[".includes(char)) depth++;
    else if ("}]".includes(char) && --depth < 0) return at;
    else if (char === "," && depth === 0) return at;
  }
  return json.length;
}

/** The index of what follows white space, and a byte order mark. */
function space(json: string, at: number): number {
  let here = at;
  while (/[\s\uFEFF]/.test(json[here] ?? "")) here++;
  return here;
}
