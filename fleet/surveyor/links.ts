import { lineCount } from "./sizes.ts";
import type { Tree } from "./tree.ts";

/** A link that leads nowhere: where it stands, and what is missing. */
interface DeadLink {
  path: string;
  line: number;
  target: string;
  why: string;
}

/** What the links of the repository's own pages come to. External ones are counted, never followed. */
export interface Links {
  pages: number;
  checked: number;
  external: number;
  dead: DeadLink[];
}

/** People and agents edit these; reports and digests are history, and their links may age. */
const PAGES = /^(?:[^/]+|(?:docs|agents|board)\/.+)\.md$/;

/** Checks every link of the pages against the files of the tree. */
export function links(tree: Tree): Links {
  const pages = [...tree].filter(([path]) => PAGES.test(path));
  const all = pages.flatMap(([path, text]) => found(text).map((link) => ({ path, ...link })));
  const internal = all.filter(({ target }) => !isExternal(target));
  const dead = internal.flatMap((link) => {
    const why = trouble(link.path, link.target, tree);
    return why === null ? [] : [{ ...link, why }];
  });
  return { pages: pages.length, checked: internal.length, external: all.length - internal.length, dead };
}

const isExternal = (target: string): boolean => /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target);

/** `[text](target "title")`, `![…](…)`, and definitions `[name]: target`; a target may stand in `<>`. */
const LINK =
  /\]\(\s*(?:<([^<>\n]*)>|((?:[^\s()]|\([^\s()]*\))+))(?:\s+["'(][^\n]*?)?\s*\)|^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)/gm;

function found(page: string): { line: number; target: string }[] {
  const text = prose(page);
  return [...text.matchAll(LINK)].map((m) => ({
    line: lineCount(text.slice(0, m.index + 1)),
    target: m[1] ?? m[2] ?? m[3] ?? "",
  }));
}

/** What may hold links: the page without code and comments, line by line as it was. */
const prose = (page: string): string =>
  withoutFences(page)
    .replaceAll(/<!--[\s\S]*?-->/g, (comment) => comment.replaceAll(/[^\n]/g, ""))
    .replaceAll(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");

function withoutFences(page: string): string {
  let fence: string | undefined;
  const lines: string[] = [];
  for (const line of page.split("\n")) {
    const mark = /^[ >]*(?:(?:[-*+]|\d+\.) +)?(`{3,}|~{3,})/.exec(line)?.[1];
    lines.push(fence === undefined && mark === undefined ? line : "");
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) === true) fence = undefined;
  }
  return lines.join("\n");
}

/** What is wrong with a link inside the repository, or null. */
function trouble(from: string, target: string, tree: Tree): string | null {
  const [file = "", anchor] = decode(target).split("#", 2);
  const path = file === "" ? from : resolve(from, file.replace(/\?.*$/, ""));
  const text = tree.get(path);
  if (text === undefined) return isFolder(path, tree) ? null : `no file ${path}`;
  if (anchor === undefined || anchor === "") return null;
  return missing(path, text, anchor);
}

/** What a link into a file misses there: lines, or a heading. In other files any anchor may mean something. */
function missing(path: string, text: string, anchor: string): string | null {
  const lines = /^L(\d+)(?:-L(\d+))?$/.exec(anchor);
  if (lines !== null) {
    const last = Number(lines[2] ?? lines[1]);
    return last <= lineCount(text) ? null : `${path} has ${lineCount(text)} lines`;
  }
  return !path.endsWith(".md") || anchors(text).has(anchor) ? null : `no heading #${anchor} in ${path}`;
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function resolve(from: string, file: string): string {
  const start = file.startsWith("/") ? [] : from.split("/").slice(0, -1);
  const parts: string[] = [];
  for (const part of [...start, ...file.split("/")]) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

const isFolder = (path: string, tree: Tree): boolean =>
  path === "" || [...tree.keys()].some((p) => p.startsWith(`${path}/`));

/** The names by which a page's headings can be linked to, as GitHub makes them, and those set in HTML. */
export function anchors(page: string): Set<string> {
  const names = new Set([...page.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map((m) => m[1] ?? ""));
  for (const [, heading = ""] of withoutFences(page).matchAll(/^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const base = slug(heading);
    let name = base;
    for (let n = 1; names.has(name); n += 1) name = `${base}-${n}`;
    names.add(name);
  }
  return names;
}

const slug = (heading: string): string =>
  heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
