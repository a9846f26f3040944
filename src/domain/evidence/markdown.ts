import type { MarkdownIt as Parser } from "markdown-it";
import { frontOf } from "../text/front.ts";
import { gather, type Reading } from "./gather.ts";

/** What is read at most, and how deep it may nest; beyond that a reader and this parser may differ. */
const MOST = { characters: 400_000, depth: 40, brackets: 40 };

/**
 * Reads markdown as forges do (CommonMark with tables). Never throws; a fault for what is too long or nested too deep
 * to be read for sure. Front matter is no prose.
 */
export async function readMarkdown(text: string): Promise<Reading | { fault: string }> {
  if (text.length > MOST.characters) return { fault: `it is longer than ${MOST.characters} characters` };
  if (bracketDepth(text) > MOST.brackets) return { fault: "its brackets nest too deep to be read for sure" };
  const tokens = (await parser(FOOTNOTE.test(text))).parse(withoutFront(text), {});
  if (tokens.some((t) => t.level > MOST.depth)) return { fault: "its lists and quotations nest too deep" };
  return gather(tokens);
}

/** Where a footnote is defined. Forges show it, and what is indented below it, as prose at the end of the page. */
const FOOTNOTE = /^[ \t>*+\d.)-]*\[\^[^\]\n]+\]:/m;

const shared = new Map<boolean, Parser>();

async function parser(hasFootnotes: boolean): Promise<Parser> {
  const known = shared.get(hasFootnotes);
  if (known !== undefined) return known;
  const { default: MarkdownIt } = await import("markdown-it");
  const made = new MarkdownIt({ html: true, maxNesting: 100 });
  // Targets are looked at as they are written; whether they are evidence is decided elsewhere.
  made.normalizeLink = (url) => url;
  made.validateLink = () => true;
  if (hasFootnotes) readFootnotes(made);
  shared.set(hasFootnotes, made);
  return made;
}

/** CommonMark takes `[^a]: 99% "of all"` for the target of links, which nobody sees: here it stays a paragraph. */
function readFootnotes({ block: { ruler } }: Parser): void {
  ruler.disable("code");
  const all = ruler.getRules("");
  ruler.disable("reference");
  const others = ruler.getRules("");
  const reference = all.find((rule) => !others.includes(rule));
  ruler.enable("reference");
  ruler.at("reference", (state, line, ...rest) => {
    const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
    return !state.src.startsWith("[^", start) && reference?.(state, line, ...rest) === true;
  });
}

/** Front matter gives way to empty lines, so that the lines below keep their numbers. */
const withoutFront = (text: string): string => {
  const front = frontOf(text);
  return front === null ? text : front.replaceAll(/[^\r\n]+/g, "") + text.slice(front.length);
};

function bracketDepth(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [mark] of text.matchAll(/\[|\]|\n\s*\n/g)) {
    depth = mark === "[" ? depth + 1 : mark === "]" ? Math.max(0, depth - 1) : 0;
    most = Math.max(most, depth);
  }
  return most;
}
