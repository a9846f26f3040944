import { z } from "zod";
import type { Desk, Tool } from "../port/tool.ts";

/** Lines shown, characters of each, and characters of file content that one search looks through. */
const MOST = { hits: 60, width: 300, scanned: 20_000_000 };

const Arguments = z.strictObject({
  text: z.string().min(1).max(200).describe("plain text, no pattern"),
  under: z.string().min(1).exactOptional().describe("a folder, or a file; without it, everything"),
  any_case: z.boolean().default(false).describe("true: upper and lower case are the same"),
});

/** Finds lines that hold a text. */
export const search: Tool<typeof Arguments> = {
  name: "search",
  description: "Finds the lines that hold a text, in the files that you may see.",
  arguments: Arguments,
  async run({ text, under, any_case }, desk) {
    const wanted = any_case ? text.toLowerCase() : text;
    const find = (line: string): number => (any_case ? line.toLowerCase() : line).indexOf(wanted);
    const place = under?.replace(/\/+$/, "");
    const paths = desk
      .visible()
      .filter((p) => place === undefined || p === place || p.startsWith(`${place}/`));
    const { hits, full } = await look(desk, paths, find);
    if (hits.length === 0)
      return full
        ? "Nothing found in the part that could be searched; narrow it with under."
        : "Nothing found.";
    return (
      hits.join("\n") + (full ? "\n\nThere may be more; narrow the search with under, or a longer text." : "")
    );
  },
};

interface Found {
  hits: string[];
  /** True when a cap ended the search. */
  full: boolean;
}

async function look(desk: Desk, paths: readonly string[], find: (line: string) => number): Promise<Found> {
  const hits: string[] = [];
  let scanned = 0;
  for (const path of paths) {
    const text = await desk.scan(path);
    if (text === null) continue;
    scanned += text.length;
    const found = linesWith(text, find);
    // Only now is something of the file shown.
    if (found.length > 0) await desk.read(path);
    hits.push(...found.map((hit) => `${path}:${hit}`));
    if (hits.length > MOST.hits || scanned > MOST.scanned)
      return { hits: hits.slice(0, MOST.hits), full: true };
  }
  return { hits, full: false };
}

function linesWith(text: string, find: (line: string) => number): string[] {
  return text.split("\n").flatMap((line, i) => {
    const at = find(line);
    if (at < 0) return [];
    const start = Math.max(0, at - MOST.width / 2);
    const part = line.slice(start, start + MOST.width).toWellFormed();
    return [`${i + 1}: ${start > 0 ? "…" : ""}${part}${start + MOST.width < line.length ? "…" : ""}`];
  });
}
