import {
  Composer,
  CST,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  visit,
  type Document,
  type YAMLMap,
} from "yaml";
import { quoted, teach } from "./mistake.ts";

/** YAML 1.2 core and nothing that surprises: no further tags, no merge keys, every key a string and only once. */
export const YAML = {
  version: "1.2",
  schema: "core",
  uniqueKeys: true,
  strict: true,
  stringKeys: true,
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
  keepSourceTokens: true,
} as const;

/** Far above what people write; below it the parser's recursive and quadratic parts take milliseconds. */
const MOST_LEXEMES = 10_000;
const MOST_DEPTH = 64;

/** What is wrong, and where in the source. */
export interface Problem {
  offset: number;
  message: string;
}

/** A mapping that was read, with its nodes for those who must find or edit places. */
export interface Mapping {
  map: YAMLMap;
  data: Record<string, unknown>;
}

/** Reads a mapping. All else that YAML can be is a problem; nothing is run, nothing is expanded. */
export function readYaml(source: string): Mapping | Problem {
  const tokens = tokensOf(source);
  if (!Array.isArray(tokens)) return tokens;
  const [document, second] = [...new Composer(YAML).compose(tokens, true, source.length)];
  if (document === undefined) return { offset: 0, message: "expected `key: value` lines, found nothing" };
  if (second !== undefined)
    return { offset: second.range[0], message: "expected one YAML document, found two" };
  const [error] = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (error !== undefined) return { offset: error.pos[0], message: teach(error, source) };
  return mappingOf(document);
}

function mappingOf(document: Document.Parsed): Mapping | Problem {
  const map: unknown = document.contents;
  if (!isMap(map)) {
    const found = isSeq(map) ? "a list" : isScalar(map) && map.value !== null ? "one value" : "nothing";
    return {
      offset: document.contents?.range[0] ?? 0,
      message: `expected \`key: value\` lines, found ${found}`,
    };
  }
  let hidden: number | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      // Schemas of open records would drop this key without a word.
      if (isScalar(key) && key.value === "__proto__") hidden = key.range?.[0] ?? 0;
    },
  });
  if (hidden !== undefined) return { offset: hidden, message: "`__proto__` cannot be a key" };
  return { map, data: document.toJS({ maxAliasCount: 0 }) };
}

/** Where the value at a path below `node` stands, or its key; `above` when neither is written out. */
export function offsetOf(
  node: unknown,
  path: readonly PropertyKey[],
  what: "key" | "value",
  above = 0,
): number {
  const here = spanOf(node)?.[0] ?? above;
  const [step, ...rest] = path;
  if (isSeq(node)) return offsetOf(node.items[Number(step)], rest, what, here);
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
  if (pair === undefined) return here;
  const key = spanOf(pair.key)?.[0] ?? here;
  return rest.length === 0 && what === "key" ? key : offsetOf(pair.value, rest, what, key);
}

/** Begin and end of a node's own text; null when a value was left out. */
export function spanOf(node: unknown): [number, number] | null {
  const range = isNode(node) ? node.range : null;
  return range && range[1] > range[0] ? [range[0], range[1]] : null;
}

/** The parser's tokens; refuses what must not even be composed. */
function tokensOf(source: string): CST.Token[] | Problem {
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/.exec(source);
  if (control) return { offset: control.index, message: "expected text, found a control character" };
  const blank = /(?<=^ *)\t(?=[ \t]*\r?$)/m.exec(source);
  if (blank) return { offset: blank.index, message: "a tab stands alone in this line; empty the line" };
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  let isText = false;
  for (const lexeme of new Lexer().lex(source)) {
    const message = isText
      ? null
      : (refusal(lexeme, source.slice(parser.offset)) ?? astray(lexeme, parser, source));
    if (message !== null) return { offset: parser.offset, message };
    if (++lexemes > MOST_LEXEMES || parser.stack.length > MOST_DEPTH)
      return { offset: parser.offset, message: "this is too long or too deeply nested to be read" };
    isText = lexeme === CST.SCALAR;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return tokens;
}

/** A `:` that begins a line belongs to a `?` that stands straight above it; the parser would take it from anywhere. */
function astray(lexeme: string, { offset, stack }: Parser, source: string): string | null {
  if (lexeme !== ":" || stack.some((token) => token.type === "flow-collection")) return null;
  const indent = /(?:^|\n)( *)$/.exec(source.slice(0, offset))?.[1];
  const isAligned = indent === undefined || new RegExp(`^${indent}\\?\\s`, "m").test(source.slice(0, offset));
  return isAligned ? null : "this : does not stand below its ?; write `key: value` on one line";
}

/** What stands in for other text could grow without bound (aliases), or change what the text means (directives). */
function refusal(lexeme: string, rest: string): string | null {
  switch (CST.tokenType(lexeme)) {
    case "alias":
    case "anchor":
      return `a value cannot start with ${lexeme[0]} (YAML's aliases are off); if it is text, quote it: ${quoted(rest)}`;
    case "directive-line":
      return "YAML directives are off; remove the line that starts with %";
    default:
      return null;
  }
}
