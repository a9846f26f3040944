import type { TextChange } from "../domain/change.ts";
import type { Library, Sources } from "../domain/evidence/library.ts";
import { isPage, isUnreadable } from "../domain/evidence/page.ts";
import type { Checked, Rules, Verified, verify as verifyText } from "../domain/evidence/verify.ts";
import { matchesAny } from "../domain/glob.ts";
import { evidenceMode, sightOf } from "../domain/spec.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import { deleted, inconclusive, ruled, type Gate, type GateInput } from "./gate.ts";

/** Details that a verdict shows; the rest is counted. */
const MOST = 40;

/**
 * Holds what the change states against its sources: the base, or the change's own files. What stood in a file before, and
 * was as wrong then, is not this change's. Where a source has other content at the tip, that has to prove it too.
 */
export const evidence: Gate = {
  id: "evidence",
  async judge(input) {
    const { openLibrary, verify } = await loaded();
    const { keys } = input.agent.spec.evidence;
    const court: Court = { input, verify, open: (sources) => openLibrary(sources, keys) };
    const pages: Page[] = [];
    for (const change of input.changes)
      if (deleted(change)) continue;
      else if (isPage(change.path)) pages.push(await readPage(change, court));
      else if (isStrict(input, change.path) && isUnreadable(change.path, change.after !== null))
        pages.push({ path: change.path, held: 0, problems: [`${change.path}: ${UNREADABLE}`], moved: [] });
    return verdictOn(pages);
  },
};

const loaded = async () => ({
  ...(await import("../domain/evidence/library.ts")),
  ...(await import("../domain/evidence/verify.ts")),
});

interface Court {
  input: GateInput;
  verify: typeof verifyText;
  open(sources: Sources): Library;
}

const UNREADABLE =
  "what it states cannot be checked: write sentences in a markdown file (.md), and numbers for programs as data (.json, .csv, .yaml)";

/** What came of one file. */
interface Page {
  path: string;
  held: number;
  problems: string[];
  moved: string[];
}

async function readPage(change: TextChange, court: Court): Promise<Page> {
  const { path, after } = change;
  const page: Page = { path, held: 0, problems: [], moved: [] };
  if (after === null)
    return { ...page, problems: [`${path}: it is not text, so what it states cannot be checked`] };
  const read = await look({ path, text: after }, court, ownSources(court.input));
  if ("fault" in read) return { ...page, problems: [`${path}: ${read.fault}`] };
  const held = read.links.filter((l) => l.ok);
  const problems = problemsIn(path, read);
  const old = problems.length === 0 ? new Set<string>() : await problemsBefore(change, court);
  return {
    path,
    held: held.length,
    problems: problems.filter((p) => !old.has(p.key)).map((p) => p.text),
    moved: await movedIn({ path, text: after }, held, court),
  };
}

const look = (
  file: { path: string; text: string },
  court: Court,
  sources: Sources,
): Promise<Verified | { fault: string }> =>
  court.verify(file, court.open(sources), rulesFor(court.input, file.path));

/** Numbers of the board are orders, not statements: there, only links are held. */
const isStrict = ({ kind, agent: { spec } }: GateInput, path: string): boolean =>
  evidenceMode(spec) === "strict" && kind === "work" && !path.startsWith("board/");

function rulesFor(input: GateInput, path: string): Rules {
  const { spec } = input.agent;
  const sight = sightOf(spec);
  return {
    strict: isStrict(input, path),
    identity: spec.evidence.identity === "on",
    percent: Object.keys(spec.evidence.units),
    closed: (target) =>
      matchesAny(sight, target) ? null : `${target} is not among the files that ${spec.name} may see`,
  };
}

/** The files as they will be: the change's own, else the base's. */
function ownSources({ changes, sources }: GateInput): Sources {
  const own = new Map(changes.map((c) => [c.path, deleted(c) || isLink(c) ? null : c.after]));
  return {
    front: sources.front,
    read: async (path) => own.get(path) ?? (own.has(path) ? null : sources.base(path)),
  };
}

const isLink = ({ newMode }: TextChange): boolean => !newMode.startsWith("100");

interface Problem {
  /** Without the line, which moves. */
  key: string;
  text: string;
}

function problemsIn(path: string, { links, unproved }: Verified): Problem[] {
  const wrong = links.filter((l) => !l.ok);
  return [
    ...wrong.map((l) => ({
      key: keyOf(l),
      text: `${path}:${l.line}: [${l.text}](${l.target}): ${l.reason ?? ""}`,
    })),
    ...unproved.map((u) => ({
      key: `${u.number} in ${u.text}`,
      text: `${path}:${u.line}: ${u.number} has no link to its source: "${u.text}"`,
    })),
  ];
}

const keyOf = ({ text, target, reason }: Checked): string => JSON.stringify([text, target, reason]);

async function problemsBefore({ path, before }: TextChange, court: Court): Promise<Set<string>> {
  if (before === null) return new Set();
  const { front, base } = court.input.sources;
  const read = await look({ path, text: before }, court, { front, read: base });
  return "fault" in read ? new Set() : new Set(problemsIn(path, read).map((p) => p.key));
}

/** Links whose source the change leaves alone, and which the tip's version of it does not prove. */
async function movedIn(
  file: { path: string; text: string },
  held: readonly Checked[],
  court: Court,
): Promise<string[]> {
  const { changes, sources } = court.input;
  const own = new Set(changes.map((c) => c.path));
  const moved = new Set<string>();
  for (const path of new Set(held.flatMap((l) => l.path ?? [])))
    if (!own.has(path) && (await sources.base(path)) !== (await sources.tip(path))) moved.add(path);
  if (moved.size === 0) return [];
  const now = await look(file, court, { front: sources.front, read: sources.tip });
  if ("fault" in now) return [`${file.path}: ${now.fault}`];
  const proved = new Set(now.links.filter((l) => l.ok).map((l) => `${l.line} ${l.text} ${l.target}`));
  return held
    .filter((l) => moved.has(l.path ?? "") && !proved.has(`${l.line} ${l.text} ${l.target}`))
    .map(
      (l) =>
        `${file.path}:${l.line}: [${l.text}](${l.target}): the source moved; ${l.path ?? ""} says something else by now`,
    );
}

function verdictOn(pages: readonly Page[]): GateVerdict {
  const problems = pages.flatMap((p) => p.problems);
  const moved = pages.flatMap((p) => p.moved);
  const held = pages.reduce((n, p) => n + p.held, 0);
  if (problems.length > 0)
    return ruled("evidence", shortened(problems), {
      pass: "",
      fail: `${count(problems.length, "statement")} not proved by the source; ${held} verified`,
    });
  if (moved.length > 0)
    return inconclusive(
      "evidence",
      `the source moved under ${count(moved.length, "statement")}`,
      shortened(moved),
    );
  return ruled("evidence", [], {
    pass:
      held === 0
        ? "no statement links to a source"
        : `${count(held, "statement")} verified against the source`,
    fail: "",
  });
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= MOST ? [...lines] : [...lines.slice(0, MOST), `and ${lines.length - MOST} more`];
