import type { Entry, TextChange } from "../../domain/change.ts";
import { linesOf, type Lines } from "../../domain/evidence/lines.ts";
import { openLibrary, type Library } from "../../domain/evidence/library.ts";
import { isPage } from "../../domain/evidence/page.ts";
import { resolvePath, targetOf } from "../../domain/evidence/target.ts";
import { verify, type Checked, type Rules } from "../../domain/evidence/verify.ts";
import type { Sha } from "../../domain/id.ts";
import { addressOf, hrefsIn, withLanding, type Proof } from "../../domain/pull/links.ts";
import { evidenceMode, type Spec } from "../../domain/spec.ts";
import { sourcesOf, treeOf } from "./collect.ts";
import type { World } from "../world.ts";

/** What links lead into: a commit, and the files that a pull changes in it, which lie in its head. */
export interface Pinned {
  base: Sha;
  head: Sha;
  changes: readonly Pick<TextChange, "path">[];
}

/** More links than this of one text stay as they are. */
const MOST_LINKS = 200;
/** Statements that a pull lists. */
const MOST_PROOFS = 1000;

/** The text as a forge on the web shows it: links into the repository land on the lines of the pinned commit. */
export async function landed(world: World, text: string, pinned: Pinned): Promise<string> {
  const { web } = world.forge;
  const hrefs = web === null ? [] : hrefsIn(text).slice(0, MOST_LINKS);
  if (web === null || hrefs.length === 0) return text;
  const finder = await finderOf(world, pinned);
  const places = new Map<string, string>();
  for (const href of hrefs) {
    const spot = await spotOf(href, finder.library);
    const commit = spot === null ? null : finder.commitOf(spot.path);
    if (spot !== null && commit !== null) places.set(href, addressOf(web, { ...spot, commit }));
  }
  return withLanding(text, places);
}

async function spotOf(href: string, library: Library): Promise<{ path: string; lines: Lines | null } | null> {
  const target = targetOf("", { href, title: "" });
  if (target !== null && !("fault" in target))
    return { path: target.path, lines: await linesOf(target, library) };
  const path = resolvePath("", href.replace(/#.*$/s, ""));
  return typeof path === "string" && path !== "" ? { path, lines: null } : null;
}

interface Finder {
  library: Library;
  /** The commit in which a file is read; null for what is no file. */
  commitOf: (path: string) => Sha | null;
}

async function finderOf(world: World, { base, head, changes }: Pinned, spec?: Spec): Promise<Finder> {
  const own = new Set(changes.map((c) => c.path));
  const [before, after] = [await world.repo.entries(base), await world.repo.entries(head)];
  const [old, now] = [plainFiles(before), plainFiles(after)];
  const sources = sourcesOf(world, { base: treeOf(world.repo, before), tip: treeOf(world.repo, after) });
  return {
    library: openLibrary(
      { front: sources.front, read: (path) => (own.has(path) ? sources.tip(path) : sources.base(path)) },
      spec?.evidence.keys,
    ),
    commitOf: (path) => (own.has(path) ? (now.has(path) ? head : null) : old.has(path) ? base : null),
  };
}

const plainFiles = (entries: readonly Entry[]): Set<string> =>
  new Set(entries.flatMap((e) => (e.mode.startsWith("100") ? [e.path] : [])));

/** The statements of a pull's pages that hold, each with the place that proves it. */
export async function proofsOf(
  world: World,
  spec: Spec | undefined,
  pinned: Omit<Pinned, "changes"> & { changes: readonly TextChange[] },
): Promise<Proof[]> {
  const pages = pinned.changes.filter((c) => isPage(c.path) && c.after !== null);
  if (spec === undefined || evidenceMode(spec) === "off" || pages.length === 0) return [];
  const finder = await finderOf(world, pinned, spec);
  const proofs: Proof[] = [];
  for (const { path, after } of pages) {
    const read = await verify({ path, text: after ?? "" }, finder.library, rulesOf(spec));
    for (const link of "fault" in read ? [] : read.links) {
      const place = await placeOf(world, link, finder);
      if (place !== null) proofs.push({ path, line: link.line, said: link.text, ...place });
    }
  }
  return proofs.slice(0, MOST_PROOFS);
}

/** As the gate judges; what may not be pointed to has failed there. */
const rulesOf = ({ evidence: { identity, units } }: Spec): Rules => ({
  strict: false,
  identity: identity === "on",
  percent: Object.keys(units),
  closed: () => null,
});

async function placeOf(
  { forge: { web } }: World,
  { ok, spot }: Checked,
  { library, commitOf }: Finder,
): Promise<Pick<Proof, "source" | "lines" | "formula" | "address"> | null> {
  const commit = ok && spot !== null ? commitOf(spot.path) : null;
  if (spot === null || commit === null) return null;
  const lines = await linesOf(spot, library);
  const address = web === null ? null : addressOf(web, { commit, path: spot.path, lines });
  return { source: spot.path, lines, formula: spot.formula, address };
}
