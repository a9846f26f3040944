import grayMatter from "gray-matter";
import type { z } from "zod";
import { Fault } from "../domain/fault.ts";
import type { Finding, Locate, Place } from "../domain/finding.ts";
import { findingsOf } from "./issue.ts";
import { readPlain } from "./plain.ts";
import { offsetOf, readYaml, type Mapping, type Problem } from "./yaml.ts";

const KB = 1024;
/** What a file may have at most, in bytes. */
const MOST_BYTES = 256 * KB;
/** What front matter may have, in characters: gray-matter looks for comments in quadratic time. */
const MOST_MATTER = 32 * KB;

/** A text that begins with front matter. Offsets count from its beginning, behind a byte order mark. */
export interface Cut {
  /** The YAML is [start, end); the closing fence stands at `end`. */
  start: number;
  end: number;
  /** Where the body begins. */
  body: number;
}

export interface Matter {
  /** Null when the text does not begin with a fence: then all of it is body. */
  data: Record<string, unknown> | null;
  body: string;
  /** The place of a value or its key; of the nearest thing above it when there is none. */
  place: (path: readonly PropertyKey[], what: "key" | "value") => Place;
}

export type Parsed<T> = { ok: true; value: T; body: string; at: Locate } | { ok: false; findings: Finding[] };

/** Reads a markdown file with front matter and checks it. Keeps nothing: the same text always gives the same answer. */
export function parseFile<S extends z.ZodType>(file: string, text: string, schema: S): Parsed<z.output<S>> {
  const plain = readAtOnce(text, schema);
  if (plain !== null) {
    const at: Locate = (path) => placesIn(() => readMatter(file, text), path);
    return { ok: true, ...plain, at };
  }
  const matter = readMatter(file, text);
  if ("rule" in matter) return { ok: false, findings: [matter] };
  if (matter.data !== null) return check(matter, schema, () => readMatter(file, text));
  const message = "expected front matter: the first line must be exactly ---";
  return {
    ok: false,
    findings: [{ rule: "matter/fence", level: "error", message, ...matter.place([], "value") }],
  };
}

/** A sound file with plain front matter needs no parser; of all others it is the parser that says what they are. */
function readAtOnce<S extends z.ZodType>(
  text: string,
  schema: S,
): { value: z.output<S>; body: string } | null {
  const bare = withoutMark(text);
  const cut = tooBig(text) ?? cutMatter(bare);
  if (cut === null || "message" in cut) return null;
  const data = readPlain(bare.slice(cut.start, cut.end));
  const result = data === null ? null : schema.safeParse(data);
  return result?.success === true ? { value: result.data, body: bare.slice(cut.body) } : null;
}

/** Reads a YAML file and checks it, with the same care. */
export function parseYaml<S extends z.ZodType>(file: string, text: string, schema: S): Parsed<z.output<S>> {
  const whole = readWhole(file, text);
  return "rule" in whole
    ? { ok: false, findings: [whole] }
    : check(whole, schema, () => readWhole(file, text));
}

function check<S extends z.ZodType>(
  matter: Matter,
  schema: S,
  again: () => Matter | Finding,
): Parsed<z.output<S>> {
  const { data, body, place } = matter;
  const result = schema.safeParse(data, { reportInput: true });
  if (!result.success) return { ok: false, findings: findingsOf(result.error.issues, { schema, place }) };
  return { ok: true, value: result.data, body, at: (path) => placesIn(again, path) };
}

/** Places are asked for rarely, and a parsed document is large: it is read once more rather than kept. */
function placesIn(again: () => Matter | Finding, path: Parameters<Locate>[0]): ReturnType<Locate> {
  const read = again();
  const { line, column } = "rule" in read ? read : read.place(path, "value");
  return { line, column };
}

function readWhole(file: string, text: string): Matter | Finding {
  const source = { file, text: withoutMark(text) };
  const read = tooBig(text) ?? readYaml(source.text);
  if ("message" in read) return finding("yaml/syntax", read, source);
  return { data: read.data, body: "", place: placer(read, 0, source) };
}

/** Reads front matter without a schema. */
export function readMatter(file: string, text: string): Matter | Finding {
  const bare = withoutMark(text);
  const source = { file, text: bare };
  const cut = tooBig(text) ?? cutMatter(bare);
  if (cut === null) return { data: null, body: bare, place: () => placeAt(source, 0) };
  if ("message" in cut) return finding("matter/fence", cut, source);
  const read = parseMatter(bare, cut);
  if ("message" in read) return finding("matter/yaml", { ...read, offset: cut.start + read.offset }, source);
  return { data: read.data, body: bare.slice(cut.body), place: placer(read, cut.start, source) };
}

/** Front matter as data, for those who only look a field up; null when there is none that can be read. */
export function frontData(text: string): Record<string, unknown> | null {
  const matter = readMatter("", text);
  return "rule" in matter ? null : matter.data;
}

/**
 * Finds the fences. gray-matter would take `---js` as an order to run what follows, and `---x` further down as the end;
 * here each fence is exactly `---`, and a line that only looks like one is a problem. Null: there is no front matter.
 */
export function cutMatter(text: string): Cut | Problem | null {
  const open = /^---[ \t]*(?:\r?\n|$)/.exec(text);
  if (open === null) {
    const message = "expected exactly --- on the first line; languages other than YAML are off";
    return /^---[^-]/.test(text) ? { offset: 3, message } : null;
  }
  const fence = /(?<=\n)---([^\n]*)(?:\n|$)/g;
  fence.lastIndex = open[0].length;
  const close = fence.exec(text);
  if (close === null)
    return { offset: 0, message: "the front matter has no end; expected a line that is exactly ---" };
  if (/[^ \t\r]/.test(close[1] ?? ""))
    return { offset: close.index, message: "expected exactly --- at the end of the front matter" };
  if (close.index > MOST_MATTER)
    return { offset: 0, message: `the front matter is larger than ${MOST_MATTER / KB} KB` };
  return { start: open[0].length, end: close.index, body: close.index + close[0].length };
}

/**
 * gray-matter with every door shut but one: always with options (without them it caches), and all it finds behind the
 * fence is what our YAML has read before it looks.
 */
export function parseMatter(text: string, { start, end }: Cut): Mapping | Problem {
  const read = readYaml(text.slice(start, end));
  if ("message" in read) return read;
  const yaml = (): object => read.data;
  const engines = { yaml, json: shut, javascript: shut, js: shut, coffee: shut, cson: shut, toml: shut };
  const { data } = grayMatter(`---\n${text.slice(start, end)}---\n`, { language: "yaml", engines });
  return { ...read, data };
}

function shut(): never {
  throw new Fault("broken", "front matter asked for a language other than YAML");
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");

function tooBig(text: string): Problem | null {
  if (text.length <= MOST_BYTES && Buffer.byteLength(text) <= MOST_BYTES) return null;
  return { offset: 0, message: `the file is larger than ${MOST_BYTES / KB} KB` };
}

interface Source {
  file: string;
  text: string;
}

const finding = (rule: string, { offset, message }: Problem, source: Source): Finding => ({
  rule,
  level: "error",
  message,
  ...placeAt(source, offset),
});

const placer =
  ({ map, data }: Mapping, start: number, source: Source): Matter["place"] =>
  (path, what) =>
    placeAt(
      source,
      path[0] !== undefined && Object.hasOwn(data, path[0]) ? start + offsetOf(map, path, what) : 0,
    );

function placeAt({ file, text }: Source, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
