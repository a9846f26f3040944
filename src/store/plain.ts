/**
 * Front matter as nearly everybody writes it, read without a YAML parser, which takes forty times as long: comments and
 * lines of `key: value`. A value is a text, a whole or decimal number, a list or a mapping of those on one line, or a
 * list or a mapping below its key, one value a line. Null for everything else, valid or not: then the parser decides.
 * Where this reader answers, it answers as the parser does; `test/store/plain.test.ts` compares the two.
 */
export function readPlain(source: string): Data | null {
  // No text at all, or none after the last line feed: the parser knows what that means.
  if (!source.endsWith("\n") || source.length > MOST) return null;
  const draft: Draft = { data: {}, open: null };
  const lines = source
    .slice(0, -1)
    .split("\n")
    .filter((line) => !COMMENT.test(line));
  const isRead = lines.length > 0 && lines.every((line) => takes(draft, line));
  return isRead && draft.open?.value !== null ? draft.data : null;
}

type Data = Record<string, unknown>;

/** What was read so far, and the key whose value stands below it, if the last line belongs to one. */
interface Draft {
  data: Data;
  open: Section | null;
}

/** A value of several lines; null until its first one is read. */
interface Section {
  key: string;
  value: unknown[] | Data | null;
}

/** Reads a line; false when it is for the parser. */
function takes(draft: Draft, line: string): boolean {
  const { data, open } = draft;
  const [, key, text] = LINE.exec(line) ?? [];
  if (key === undefined) {
    if (open === null || !goesOn(open, line)) return false;
    data[open.key] = open.value;
    return true;
  }
  if (Object.hasOwn(data, key) || open?.value === null) return false;
  draft.open = text === undefined ? { key, value: null } : null;
  data[key] = text === undefined ? null : valueOf(text);
  return data[key] !== undefined;
}

/** Adds a line to a section; false when it does not belong there. */
function goesOn(open: Section, line: string): boolean {
  const [, item] = ITEM.exec(line) ?? [];
  return item === undefined ? addPair(open, line) : addItem(open, item);
}

function addItem(open: Section, text: string): boolean {
  const item = valueOf(text);
  open.value ??= [];
  if (item === undefined || !Array.isArray(open.value)) return false;
  open.value.push(item);
  return true;
}

function addPair(open: Section, line: string): boolean {
  const [, key, text = ""] = PAIR.exec(line) ?? [];
  const value = valueOf(text);
  open.value ??= {};
  if (key === undefined || value === undefined) return false;
  if (Array.isArray(open.value) || Object.hasOwn(open.value, key)) return false;
  open.value[key] = value;
  return true;
}

/** Far below the limits that the parser is held to. */
const MOST = 16_384;

const COMMENT = /^(?: {2})?#[ -~]*$/;

/** Keys begin with a letter, so `__proto__` is none of them. Without a value, something follows below. */
const LINE = /^([a-z][a-z0-9_]{0,40}):(?: (\S(?:.*\S)?))?$/;
const ITEM = /^ {2}- (\S(?:.*\S)?)$/;
const PAIR = /^ {2}([a-z][a-z0-9_]{0,40}): (\S(?:.*\S)?)$/;

/** Plain text on a line of its own: nothing in it means anything to YAML, here or after a space. */
const WORDS = /^[A-Za-z](?:[\w ./@()+=<>;,'!?*-]|:(?=[\w/.-]))*$/;

const WHOLE = /^(?:0|[1-9]\d{0,8})$/;
const DECIMAL = /^(?:0|[1-9]\d{0,5})\.\d{1,6}$/;

/** A day, an age, a rate: texts that begin with a digit. */
const COUNTED = /^(?:\d{4}-\d\d-\d\d|\d{1,4}(?:[mhd]|\/day|\/week))$/;

/** Words that stand for something else in YAML's core schema, and near ones. */
const MEANING = /^(?:true|false|null|yes|no|on|off|nan|inf)$/i;

/** Printable ASCII without quotes and escapes. */
const QUOTED = /^"([ !#-[\]-~]*)"$/;

function valueOf(text: string): unknown {
  if (!/^[[{]/.test(text)) return scalarOf(text, WORDS);
  const reader = { text, at: 0, depth: 0 };
  const value = flow(reader);
  return reader.at === text.length ? value : undefined;
}

function scalarOf(text: string, plain: RegExp): string | number | undefined {
  if (WHOLE.test(text) || DECIMAL.test(text)) return Number(text);
  if (COUNTED.test(text) || (plain.test(text) && !MEANING.test(text))) return text;
  return QUOTED.exec(text)?.[1];
}

/** A list or mapping on one line while it is read. */
interface Reader {
  text: string;
  at: number;
  depth: number;
}

/** What stands between brackets up to the next comma or bracket, or quoted. */
const PIECE = /"[ !#-[\]-~]*"|[A-Za-z0-9][\w ./@()+*-]*/y;

/** The same, where more characters mean something than on a line of its own. */
const BETWEEN = /^[A-Za-z][\w ./@()+*-]*$/;
const KEY = /([a-z][a-z0-9_]{0,40}): /y;
const OPEN = /\[|\{ ?/y;
const COMMA = /, /y;
const DEEPEST = 5;

/** What a pattern finds at the reader's place, which moves behind it. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const [found] = pattern.exec(reader.text) ?? [];
  if (found !== undefined) reader.at = pattern.lastIndex;
  return found;
}

/** Undefined: this is for the parser, wherever the reader stands by then. */
function flow(reader: Reader): unknown {
  const open = take(reader, OPEN)?.[0];
  if (open === undefined) return scalarOf((take(reader, PIECE) ?? "").replace(/ $/, ""), BETWEEN);
  if (++reader.depth > DEEPEST) return undefined;
  const value = open === "[" ? sequence(reader) : mapping(reader);
  reader.depth--;
  return value;
}

function sequence(reader: Reader): unknown[] | undefined {
  const items: unknown[] = [];
  if (take(reader, /\]/y) !== undefined) return items;
  do {
    const item = flow(reader);
    if (item === undefined) return undefined;
    items.push(item);
  } while (take(reader, COMMA) !== undefined);
  return take(reader, /\]/y) === undefined ? undefined : items;
}

function mapping(reader: Reader): Data | undefined {
  const data: Data = {};
  if (take(reader, /\}/y) !== undefined) return data;
  do {
    const key = take(reader, KEY)?.slice(0, -2);
    const value = key === undefined || Object.hasOwn(data, key) ? undefined : flow(reader);
    if (key === undefined || value === undefined) return undefined;
    data[key] = value;
  } while (take(reader, COMMA) !== undefined);
  return take(reader, / ?\}/y) === undefined ? undefined : data;
}
