import type { YAMLError } from "yaml";

/** What the YAML parser found, with what to do about it. */
export function teach(error: YAMLError, source: string): string {
  const rest = source.slice(error.pos[0]);
  switch (error.code) {
    case "DUPLICATE_KEY":
      return `the key ${/^[^:\r\n]{1,60}/.exec(rest)?.[0].trim() ?? ""} stands here a second time; keep one of them`;
    case "BAD_SCALAR_START":
      return `a value cannot start with ${rest[0]}; quote it: ${quoted(rest)}`;
    case "TAG_RESOLVE_FAILED":
      return `${rest.split(/\s/, 1)[0]} is a YAML tag, and tags are off; if it is text, quote it: ${quoted(rest)}`;
    case "BLOCK_AS_IMPLICIT_KEY":
      return `a value that holds a colon and a space needs quotes: ${quoted(rest)}`;
    case "NON_STRING_KEY":
      return "a key must be text, not a list or a mapping";
    case "TAB_AS_INDENT":
      return "a tab cannot indent; use spaces";
    case "UNEXPECTED_TOKEN":
    case "MISSING_CHAR":
      return `${error.message}; if the value is text, quote all of it`;
    default:
      return error.message;
  }
}

/** The rest of the line as it would stand in quotes. */
export function quoted(rest: string): string {
  const line = /^[^\r\n]*/.exec(rest)?.[0] ?? "";
  return JSON.stringify(line.replace(/ #.*$/, "").trim().slice(0, 80));
}
