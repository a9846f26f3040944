import type { Finding } from "../finding.ts";
import { ToolName } from "../spec.ts";
import { shown, wordsOf } from "./phrase.ts";
import { noteAt, type Source } from "./source.ts";

/** What an agent may use, and what of its source's tools it may not. */
export interface Granted {
  tools: ToolName[];
  guess: string;
  notes: Finding[];
}

/** Every agent may say what it saw, ask a person, and end its work. */
const ALWAYS: readonly ToolName[] = ["note", "escalate", "finish"];
/** What a file that says nothing of tools gets: they only look, and only at what `reads` names. */
export const LOOKING: readonly ToolName[] = ["read", "list", "search"];

/** Tools of other systems that can do no more there than ours can here. Whatever is missing maps to nothing. */
const SAME: ReadonlyMap<string, ToolName> = new Map([
  ["read", "read"],
  ["view", "read"],
  ["ls", "list"],
  ["list", "list"],
  ["glob", "list"],
  ["grep", "search"],
  ["search", "search"],
  ["write", "write"],
  ["edit", "edit"],
  ["multiedit", "edit"],
]);

/** A grant of these and of what every agent may use, in our order. */
export const granted = (names: Iterable<ToolName>, guess: string, notes: Finding[] = []): Granted => {
  const all = new Set([...names, ...ALWAYS]);
  return { tools: ToolName.options.filter((name) => all.has(name)), guess, notes };
};

/** The tools of a subagent: `tools` allows, `disallowedTools` forbids. A list that cannot be read allows nothing. */
export function subagentTools(source: Source): Granted {
  const { tools, disallowedTools } = source.data ?? {};
  const denied = new Set((wordsOf(disallowedTools) ?? []).map((word) => SAME.get(nameOf(word))));
  const keep = (names: readonly ToolName[]): ToolName[] => names.filter((name) => !denied.has(name));
  if (isUnreadable(disallowedTools)) return nothing(source, "disallowedTools");
  if (tools === undefined) return granted(keep(LOOKING), "the file lists none; these only look");
  const words = wordsOf(tools);
  if (words === null) return nothing(source, "tools");
  const foreign = words.filter((word) => !SAME.has(word.toLowerCase()));
  const ours = words.flatMap((word) => SAME.get(word.toLowerCase()) ?? []);
  const notes = foreign.length === 0 ? [] : [unknownTools(source, foreign)];
  return granted(keep(ours), "mapped from another system's names", notes);
}

/** What stands before the parentheses of `Read(secrets/**)`: who denies a part of a tool here denies it all. */
const nameOf = (word: string): string => word.replace(/\(.*$/s, "").trim().toLowerCase();

/** One finding for all tools of a file that map to nothing. */
export const unknownTools = (source: Source, names: readonly string[]): Finding =>
  noteAt(
    source,
    ["tools"],
    [
      "no-right",
      `${names.map(shown).join(", ")}: agents here have no such tool, so the right is not carried over`,
    ],
  );

const isUnreadable = (value: unknown): boolean => value !== undefined && wordsOf(value) === null;

/** A list that cannot be read grants nothing, and says so. */
export function nothing(source: Source, key: string): Granted {
  const message = `${shown(source.data?.[key])} is no list of tools, so none is granted`;
  return granted([], "none, because the file's list cannot be read", [
    noteAt(source, [key], ["no-right", message]),
  ]);
}
