import { isDeepStrictEqual } from "node:util";
import { Document, isScalar, Scalar, visit, type Pair } from "yaml";
import { Fault } from "../domain/fault.ts";
import { cutMatter, parseMatter } from "./matter.ts";
import { spanOf, YAML, type Mapping } from "./yaml.ts";

/** What a field can be set to. */
type Value = string | number | boolean;

/**
 * Sets front matter fields and leaves every other byte alone: comments, order, line endings, and the field's own quotes.
 * A field that is not there yet becomes the last line. Throws `Fault` `refused` on text that cannot be read or edited.
 */
export function editMatter(text: string, fields: Readonly<Record<string, Value>>): string {
  return Object.entries(fields).reduce((before, [key, value]) => setField(before, key, value), text);
}

function setField(text: string, key: string, value: Value): string {
  const opened = open(text);
  if ("message" in opened) throw new Fault("refused", opened.message);
  if (opened.data[key] === value) return text;
  const { from, to, put } = spliceFor(opened, key, value);
  const edited = text.slice(0, opened.start + from) + put + text.slice(opened.start + to);
  // Surgery on bytes is believed only when reading confirms it.
  const reread = open(edited);
  if ("data" in reread && isDeepStrictEqual(reread.data, { ...opened.data, [key]: value })) return edited;
  throw new Fault("refused", `the field ${key} cannot be edited where it stands`, {
    expected: `a line such as ${key}: value`,
  });
}

/**
 * Replaces one value that stands in front matter, and leaves every other byte alone. `at`: the keys and indexes that lead
 * to it. Throws `Fault` `refused` where no plain value stands there.
 */
export function replaceValue(text: string, at: readonly (string | number)[], value: string): string {
  const opened = open(text);
  if ("message" in opened) throw new Fault("refused", opened.message);
  const node: unknown = opened.map.getIn(at, true);
  const span = spanOf(node);
  if (!isScalar(node) || span === null)
    throw new Fault("refused", `there is no value at ${at.join(".")} that could be replaced`);
  const [from, to] = span;
  const written = opened.source.slice(from, to).trimEnd();
  // Within brackets a comma or a brace would end a plain value.
  const put = scalarText(value, styleOf(node, /[,[\]{}]/.test(value)));
  const edited = text.slice(0, opened.start + from) + put + text.slice(opened.start + from + written.length);
  const reread = open(edited);
  if ("map" in reread && reread.map.getIn(at) === value) {
    opened.map.setIn(at, value);
    if (isDeepStrictEqual(reread.data, opened.map.toJSON())) return edited;
  }
  throw new Fault("refused", `the value at ${at.join(".")} cannot be edited where it stands`);
}

interface Opened extends Mapping {
  /** Where the YAML begins in the text; ranges of nodes count from here. */
  start: number;
  source: string;
  /** The file's own line ending. */
  newline: string;
}

function open(text: string): Opened | { message: string } {
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  const bare = text.slice(mark);
  const cut = cutMatter(bare) ?? { message: "there is no front matter" };
  if ("message" in cut) return cut;
  const read = parseMatter(bare, cut);
  if ("message" in read) return read;
  const source = bare.slice(cut.start, cut.end);
  return { ...read, source, start: mark + cut.start, newline: bare[cut.start - 2] === "\r" ? "\r\n" : "\n" };
}

/** Replaces [from, to) of the YAML. */
interface Splice {
  from: number;
  to: number;
  put: string;
}

function spliceFor({ map, source, newline }: Opened, key: string, value: Value): Splice {
  const inFlow = map.flow === true;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (pair !== undefined) return replacement(pair, scalarText(value, styleOf(pair.value, inFlow)), source);
  const line = `${scalarText(key)}: ${scalarText(value, inFlow ? "QUOTE_DOUBLE" : undefined)}`;
  const start = map.range?.[0] ?? 0;
  if (inFlow) return { from: start + 1, to: start + 1, put: map.items.length > 0 ? `${line}, ` : line };
  const indent = source.slice(source.lastIndexOf("\n", start - 1) + 1, start);
  return { from: source.length, to: source.length, put: `${indent}${line}${newline}` };
}

function replacement(pair: Pair, text: string, source: string): Splice {
  const span = spanOf(pair.value);
  // A block scalar's span includes the end of its last line, which is not the field's.
  if (span !== null)
    return { from: span[0], to: span[0] + source.slice(...span).trimEnd().length, put: text };
  const colon = pair.srcToken?.sep?.find((token) => token.type === "map-value-ind");
  const at = colon === undefined ? (spanOf(pair.key)?.[1] ?? 0) : colon.offset + 1;
  return { from: at, to: at, put: colon === undefined ? `: ${text}` : ` ${text}` };
}

/** The quotes that a value has now, or needs; undefined: only if YAML wants some. */
function styleOf(old: unknown, inFlow: boolean): Scalar.Type | undefined {
  const style = isScalar(old) ? old.type : undefined;
  if (style === "QUOTE_DOUBLE" || style === "QUOTE_SINGLE") return style;
  return inFlow ? "QUOTE_DOUBLE" : undefined;
}

/** Characters that cannot be seen, or that tools take for ends of lines. */
const ODD = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

function scalarText(value: Value, style?: Scalar.Type): string {
  const scalar = new Scalar(value);
  if (style !== undefined && typeof value === "string") scalar.type = style;
  return textOf(new Document(scalar, YAML)).trimEnd();
}

/** One line a scalar, however long; odd characters only as escapes. */
function textOf(document: Document): string {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && ODD.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0, blockQuote: false });
  return text.replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Collections up to this many characters stand on one line. */
const SHORT = 80;

/** A new file's text. Fields stand in the order given; those that are undefined are left out. */
export function composeMatter(fields: Readonly<Record<string, unknown>>, body: string): string {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const document = new Document(given, { ...YAML, aliasDuplicateObjects: false });
  visit(document, {
    Collection: (key, node) => {
      if (key !== null) node.flow = JSON.stringify(node).length <= SHORT;
    },
  });
  return `---\n${textOf(document)}---\n${body}`;
}
