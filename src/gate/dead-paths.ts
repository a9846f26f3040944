import type { Block, Link } from "../domain/evidence/block.ts";
import type { Reading } from "../domain/evidence/gather.ts";
import { resolvePath, targetOf } from "../domain/evidence/target.ts";
import { matchesAny } from "../domain/glob.ts";
import { nearest } from "../domain/text/near.ts";
import { evidenceMode, sightOf, type Spec } from "../domain/spec.ts";

/** A path that a text leads to, and that is not there. */
export interface Dead {
  line: number;
  says: string;
}

/** What one text is told at most. */
const MOST = 20;

/**
 * Links into the repository, and paths in code unless only `links` count, that lead nowhere. Only where the agent could
 * see the file if it were there: nobody learns from this what lies elsewhere.
 */
export function deadPaths(
  path: string,
  reading: Reading,
  { there, spec, links }: { there: ReadonlySet<string>; spec: Spec; links: boolean },
): Dead[] {
  const dead: Dead[] = [];
  const add = (line: number, says: readonly string[]): void =>
    void dead.push(...says.map((s) => ({ line, says: s })));
  for (const link of reading.links)
    if (dead.length < MOST) add(link.line, deadLink(path, link, { there, spec }));
  for (const block of links ? [] : reading.blocks)
    for (const code of dead.length < MOST ? inCode(block) : []) add(block.line, absent(code, there, spec));
  return dead.slice(0, MOST);
}

function deadLink(
  path: string,
  link: Link,
  { there, spec }: { there: ReadonlySet<string>; spec: Spec },
): string[] {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/\\]{2}|#|$)/i.test(link.href)) return [];
  // The gate for evidence looks at these.
  if (evidenceMode(spec) !== "off" && targetOf(path, link) !== null) return [];
  const target = resolvePath(path, link.href.replace(/[?#].*$/s, "").replace(/\/$/, ""));
  if (typeof target === "string") return absent(target, there, spec);
  return target.fault.includes("leaves") ? [`${link.href}: ${target.fault}`] : [];
}

const PATH = /(?<![\w/.@:-])(?:[\w-][\w.-]{0,60}\/){1,8}[\w.-]{1,60}\.[a-z][a-z0-9]{0,5}(?![\w/*<{-]|\.\w)/g;

/** Paths that nobody takes for real ones. */
const STAND_IN = /(?:^|\/)(?:path\/to\/|your-|yyyy|nnnn)/i;

/** Words by which a text says itself that something is not there, or not yet. */
const DENIED =
  /\b(?:not?|none|never|nothing|missing|gone|absent|lacks?|lacking|without|removed|deleted|would|could|should|will|shall|may|might|must|propose[sd]?|planned|expected|future|instead of|rather than|such as|e\.g|example|if|todo)\b|n't\b|n’t\b/i;

const inCode = ({ text, codes }: Block): string[] =>
  codes.length === 0 || DENIED.test(text)
    ? []
    : codes
        .map(({ from, to }) => text.slice(from, to))
        .filter((code) => code.match(PATH)?.[0] === code && !STAND_IN.test(code));

/** Paths that a plain text speaks of as being there; a sentence may take back what the one before it says. */
export const missing = (text: string, there: ReadonlySet<string>, spec: Spec): string[] =>
  text
    .split(/(?<=[.!?])\s+|\n/)
    .flatMap((part, i, all) =>
      DENIED.test(`${part} ${all[i + 1] ?? ""}`)
        ? []
        : (part.match(PATH) ?? []).filter((path) => !STAND_IN.test(path)),
    )
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
