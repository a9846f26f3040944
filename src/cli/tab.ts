import { candidates, wordsOf } from "./complete.ts";
import type { ExitCode } from "./exit.ts";
import { LEAVES } from "./leaves.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What a shell calls: `words` and the words behind the program's name, or `line`, the characters at which that shell
 * breaks words, and the line. First it is told "words" or "files", then a word a line, a tab, and what it stands for.
 * It is never told what went wrong: somebody is in the middle of a line.
 */
export async function complete([form, ...typed]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [breaks = "", line = ""] = typed;
  const words = form === "line" ? wordsOf(line).slice(1) : typed;
  const glance = async () => (await import("../wire.ts")).openGlance(folderOf(words));
  const found = await candidates(words, LEAVES, glance).catch(() => []);
  terminal.out(found === "files" ? "files" : "words");
  if (found === "files") return 0;
  const skip = form === "line" ? broken(words.at(-1) ?? "", breaks) : 0;
  for (const { name, about } of found)
    terminal.out(`${name.slice(skip)}${form === "line" ? "" : `\t${about.replaceAll(/\s+/g, " ")}`}`);
  return 0;
}

/** The folder that `-C` or `--dir` names, when one is named already. */
function folderOf(words: readonly string[]): string {
  const at = words.findLastIndex((word, i) => /^(?:-C|--dir)$/.test(word) && i < words.length - 2);
  return at === -1 ? "." : (words[at + 1] ?? ".");
}

/** bash replaces only what stands behind the last character at which it breaks a word, such as the @ of a beat. */
const broken = (word: string, breaks: string): number =>
  Math.max(...breaks.split("").map((character) => word.lastIndexOf(character) + 1), 0);
