/**
 * Front matter as nearly everybody writes it, read without a YAML parser, which takes forty times as long: lines of
 * `key: value` and comments, where a value is a word, a line of text, a quoted text without escapes, a small whole number, or a list
 * of those in brackets. Null for everything else, valid or not: then the parser decides. Where this reader answers, it
 * answers as the parser does; `test/store/plain.test.ts` compares the two.
 */
export function readPlain(source: string): Record<string, unknown> | null {
  const data: Record<string, unknown> = {};
  // No text at all, or none after the last line feed: the parser knows what that means.
  if (!source.endsWith("\n") || source.length > MOST) return null;
  for (const line of source.slice(0, -1).split("\n")) {
    if (COMMENT.test(line)) continue;
    const [, key, text = ""] = LINE.exec(line) ?? [];
    if (key === undefined || Object.hasOwn(data, key)) return null;
    const value = text.startsWith("[") ? listOf(text) : scalarOf(text, WORDS);
    if (value === undefined) return null;
    data[key] = value;
  }
  return Object.keys(data).length === 0 ? null : data;
}

/** Far below the limits that the parser is held to. */
const MOST = 4096;

const COMMENT = /^#[ -~]*$/;

/** Keys begin with a letter, so `__proto__` is none of them. */
const LINE = /^([a-z][a-z0-9_]{0,40}): (\S(?:.*\S)?)$/;

/** Plain text on a line of its own: nothing in it means anything to YAML, here or after a space. */
const WORDS = /^[A-Za-z](?:[\w ./@()+=<>;,'!?*-]|:(?=[\w/.-]))*$/;

/** The same between brackets, where more characters mean something. */
const ITEM = /^[A-Za-z][\w./@+-]*$/;

const WHOLE = /^(?:0|[1-9]\d{0,8})$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Words that stand for something else in YAML's core schema, and near ones. */
const MEANING = /^(?:true|false|null|yes|no|on|off|nan|inf)$/i;

/** Printable ASCII without quotes and escapes. */
const QUOTED = /^"([ !#-[\]-~]*)"$/;

function scalarOf(text: string, plain: RegExp): string | number | undefined {
  if (WHOLE.test(text)) return Number(text);
  if (DAY.test(text) || (plain.test(text) && !MEANING.test(text))) return text;
  return QUOTED.exec(text)?.[1];
}

/** `[a, b]`, each item separated by a comma and one space; quoted items hold no comma here. */
function listOf(text: string): (string | number)[] | undefined {
  if (!text.endsWith("]")) return undefined;
  const inner = text.slice(1, -1);
  if (inner === "") return [];
  const items = inner.split(", ").map((item) => (item.includes(",") ? undefined : scalarOf(item, ITEM)));
  return items.some((item) => item === undefined) ? undefined : items.filter((item) => item !== undefined);
}
