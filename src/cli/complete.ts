import type { Glance, Glimpse } from "../port/glance.ts";
import { EVERYWHERE, groupOf, nameOf, type Flag, type Leaf } from "./leaf.ts";

/** What may stand where somebody types. `files`: the shell knows them better. */
export type Candidates = readonly Glimpse[] | "files";

/** What an option, or an argument of this name, is filled with: names that a clone knows, or words as they are. */
const SOURCES: Readonly<Record<string, readonly string[] | "files">> = {
  "--agent": ["agents"],
  "--from": ["agents"],
  "--as": ["people"],
  "--task": ["tasks"],
  "--pull": ["pulls"],
  "--pulls": ["pulls"],
  "--dir": "files",
  "--to": "files",
  "--page": "files",
  "--spec": "files",
  agent: ["agents"],
  agents: ["agents"],
  beat: ["beats"],
  files: "files",
  grader: ["agents"],
  id: ["tasks"],
  number: ["pulls"],
  numbers: ["pulls"],
  pull: ["pulls"],
  shell: ["bash", "zsh", "fish"],
  targets: ["agents", "tasks", "fleet"],
  task: ["tasks"],
  tasks: ["tasks"],
};

/** What names and letters a shell may be given: nothing that it, or a terminal, would act on. */
const PLAIN = /^[A-Za-z0-9][\w@.-]*$/;

/** A list of so many helps nobody. */
const MOST = 500;

/** What has been typed: options and their values apart, as far as the leaves know them. */
interface Typed {
  /** Names of the commands of the group, or of the command itself. */
  path: string;
  leaf: Leaf | null;
  /** Arguments of the command that are complete. */
  given: number;
  /** The option whose value is being typed. */
  pending: Flag | null;
  onlyArguments: boolean;
}

/** What the last of these words, which may be empty, could become. The words are those behind `pullbeat`. */
export async function candidates(
  words: readonly string[],
  leaves: readonly Leaf[],
  glance: () => Promise<Glance>,
): Promise<Candidates> {
  const last = words.at(-1) ?? "";
  const typed = read(words.slice(0, -1), leaves);
  const found = await expected(typed, { last, leaves, glance });
  if (found === "files") return found;
  const fits = found.filter(({ name }) => name.startsWith(last));
  return [...new Map(fits.map((f) => [f.name, f])).values()].slice(0, MOST);
}

function read(words: readonly string[], leaves: readonly Leaf[]): Typed {
  let typed: Typed = { path: "", leaf: null, given: 0, pending: null, onlyArguments: false };
  for (const word of words[0] === "help" ? words.slice(1) : words) typed = next(typed, word, leaves);
  return typed;
}

function next(typed: Typed, word: string, leaves: readonly Leaf[]): Typed {
  if (typed.pending !== null) return { ...typed, pending: null };
  if (!typed.onlyArguments && word === "--") return { ...typed, onlyArguments: true };
  if (!typed.onlyArguments && word.startsWith("-")) return { ...typed, pending: valued(typed.leaf, word) };
  const path = `${typed.path} ${word}`.trim();
  const isPath = leaves.some((l) => nameOf(l) === path || nameOf(l).startsWith(`${path} `));
  if (!isPath || typed.given > 0) return { ...typed, given: typed.given + 1 };
  return { ...typed, path, leaf: leaves.find((l) => nameOf(l) === path) ?? null };
}

const optionsOf = (leaf: Leaf | null): readonly Flag[] => [...(leaf?.options ?? []), ...EVERYWHERE];

/** The spellings of an option: `-C, --dir <dir>` has two. */
const spellings = ([flags]: Flag): string[] => flags.split(/[ ,]+/).filter((word) => word.startsWith("-"));

const valued = (leaf: Leaf | null, word: string): Flag | null =>
  optionsOf(leaf).find((flag) => flag[0].includes("<") && spellings(flag).includes(word)) ?? null;

interface Search {
  last: string;
  leaves: readonly Leaf[];
  glance: () => Promise<Glance>;
}

async function expected(typed: Typed, search: Search): Promise<Candidates> {
  const { path, leaf, pending, onlyArguments } = typed;
  if (pending !== null) return valuesOf(pending, search);
  if (search.last.startsWith("-") && !onlyArguments) return optionNames(leaf);
  const names = typed.given === 0 ? commandsBelow(path, search.leaves) : [];
  const argument = leaf === null ? null : argumentAt(leaf, typed.given);
  const own = argument === null ? [] : await from(argument, search);
  return own === "files" ? (names.length === 0 ? own : names) : [...names, ...own];
}

const optionNames = (leaf: Leaf | null): Glimpse[] =>
  [...optionsOf(leaf), ["--help", "how it is used, with an example"] as const].map((flag) => ({
    name: spellings(flag).at(-1) ?? "",
    about: flag[1],
  }));

/** The next word of every command that begins with this path. */
function commandsBelow(path: string, leaves: readonly Leaf[]): Glimpse[] {
  const group = path === "" ? null : path;
  const own = leaves.filter((l) => groupOf(l) === group);
  const groups = path === "" ? [...new Set(leaves.flatMap((l) => groupOf(l) ?? []))] : [];
  return [
    ...own.map((l) => ({ name: nameOf(l).split(" ").at(-1) ?? "", about: l.about })),
    ...groups.map((name) => ({ name, about: namesIn(name, leaves) })),
  ];
}

const namesIn = (group: string, leaves: readonly Leaf[]): string =>
  leaves.flatMap((l) => (groupOf(l) === group ? [nameOf(l).slice(group.length + 1)] : [])).join(", ");

/** The name of an argument in the usage; the last one may stand for many. */
function argumentAt({ usage }: Leaf, index: number): string | null {
  const names = [...usage.matchAll(/[<[]([a-z-]+)(\.\.\.)?[>\]]/g)];
  const [, name, more] = names[Math.min(index, names.length - 1)] ?? [];
  return name === undefined || (index >= names.length && more === undefined) ? null : name;
}

/** Values of an option: its source's, else the words that its own line names ("text or github", "local: …"). */
async function valuesOf(flag: Flag, search: Search): Promise<Candidates> {
  const name = spellings(flag).at(-1) ?? "";
  if (SOURCES[name] !== undefined) return from(name, search);
  const [choices = ""] = /^(?:[a-z]+, )*[a-z]+ or [a-z]+\b|^[a-z]+(?=: )/.exec(flag[1]) ?? [];
  return choices.split(/, | or /).flatMap((word) => (word === "" ? [] : [{ name: word, about: "" }]));
}

/** Names of the fleet; where there is none, or it cannot be read, there is nothing to offer. */
async function from(name: string, { last, glance }: Search): Promise<Candidates> {
  const sources = SOURCES[name] ?? [];
  if (sources === "files") return sources;
  if (sources.length === 0) return [];
  const seen = await glance();
  const found = sources.map((source) => (isKnown(source, seen) ? seen[source](last) : literally(source)));
  const settled = await Promise.allSettled(found);
  return settled
    .flatMap((s) => (s.status === "fulfilled" ? s.value : []))
    .filter((glimpse) => PLAIN.test(glimpse.name));
}

const isKnown = (source: string, glance: Glance): source is keyof Glance => Object.hasOwn(glance, source);

const literally = async (name: string): Promise<Glimpse[]> => [{ name, about: "" }];

/** The words of a line up to where somebody types, as a shell sees them; the last one may be empty or unfinished. */
export function wordsOf(line: string): string[] {
  const words = [""];
  for (const [part] of line.matchAll(/\s+|\\.?|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s\\'"]+/gs)) {
    if (/^\s/.test(part)) words.push("");
    else words[words.length - 1] += part.replaceAll(/^['"]|(?<!^)['"]$/g, "").replaceAll(/\\(.)/gs, "$1");
  }
  return words;
}
