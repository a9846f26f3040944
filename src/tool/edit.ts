import { z } from "zod";
import { ToolError, type Tool } from "../port/tool.ts";

const Arguments = z.strictObject({
  path: z.string().min(1).describe("from the repository's root"),
  find: z.string().min(1).describe("text that occurs exactly once in the file, white space included"),
  replace: z.string().describe("what stands there instead"),
});

/** Replaces one place of a file. */
export const edit: Tool<typeof Arguments> = {
  name: "edit",
  description:
    "Replaces a text that occurs exactly once in a file. Take in enough around it to make it unique.",
  arguments: Arguments,
  async run({ path, find, replace }, desk) {
    const text = await desk.read(path);
    const at = text.indexOf(find);
    if (at < 0)
      throw new ToolError(`Nothing was changed: ${path} does not hold that text. ${hint(text, find)}`);
    const places = count(text, find);
    if (places > 1)
      throw new ToolError(
        `Nothing was changed: ${path} holds that text ${places === MOST ? "many" : places} times. Take in more around it.`,
      );
    await desk.write(path, text.slice(0, at) + replace + text.slice(at + find.length));
    return `Changed ${path}, line ${lineAt(text, at)}.`;
  },
};

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** Places beyond these are not counted: in a long run of one letter that would take for ever. */
const MOST = 50;

function count(text: string, find: string): number {
  let places = 0;
  for (let at = text.indexOf(find); at >= 0 && places < MOST; at = text.indexOf(find, at + 1)) places++;
  return places;
}

/** The line that shares the most words with the text that was looked for. */
function hint(text: string, find: string): string {
  const wanted = wordsOf(find);
  const scores = text
    .split("\n")
    .map((line, i) => ({ line, number: i + 1, score: shared(wordsOf(line), wanted) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a), { line: "", number: 0, score: 0 });
  if (best.score === 0) return "No line of it is like it.";
  return `The line most like it is ${best.number}: ${JSON.stringify(best.line.slice(0, 300))}`;
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

const shared = (words: ReadonlySet<string>, wanted: ReadonlySet<string>): number =>
  [...words].filter((word) => wanted.has(word)).length;
