const STRING = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** What stands before a `/` that begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+*%<>~^-]|\b(?:return|typeof|case|in|of|throw|await|yield))\s*$/;

/**
 * The source with comments, strings, templates and regular expressions blanked out: what is left is structure.
 * Every other character stays at its line and column.
 */
export function mask(source: string): string {
  let out = "";
  for (let at = 0; at < source.length;) {
    const end = quietEnd(source, at);
    out += end > at ? source.slice(at, end).replaceAll(/[^\n]/g, " ") : source.charAt(at);
    at = Math.max(end, at + 1);
  }
  return out;
}

/** The index just behind what is to be blanked at `at`; `at` itself when structure stands there. */
function quietEnd(source: string, at: number): number {
  switch (source[at]) {
    case '"':
    case "'":
      return matchEnd(STRING, source, at);
    case "`":
      return templateEnd(source, at);
    case "/":
      if (source[at + 1] === "/") return endOf(source, "\n", at);
      if (source[at + 1] === "*") return endOf(source, "*/", at + 2) + 2;
      // 60 characters hold any keyword and the blanks behind it; the whole text would make this quadratic.
      return BEFORE_REGEX.test(source.slice(Math.max(0, at - 60), at)) ? matchEnd(REGEX, source, at) : at;
    default:
      return at;
  }
}

function matchEnd(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}

function templateEnd(source: string, open: number): number {
  let at = open + 1;
  while (at < source.length && source[at] !== "`") {
    if (source.startsWith("${", at)) at = holeEnd(source, at + 2);
    else at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/** What stands in `${}` is code again, and may hold templates again. */
function holeEnd(source: string, start: number): number {
  let depth = 1;
  let at = start;
  while (at < source.length && depth > 0) {
    const end = quietEnd(source, at);
    if (end === at && source[at] === "{") depth += 1;
    if (end === at && source[at] === "}") depth -= 1;
    at = Math.max(end, at + 1);
  }
  return at;
}
