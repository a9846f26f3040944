import type { Block } from "../domain/evidence/block.ts";
import { AgentName } from "../domain/id.ts";
import { nearest } from "../domain/text/near.ts";
import { pathsAfter, type GateInput } from "./gate.ts";

/** What there is to speak of, after a change. */
export interface World {
  tasks: ReadonlySet<string>;
  /** Every name that a file of the board could have for a task with a slug as its id. */
  slugs: ReadonlySet<string>;
  agents: ReadonlySet<string>;
  effects: ReadonlySet<string>;
  /** The highest number that a pull has had; null when nobody can tell. */
  pulls: number | null;
  /** Files and folders. */
  paths: ReadonlySet<string>;
}

const BOARD = /^board\/(?:archive\/[^/]+\/)?([^/]+)\.md$/;

export function worldOf(input: GateInput): World {
  const files = [...pathsAfter(input)];
  const named = (pattern: RegExp): string[] => files.flatMap((f) => pattern.exec(f)?.[1] ?? []);
  const ids = named(BOARD).flatMap((name) => /^(T-[a-z0-9]{4,12})(?:-|$)/.exec(name)?.[1] ?? []);
  const folders = files.flatMap((f) => f.split("/").map((_, i, parts) => parts.slice(0, i).join("/")));
  return {
    tasks: new Set([...ids, input.task.task.id]),
    slugs: new Set([input.task.task.id, ...named(BOARD).flatMap(beginnings)]),
    agents: new Set([...named(/^agents\/([^/]+)\.md$/), input.agent.spec.name]),
    effects: new Set(named(/^board\/effects\/([^/]+)\.md$/)),
    pulls: input.pulls,
    paths: new Set([...files, ...folders]),
  };
}

/** `weigh-the-survey` may be the file of `weigh`, `weigh-the` or `weigh-the-survey`. */
const beginnings = (name: string): string[] =>
  name.split("-").map((_, i, parts) => parts.slice(0, i + 1).join("-"));

/** A name that stands for nothing. */
export interface Unknown {
  name: string;
  line: number;
  says: string;
}

export type Prose = Pick<Block, "text" | "line" | "codes">;

/** A text that says itself that there is no such thing, or shows how one would look. */
const DENIED =
  /\b(?:no (?:such|task|agent|effect|pull|T-)|not exist|missing|gone|example|such as|e\.g|would be)\b|n['’]t exist\b/i;

export const denies = ({ text }: Prose): boolean => DENIED.test(text);

/** What one file is told at most. */
const MOST = 20;

/** Tasks, agents, effects and pulls that a text names and that do not exist. */
export function unknownNames(blocks: readonly Prose[], world: World): Unknown[] {
  const found = new Map<string, Unknown>();
  for (const block of blocks) {
    if (denies(block)) continue;
    for (const { name, says } of [...things(block, world), ...pulls(block, world)]) {
      if (found.size >= MOST) return [...found.values()];
      const line = block.line + block.text.slice(0, block.text.indexOf(name)).split("\n").length - 1;
      if (!found.has(name)) found.set(name, { name, line, says });
    }
  }
  return [...found.values()];
}

type Said = Omit<Unknown, "line">;

const things = (block: Prose, { tasks, slugs, agents, effects }: World): Said[] => [
  ...unmet("task", taskIds(block, tasks), tasks),
  // What else these words could mean is not known here, so only a slip is one.
  ...unmet("task", near(coded(block, /\b(?:task|duty) $/i, isSlug), slugs), slugs),
  ...unmet("agent", [...namedBy(AGENT, block), ...coded(block, /\bagent $/i, isRole)], agents),
  ...unmet("effect", namedBy(EFFECT, block), effects),
  ...unmet("effect", near(coded(block, /\beffect $/i, isSlug), effects), effects),
];

const unmet = (what: string, names: readonly string[], there: ReadonlySet<string>): Said[] =>
  names.flatMap((name) => (there.has(name) ? [] : [{ name, says: absent(what, name, there) }]));

const near = (names: readonly string[], there: ReadonlySet<string>): string[] =>
  names.filter((name) => nearest(name, there) !== null);

function absent(what: string, name: string, there: ReadonlySet<string>): string {
  const meant = nearest(name, there);
  return `there is no ${what} ${name}${meant === null ? "" : `; did you mean ${meant}?`}`;
}

const TASK = /(?<![\p{L}\p{N}_-])T-[a-zA-Z0-9]{4,12}(?![\p{L}\p{N}_]|-[\p{L}\p{N}])/gu;

/** `T-shirt` and `T-Mobile` are no tasks, unless one is nearly called that. */
const taskIds = ({ text }: Prose, tasks: ReadonlySet<string>): string[] =>
  (text.match(TASK) ?? []).filter(
    (id) => tasks.has(id) || /^T-(?=[a-z]*\d)[a-z0-9]+$/.test(id) || nearest(id, tasks) !== null,
  );

const AGENT = /(?<![\w/.-])agents\/([a-z][a-z0-9-]{0,39})\.md\b/g;
const EFFECT = /(?<![\w/.-])board\/effects\/([A-Za-z0-9][\w-]{0,80})\.md\b/g;
const namedBy = (pattern: RegExp, { text }: Prose): string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);

const isRole = (name: string): boolean => AgentName.safeParse(name).success;
const isSlug = (name: string): boolean => /^[a-z][a-z0-9-]{2,60}$/.test(name);

/** Names in code behind a word that says what they name: agent `lp-tester`. */
const coded = ({ text, codes }: Prose, word: RegExp, isName: (name: string) => boolean): string[] =>
  codes
    .filter(({ from }) => word.test(text.slice(Math.max(0, from - 8), from)))
    .map(({ from, to }) => text.slice(from, to))
    .filter(isName);

/**
 * "pull 12", "pulls 3 and 4", "PR #12". In "pull 12 pages" it is a verb, so what follows has to go on as a sentence about
 * a pull would. A bare #12 may be an issue, a rank or a colour.
 */
const PULL =
  /\b(?:pulls?(?: requests?)?|PRs?) (#?\d{1,7}(?:(?:, | and |, and | or )#?\d{1,7}){0,9})(?!\w|[.,]\d)(?=$|[^\p{L}\p{N}]*(?:$|[\n.,;:!?)]| (?:is|was|waits?|waited|has|had|and|or|by|merged|closed|opened|open|asks?|asked|adds?|added|chang\w+|says?|said|shows?|did|does|still|conflicts?|touche[sd]|will|would|can|cannot|holds?|made|already)\b))/giu;

/** Numbers are given in turn: what is not above the newest is a pull, or on GitHub an issue or a person's. */
function pulls(block: Prose, { pulls: newest }: World): Said[] {
  if (newest === null) return [];
  const numbers = namedBy(PULL, block).flatMap((list) => list.match(/\d+/g) ?? []);
  return numbers
    .filter((n) => Number(n) > newest || Number(n) === 0)
    .map((n) => ({
      name: n,
      says: `there is no pull ${n}${newest === 0 ? "; there has been none yet" : `; the newest is ${newest}`}`,
    }));
}
