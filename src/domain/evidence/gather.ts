import type { Token } from "markdown-it";
import { blockOf, wordsOf, type Block, type Link, type Place } from "./block.ts";

/** What people read of a markdown text. */
export interface Reading {
  blocks: Block[];
  links: Link[];
}

/** Where the walk through a text is. */
interface Walk {
  reading: Reading;
  /** The headings above, outermost first. */
  headings: { level: number; text: string }[];
  /** The cells of a table's first row; empty before it. */
  columns: string[];
}

/** Puts a text together from a parser's tokens. */
export function gather(tokens: readonly Token[]): Reading {
  const walk: Walk = { reading: { blocks: [], links: [] }, headings: [], columns: [] };
  let row: { line: number; cells: Token[] } | null = null;
  tokens.forEach((token, i) => {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === "table_open") walk.columns = [];
    else if (token.type === "tr_open") row = { line, cells: [] };
    else if (token.type === "tr_close") {
      if (row !== null) addRow(walk, row);
      row = null;
    } else if (token.type === "html_block") addHtml(walk, token.content, line);
    else if (token.type === "inline") {
      if (row === null) addText(walk, token, { line, before: tokens[i - 1] });
      else row.cells.push(token);
    }
  });
  return walk.reading;
}

const above = ({ headings }: Walk): string[] => headings.map((h) => h.text).toReversed();

function addBlock({ reading }: Walk, inlines: readonly Token[], place: Place): Block {
  const { block, links } = blockOf(inlines, place);
  reading.blocks.push(block);
  reading.links.push(...links);
  return block;
}

function addRow(walk: Walk, { line, cells }: { line: number; cells: readonly Token[] }): void {
  const { columns } = walk;
  const over = above(walk);
  const column = (cell: number): string[] => (columns[cell] ? [columns[cell]] : []);
  addBlock(walk, cells, { kind: "row", line, above: (cell) => [...column(cell), ...over] });
  if (columns.length === 0) walk.columns = cells.map(wordsOf);
}

function addText(
  walk: Walk,
  token: Token,
  { line, before }: { line: number; before: Token | undefined },
): void {
  const level = before?.type === "heading_open" ? Number(before.tag.slice(1)) : null;
  if (level !== null) walk.headings = walk.headings.filter((h) => h.level < level);
  const over = above(walk);
  const block = addBlock(walk, [token], {
    kind: level === null ? "text" : "heading",
    line,
    above: () => over,
  });
  if (level !== null) walk.headings.push({ level, text: block.text });
}

const breaks = (tag: string): string => "\n".repeat(tag.split("\n").length - 1);

/** HTML is shown too: what stands between its tags are words. */
function addHtml(walk: Walk, html: string, line: number): void {
  const text = html.replaceAll(/<!--[^]*?(?:-->|$)|<[^<>]*>/g, breaks);
  const over = above(walk);
  walk.reading.blocks.push({ kind: "text", line, text, codes: [], above: () => over });
}
