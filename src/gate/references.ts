import type { TextChange } from "../domain/change.ts";
import type { Block } from "../domain/evidence/block.ts";
import type { Reading } from "../domain/evidence/gather.ts";
import { readMarkdown } from "../domain/evidence/markdown.ts";
import { isPage } from "../domain/evidence/page.ts";
import { matches } from "../domain/glob.ts";
import { productsOf, type Spec } from "../domain/spec.ts";
import { claimProblems } from "./claims.ts";
import { deadPaths, missing, type Dead } from "./dead-paths.ts";
import { added, deleted, ruled, type Gate, type GateInput } from "./gate.ts";
import { denies, unknownNames, worldOf, type Prose, type Unknown, type World } from "./mentions.ts";

/**
 * Holds that what the change and the agent's summary speak of is there: tasks, agents, effects, pulls, files that they
 * link to; and that what the agent says it did is what the change shows. What a text said before is not this change's.
 */
export const references: Gate = {
  id: "references",
  async judge(input) {
    const world = worldOf(input);
    const problems = [...claimProblems(input), ...(await summaryProblems(input, world))];
    for (const change of input.changes) problems.push(...(await problemsIn(change, { input, world })));
    return ruled("references", problems, {
      pass: "what it speaks of is there",
      fail: "it speaks of what is not there",
    });
  },
};

async function problemsIn(
  change: TextChange,
  { input, world }: { input: GateInput; world: World },
): Promise<string[]> {
  const { path, before, after } = change;
  if (after === null || deleted(change) || !isPage(path)) return [];
  const old = added(change) ? "" : (before ?? "");
  const reading = await readMarkdown(after);
  // What cannot be read for sure is read as it is.
  const whole = "fault" in reading ? [{ text: after, line: 1, codes: [] }] : reading.blocks;
  const isGuide = holdsExamples(input.agent.spec, path);
  const blocks = isGuide ? whole.map(withoutCode) : whole;
  const named = namesIn(blocks, { input, world }).filter(({ name }) => !old.includes(name));
  const dead =
    "fault" in reading || path.startsWith("board/")
      ? []
      : await news({ path, reading, old }, { input, world, isGuide });
  return [...named, ...dead].map(({ line, says }) => `${path}:${line}: ${says}`);
}

/**
 * A question is often about what is not there, and says so somewhere; files that it names as evidence are looked at as it
 * is asked.
 */
function namesIn(blocks: readonly Prose[], { input, world }: { input: GateInput; world: World }): Unknown[] {
  const unknown = unknownNames(blocks, world);
  if (input.kind !== "question") return unknown;
  const denied = blocks.filter(denies).map((b) => b.text);
  return unknown.filter(({ name }) => !denied.some((text) => text.includes(name)));
}

/** Pages whose code shows how things look in a reader's repository. */
const holdsExamples = (spec: Spec, path: string): boolean =>
  productsOf(spec).some((p) => p.examples === true && matches(p.path, path));

/** A block with blanks where its code stood. */
const withoutCode = (block: Block | Prose): Prose => {
  let { text } = block;
  for (const { from, to } of block.codes)
    text = text.slice(0, from) + text.slice(from, to).replaceAll(/[^\n]/g, " ") + text.slice(to);
  return { text, line: block.line, codes: [] };
};

/** Paths that lead nowhere, and did not do so before. The board speaks of files that are still to be made. */
async function news(
  { path, reading, old }: { path: string; reading: Reading; old: string },
  { input, world: { paths }, isGuide }: { input: GateInput; world: World; isGuide: boolean },
): Promise<Dead[]> {
  const court = { there: paths, spec: input.agent.spec, links: isGuide };
  const dead = deadPaths(path, reading, court);
  if (dead.length === 0 || old === "") return dead;
  const before = await readMarkdown(old);
  const known = "fault" in before ? [] : deadPaths(path, before, court);
  return dead.filter((d) => !known.some((k) => k.says === d.says));
}

async function summaryProblems({ said, agent }: GateInput, world: World): Promise<string[]> {
  if (said === null) return [];
  const { summary } = said;
  const reading = await readMarkdown(summary);
  const blocks = "fault" in reading ? [{ text: summary, line: 1, codes: [] }] : reading.blocks;
  const named = unknownNames(blocks, world).map((u) => u.says);
  return [...named, ...missing(summary, world.paths, agent.spec)].map((says) => `the summary: ${says}`);
}
