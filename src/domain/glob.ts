import picomatch from "picomatch";
import { z } from "zod";

const count = (text: string, sign: string): number => text.split(sign).length - 1;

/** True when matching could take for ever: each further sign multiplies the ways to try. */
const isCostly = (glob: string): boolean =>
  count(glob, "**") > 3 || count(glob, "{") > 4 || glob.split("/").some((part) => count(part, "*") > 3);

/** What is wrong with a pattern, or null. What is left means the same to everybody who reads it. */
function globFault(glob: string): string | null {
  if (/[\\[\]()!|\p{Cc}]/u.test(glob) || /^[/+@]/.test(glob))
    return "expected a path pattern from the repository's root, with *, **, ? and {a,b} only";
  const parts = glob.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "expected no empty part, no . and no ..";
  if (parts.some((part) => part.includes("**") && part !== "**"))
    return "expected ** alone between slashes, as in docs/**/*.md";
  if (isCostly(glob)) return "expected at most three * between slashes, three ** and four {a,b}";
  return bracesHold(glob)
    ? null
    : "expected braces as in {a,b}: closed, with a comma, no range, no part that is empty or *";
}

/** Takes innermost groups away until none is left. */
function bracesHold(glob: string): boolean {
  const groups = glob.match(/\{[^{}]*\}/g) ?? [];
  if (groups.some((group) => !group.includes(",") || /\.\.|[{,]\*?[,}]/.test(group))) return false;
  return groups.length === 0 ? !/[{}]/.test(glob) : bracesHold(glob.replaceAll(/\{[^{}]*\}/g, "x"));
}

/**
 * A path pattern from the root of the repository: `*` and `?` within a folder, `**` for any depth, `{a,b}` for either.
 * No `!`, no brackets, no `..`, no leading `/`: a pattern says what it covers, and nothing else.
 */
export const Glob = z
  .string()
  .min(1)
  .max(300)
  .superRefine((glob, context) => {
    const fault = globFault(glob);
    if (fault !== null) context.addIssue(fault);
  });

const compiled = new Map<string, (path: string) => boolean>();

/** True when the pattern covers the path. Case counts; dot files are files. */
export function matches(glob: string, path: string): boolean {
  let test = compiled.get(glob);
  if (test === undefined) {
    test = picomatch(glob, { dot: true, nonegate: true, noext: true, nobracket: true, strictSlashes: true });
    compiled.set(glob, test);
  }
  return test(path);
}

export const matchesAny = (globs: readonly string[], path: string): boolean =>
  globs.some((g) => matches(g, path));
