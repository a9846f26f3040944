import { mask } from "./mask.ts";
import type { Tree } from "./tree.ts";

/** A function with a name: where it begins (from 1), and how many lines it takes, head and end included. */
export interface Sized {
  path: string;
  name: string;
  line: number;
  lines: number;
}

/** Number of lines; a line break at the end begins no further line. */
export const lineCount = (text: string): number =>
  text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;

const DECLARED = /^[ \t]*(?:export (?:default )?)?(?:async )?function\*? ?([\w$]+)(?=[(<])/gm;
const METHOD =
  /^[ \t]+(?:(?:public|private|protected|static|async|override|get|set) )*\*?(#?[\w$]+)(?=[(<])/gm;
const ARROW =
  /^[ \t]*(?:export )?(?:const |static |readonly )*(#?[\w$]+)(?:: [^=;\n]+)? = (?:async )?(?=[(<])/gm;
const PROPERTY = /^[ \t]+([\w$]+): (?:async )?(?=[(<])/gm;
const NO_NAMES = new Set(["if", "for", "while", "switch", "catch", "return", "function", "await", "super"]);

/**
 * The named functions of formatted TypeScript, in order: declarations, methods, and arrow functions that are a
 * constant or (with a block) a property. Callbacks without a name count as a part of the function around them.
 */
export function functions(path: string, source: string): Sized[] {
  const text = mask(source);
  const found = [
    ...spans(text, DECLARED, blockEnd),
    ...spans(text, METHOD, blockEnd),
    ...spans(text, ARROW, arrowEnd),
    ...spans(text, PROPERTY, arrowBlockEnd),
  ];
  return found
    .toSorted((a, b) => a.start - b.start)
    .map(({ name, start, end }) => {
      const line = lineCount(text.slice(0, start + 1));
      return { path, name, line, lines: lineCount(text.slice(0, end + 1)) - line + 1 };
    });
}

/** All files and named functions of the TypeScript below a folder, longest first. */
export function sizes(tree: Tree, folder: string): { files: Sized[]; functions: Sized[] } {
  const sources = [...tree].filter(([path]) => path.startsWith(folder) && path.endsWith(".ts"));
  const longest = (all: Sized[]): Sized[] =>
    all.toSorted((a, b) => b.lines - a.lines || a.path.localeCompare(b.path) || a.line - b.line);
  return {
    files: longest(sources.map(([path, text]) => ({ path, name: path, line: 1, lines: lineCount(text) }))),
    functions: longest(sources.flatMap(([path, text]) => functions(path, text))),
  };
}

/** Finds a function's last character from the bracket behind its name; -1 when it is no function after all. */
type EndFinder = (text: string, bracket: number) => number;

function spans(text: string, head: RegExp, end: EndFinder): { name: string; start: number; end: number }[] {
  return [...text.matchAll(head)]
    .map((m) => ({
      name: m[1] ?? "",
      start: m.index + m[0].search(/\S/),
      end: end(text, m.index + m[0].length),
    }))
    .filter((f) => f.end !== -1 && !NO_NAMES.has(f.name));
}

const blockEnd: EndFinder = (text, bracket) => {
  const body = headEnd(text, bracket, "{");
  return body === -1 ? -1 : closing(text, body);
};

const arrowEnd: EndFinder = (text, bracket) => {
  const body = arrowBody(text, bracket);
  if (body === -1) return -1;
  return text[body] === "{" ? closing(text, body) : statementEnd(text, body);
};

const arrowBlockEnd: EndFinder = (text, bracket) => {
  const body = arrowBody(text, bracket);
  if (text[body] !== "{") return -1;
  const end = closing(text, body);
  // `name: () => { a: string };` is a member of a type: members of objects end with a comma.
  return text[end + 1] === ";" ? -1 : end;
};

function arrowBody(text: string, bracket: number): number {
  const arrow = headEnd(text, bracket, "=>");
  return arrow === -1 ? -1 : solid(text, arrow + 2);
}

/** Behind type parameters, parameters and return type: where the mark stands that begins the body; -1 without one. */
function headEnd(text: string, bracket: number, mark: "{" | "=>"): number {
  const open = text[bracket] === "<" ? closing(text, bracket) + 1 : bracket;
  if (text[open] !== "(") return -1;
  const next = solid(text, closing(text, open) + 1);
  if (text.startsWith(mark, next)) return next;
  return text[next] === ":" ? typeEnd(text, next + 1, mark) : -1;
}

/** A `{` right behind one of these opens a type; behind anything else the type is over and the body begins. */
const TYPE_GOES_ON = /[:|&<,(=]/;

function typeEnd(text: string, start: number, mark: "{" | "=>"): number {
  let before = ":";
  for (let at = solid(text, start); at < text.length; at = solid(text, at + 1)) {
    const here = text.charAt(at);
    if (";,)".includes(here)) return -1;
    if (mark === "=>" ? text.startsWith(mark, at) : here === mark && !TYPE_GOES_ON.test(before)) return at;
    if ("{([<".includes(here)) at = closing(text, at);
    // Behind the arrow of a function's type more type follows, as behind any other sign of TYPE_GOES_ON.
    before = text.startsWith("=>", at - 1) ? "=" : text.charAt(at);
  }
  return -1;
}

/** The first index from `at` on that is no blank. */
function solid(text: string, at: number): number {
  let found = at;
  while (found < text.length && text.charAt(found).trim() === "") found += 1;
  return found;
}

function statementEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === ";") return at;
    if ("{([".includes(text.charAt(at))) at = closing(text, at);
  }
  return -1;
}

const PAIRS: Record<string, string> = { "{": "}", "(": ")", "[": "]", "<": ">" };

/** The bracket that closes the one at `open`; the text's end when none does. The `>` of an arrow closes nothing. */
function closing(text: string, open: number): number {
  const [up, down] = [text.charAt(open), PAIRS[text.charAt(open)]];
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === up) depth += 1;
    else if (text[at] === down && !text.startsWith("=>", at - 1)) depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
