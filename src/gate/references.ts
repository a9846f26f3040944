import type { TextChange } from "../domain/change.ts";
import type { Block } from "../domain/evidence/block.ts";
import type { Reading } from "../domain/evidence/gather.ts";
import { readMarkdown } from "../domain/evidence/markdown.ts";
import { AgentName } from "../domain/id.ts";
import { nearest } from "../domain/near.ts";
import { claimProblems } from "./claims.ts";
import { deadPaths, missing, type Dead } from "./dead-paths.ts";
import { added, deleted, pathsAfter, ruled, type Gate, type GateInput } from "./gate.ts";

/**
 * Holds that what the change and the agent's summary speak of is there: tasks, agents, files that they link to; and that
 * what the agent says it did is what the change shows. What a text said before is not this change's.
 */
export const references: Gate = {
  id: "references",
  async judge(input) {
    // A question is often about what is not there.
    if (input.kind === "question")
      return ruled("references", [], { pass: "a question may speak of anything", fail: "" });
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
  const reading = await readMarkdown(after);
  // What cannot be read for sure is read as it is.
  const blocks = "fault" in reading ? [{ text: after, line: 1, codes: [] }] : reading.blocks;
  const named = unknownNames(blocks, world).filter(({ name }) => !old.includes(name));
  const dead =
    "fault" in reading || path.startsWith("board/") ? [] : await news({ path, reading, old }, input, world);
  return [...named, ...dead].map(({ line, says }) => `${path}:${line}: ${says}`);
}

/** Paths that lead nowhere, and did not do so before. The board speaks of files that are still to be made. */
async function news(
  { path, reading, old }: { path: string; reading: Reading; old: string },
  { agent }: GateInput,
  { paths }: World,
): Promise<Dead[]> {
  const dead = deadPaths(path, reading, { there: paths, spec: agent.spec });
  if (dead.length === 0 || old === "") return dead;
  const before = await readMarkdown(old);
  const known = "fault" in before ? [] : deadPaths(path, before, { there: paths, spec: agent.spec });
  return dead.filter((d) => !known.some((k) => k.says === d.says));
}

function summaryProblems({ said, agent }: GateInput, world: World): string[] {
  if (said === null) return [];
  const { summary } = said;
  const named = unknownNames([{ text: summary, line: 1, codes: [] }], world).map((u) => u.says);
  return [...named, ...missing(summary, world.paths, agent.spec)].map((says) => `the summary: ${says}`);
}

interface Unknown {
  name: string;
  line: number;
  says: string;
}

type Prose = Pick<Block, "text" | "line" | "codes">;

const TASK = /(?<![\p{L}\p{N}_-])T-[a-z0-9]{4,12}(?![\p{L}\p{N}_]|-[\p{L}\p{N}])/gu;
const AGENT = /(?<![\w/.-])agents\/([a-z][a-z0-9-]{0,39})\.md\b/g;

/** A text that says itself that there is no such thing, or shows how one would look. */
const DENIED =
  /\b(?:no such|not exist|no task|no agent|missing|gone|example|such as|e\.g|would be)\b|n['’]t exist\b/i;

/** Tasks and agents that a text names and that do not exist. */
function unknownNames(blocks: readonly Prose[], { tasks, agents }: World): Unknown[] {
  const found = new Map<string, Unknown>();
  const add = (block: Prose, name: string, what: string, all: ReadonlySet<string>): void => {
    const meant = nearest(name, all);
    // `T-shirt` is no task, unless it is nearly one.
    if (found.has(name) || (what === "task" && meant === null && !/\d/.test(name))) return;
    const line = block.line + block.text.slice(0, block.text.indexOf(name)).split("\n").length - 1;
    const hint = meant === null ? "" : `; did you mean ${meant}?`;
    found.set(name, { name, line, says: `there is no ${what} ${name}${hint}` });
  };
  for (const block of blocks) {
    if (found.size >= MOST) break;
    if (DENIED.test(block.text)) continue;
    for (const id of new Set(block.text.match(TASK)))
      if (!tasks.has(id) && found.size < MOST) add(block, id, "task", tasks);
    for (const name of agentsIn(block))
      if (!agents.has(name) && found.size < MOST) add(block, name, "agent", agents);
  }
  return [...found.values()];
}

/** `agents/lp-tester.md`, and in a sentence: agent `lp-tester`. */
function agentsIn({ text, codes }: Prose): Set<string> {
  const files = [...text.matchAll(AGENT)].flatMap(([, name]) => name ?? []);
  const named = codes
    .filter(({ from }) => /\bagent $/i.test(text.slice(Math.max(0, from - 7), from)))
    .map(({ from, to }) => text.slice(from, to))
    .filter((name) => AgentName.safeParse(name).success);
  return new Set([...files, ...named]);
}

/** What one file is told at most. */
const MOST = 20;
