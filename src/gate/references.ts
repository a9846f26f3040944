import type { TextChange } from "../domain/change.ts";
import { nearest } from "../domain/near.ts";
import { claimProblems } from "./claims.ts";
import { deadPaths, missing } from "./dead-paths.ts";
import { added, deleted, pathsAfter, ruled, type Gate, type GateInput } from "./gate.ts";

/**
 * Holds that what the change and the agent's summary speak of is there: tasks, agents, files that they link to; and that
 * what the agent says it did is what the change shows. What a text said before is not this change's.
 */
export const references: Gate = {
  id: "references",
  async judge(input) {
    const world = worldOf(input);
    const problems = [...claimProblems(input), ...summaryProblems(input, world)];
    for (const change of input.changes) problems.push(...(await problemsIn(change, { input, world })));
    return ruled("references", problems, {
      pass: "what it speaks of is there",
      fail: "it speaks of what is not there",
    });
  },
};

/** What there is to speak of, after the change. */
interface World {
  tasks: ReadonlySet<string>;
  agents: ReadonlySet<string>;
  /** Files and folders. */
  paths: ReadonlySet<string>;
}

function worldOf(input: GateInput): World {
  const files = [...pathsAfter(input)];
  const ids = files.flatMap(
    (f) => /^board\/(?:archive\/[^/]+\/)?(T-[a-z0-9]{4,12})(?:-[^/]*)?\.md$/.exec(f)?.[1] ?? [],
  );
  const agents = files.flatMap((f) => /^agents\/([^/]+)\.md$/.exec(f)?.[1] ?? []);
  const folders = files.flatMap((f) => f.split("/").map((_, i, parts) => parts.slice(0, i).join("/")));
  return {
    tasks: new Set([...ids, input.task.task.id]),
    agents: new Set([...agents, input.agent.spec.name]),
    paths: new Set([...files, ...folders]),
  };
}

async function problemsIn(
  change: TextChange,
  { input, world }: { input: GateInput; world: World },
): Promise<string[]> {
  const { path, before, after } = change;
  if (after === null || deleted(change) || !/\.(?:md|markdown)$/i.test(path)) return [];
  const old = added(change) ? "" : (before ?? "");
  const named = unknownNames(after, world).filter(({ name }) => !old.includes(name));
  const spec = input.agent.spec;
  const dead = await deadPaths({ path, text: after }, world.paths, spec);
  const known = dead.length === 0 ? [] : await deadPaths({ path, text: old }, world.paths, spec);
  const news = dead.filter((d) => !known.some((k) => k.says === d.says));
  return [
    ...named.map(({ line, says }) => `${path}:${line}: ${says}`),
    ...news.map(({ line, says }) => `${path}:${line}: ${says}`),
  ];
}

function summaryProblems({ said, agent }: GateInput, world: World): string[] {
  if (said === null) return [];
  const gone = missing(said.summary, world.paths, agent.spec);
  return [...unknownNames(said.summary, world).map((u) => u.says), ...gone].map(
    (says) => `the summary: ${says}`,
  );
}

interface Unknown {
  name: string;
  line: number;
  says: string;
}

const TASK = /(?<![\p{L}\p{N}_-])T-[a-z0-9]{4,12}(?![\p{L}\p{N}_]|-[\p{L}\p{N}])/gu;
const AGENT = /(?<![\w/.-])agents\/([a-z][a-z0-9-]{0,39})\.md\b|\bagent `([a-z][a-z0-9-]{0,39})`/g;

/** Tasks and agents that a text names and that do not exist. */
function unknownNames(text: string, { tasks, agents }: World): Unknown[] {
  const found: Unknown[] = [];
  const add = (at: number, name: string, says: string): void => {
    if (!found.some((f) => f.name === name))
      found.push({ name, line: text.slice(0, at).split("\n").length, says });
  };
  for (const { 0: id, index } of text.matchAll(TASK)) {
    const meant = tasks.has(id) ? null : nearest(id, tasks);
    // `T-shirt` is no task, unless it is nearly one.
    if (!tasks.has(id) && (meant !== null || /\d/.test(id)))
      add(index, id, `there is no task ${id}${hint(meant)}`);
  }
  for (const { 1: file, 2: quoted, index } of text.matchAll(AGENT)) {
    const name = file ?? quoted ?? "";
    if (!agents.has(name)) add(index, name, `there is no agent ${name}${hint(nearest(name, agents))}`);
  }
  return found.slice(0, MOST);
}

/** What one file is told at most. */
const MOST = 20;

const hint = (meant: string | null): string => (meant === null ? "" : `; did you mean ${meant}?`);
