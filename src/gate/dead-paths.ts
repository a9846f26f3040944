import type { Block } from "../domain/evidence/block.ts";
import { readMarkdown } from "../domain/evidence/markdown.ts";
import { resolvePath, targetOf } from "../domain/evidence/target.ts";
import { matchesAny } from "../domain/glob.ts";
import { nearest } from "../domain/near.ts";
import { evidenceMode, sightOf, type Spec } from "../domain/spec.ts";

/** A path that a text leads to, and that is not there. */
interface Dead {
  line: number;
  says: string;
}

/** What one text is told at most. */
const MOST = 20;

/**
 * Links into the repository, and paths in code, that lead nowhere. Only where the agent could see the file if it were
 * there: nobody learns from this what lies elsewhere.
 */
export async function deadPaths(
  { path, text }: { path: string; text: string },
  there: ReadonlySet<string>,
  spec: Spec,
): Promise<Dead[]> {
  const reading = await readMarkdown(text);
  if ("fault" in reading) return [];
  const isHeldElsewhere = evidenceMode(spec) !== "off";
  const links = reading.links.flatMap((link): Dead[] => {
    if (/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2}|#|$)/i.test(link.href)) return [];
    if (isHeldElsewhere && targetOf(path, link) !== null) return [];
    const target = resolvePath(path, link.href.replace(/[?#].*$/s, "").replace(/\/$/, ""));
    if (typeof target !== "string") return [{ line: link.line, says: `${link.href}: ${target.fault}` }];
    return absent(target, there, spec).map((says) => ({ line: link.line, says }));
  });
  const codes = reading.blocks.flatMap((block) =>
    inCode(block).flatMap((code) => absent(code, there, spec).map((says) => ({ line: block.line, says }))),
  );
  return [...links, ...codes].slice(0, MOST);
}

const PATH = /(?<![\w/.@:-])(?:[\w-][\w.-]{0,60}\/){1,8}[\w.-]{1,60}\.[a-z][a-z0-9]{0,5}(?![\w/*<{-]|\.\w)/g;

/** Words by which a text says itself that something is not there, or not yet. */
const DENIED =
  /\b(?:not?|none|never|nothing|missing|gone|absent|lacks?|lacking|without|removed|deleted|would|could|should|will|shall|may|might|must|propose[sd]?|planned|expected|future|instead of|rather than|such as|e\.g|example|if|todo)\b|n't\b|n’t\b/i;

const inCode = ({ text, codes }: Block): string[] =>
  codes.length === 0 || DENIED.test(text)
    ? []
    : codes.map(({ from, to }) => text.slice(from, to)).filter((code) => code.match(PATH)?.[0] === code);

/** Paths that a plain text speaks of as being there, sentence by sentence. */
export const missing = (text: string, there: ReadonlySet<string>, spec: Spec): string[] =>
  text
    .split(/(?<=[.!?])\s+|\n/)
    .filter((part) => !DENIED.test(part))
    .flatMap((part) => part.match(PATH) ?? [])
    .flatMap((path) => absent(path, there, spec))
    .slice(0, MOST);

function absent(path: string, there: ReadonlySet<string>, spec: Spec): string[] {
  const sight = sightOf(spec);
  if (there.has(path) || !matchesAny(sight, path)) return [];
  const meant = nearest(
    path,
    [...there].filter((p) => matchesAny(sight, p)),
  );
  return [`there is no file ${path}${meant === null ? "" : `; did you mean ${meant}?`}`];
}
