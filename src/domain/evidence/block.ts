import type { Token } from "markdown-it";

/** A part of a block's text. */
export interface Span {
  from: number;
  /** Not included. */
  to: number;
}

/** A heading, a paragraph or a table row: what people read in one go. */
export interface Block {
  kind: "heading" | "row" | "text";
  line: number;
  text: string;
  /** Inline code. */
  codes: readonly Span[];
  /** Headings above a place in it, nearest first; in a table also its column's. */
  above(at: number): string[];
}

/** A link as it is written, and where its text stands in its block. */
export interface Link extends Span {
  line: number;
  /** Its text as people read it. */
  text: string;
  href: string;
  title: string;
  block: Block;
}

/** Where a block stands. `above` is told the number of the cell, from 0. */
export interface Place {
  kind: Block["kind"];
  line: number;
  above: (cell: number) => string[];
}

/** Stands between the cells of a row. */
const CELL = " | ";

/** What has been read of a block so far. */
interface Draft {
  line: number;
  text: string;
  codes: Span[];
  links: Omit<Link, "block" | "text">[];
  /** The link whose text is being read; links do not nest. */
  open: Omit<Link, "block" | "text"> | null;
}

/** Puts a block together from a parser's tokens: one inline token, or one for each cell of a row. */
export function blockOf(
  inlines: readonly Token[],
  { kind, line, above }: Place,
): { block: Block; links: Link[] } {
  const draft: Draft = { line, text: "", codes: [], links: [], open: null };
  const cells: number[] = [];
  for (const inline of inlines) {
    if (cells.length > 0) draft.text += CELL;
    cells.push(draft.text.length);
    for (const token of leavesOf(inline)) add(draft, token);
  }
  const { text, codes } = draft;
  const block: Block = {
    kind,
    line,
    text,
    codes,
    above: (at) => above(cells.findLastIndex((from) => from <= at)),
  };
  return { block, links: draft.links.map((l) => ({ ...l, text: text.slice(l.from, l.to), block })) };
}

function add(draft: Draft, token: Token): void {
  const from = draft.text.length;
  switch (token.type) {
    case "link_open":
      draft.open = {
        line: draft.line,
        href: attribute(token, "href"),
        title: attribute(token, "title"),
        from,
        to: from,
      };
      return;
    case "link_close":
      if (draft.open !== null) draft.links.push({ ...draft.open, to: from });
      draft.open = null;
      return;
    case "softbreak":
    case "hardbreak":
      draft.text += "\n";
      draft.line++;
      return;
    case "html_inline":
      draft.line += token.content.split("\n").length - 1;
      return;
    default:
      draft.text += token.content;
      if (token.type === "code_inline") draft.codes.push({ from, to: draft.text.length });
  }
}

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? "");

/** A paragraph's tokens; an image stands for the words that are shown in its place. */
function* leavesOf(token: Token): Generator<Token> {
  for (const child of token.children ?? [])
    if (child.type === "image") yield* leavesOf(child);
    else yield child;
}

/** The words of a cell, or of any paragraph. */
export const wordsOf = (inline: Token): string => [...leavesOf(inline)].map((t) => t.content).join("");
