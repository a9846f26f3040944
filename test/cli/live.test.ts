import { expect, test } from "vitest";
import { openLive } from "../../src/cli/live.ts";
import { AgentName, PullNumber, Unit } from "../../src/domain/id.ts";
import type { Happening } from "../../src/flow/world.ts";
import type { Step } from "../../src/port/engine.ts";

const same = (text: string): string => text;

/** What stands on the screen after each of these. */
function screens(...happenings: Happening[]): string[][] {
  const shown: string[][] = [];
  const live = openLive({ progress: (...lines) => void shown.push(lines), bold: same, dim: same });
  for (const happening of happenings) live(happening);
  return shown;
}

const said = {
  gate: "honest",
  ruling: "inconclusive" as const,
  sentence: "the checker gave no verdict",
  details: [],
  mendable: false,
};
const unit = Unit.parse("one");
const of = (agent: string) => ({ agent: AgentName.parse(agent), unit });
const step = (agent: string, done: Step): Happening => ({ kind: "step", ...of(agent), step: done });
const calls = (tool: string, args: string): Step => ({ kind: "calls", tool, arguments: args });

const WAITS = 'bob  one  waits for the model, 1 call, 1,000 tokens so far, last read(path: "a.md")';

test("each agent that works has one line with its last step, until its beat is over", () => {
  const shown = screens(
    { kind: "attempt", ...of("ada"), title: "Do one" },
    step("bob", calls("read", '{"path":"a.md"}')),
    step("ada", { kind: "answers", tool: "write", text: "Error: outside", refused: true }),
    step("bob", {
      kind: "asks",
      spent: { steps: 1, tokens: { input: 900, cached: 0, output: 100 }, usd: 1, ms: 1 },
    }),
    { kind: "ends", agent: AgentName.parse("ada") },
  );
  expect(shown).toEqual([
    ["ada  one  Do one"],
    ["ada  one  Do one", 'bob  one  read(path: "a.md")'],
    ["ada  one  write refused: Error: outside", 'bob  one  read(path: "a.md")'],
    ["ada  one  write refused: Error: outside", WAITS],
    [WAITS, "ada  publishes its work"],
  ]);
});

test("what a gate says at its own time stands below who works", () => {
  const heard: Happening = { kind: "heard", pull: PullNumber.parse(3), verdict: said };
  expect(screens({ kind: "attempt", ...of("ada"), title: "One" }, heard)).toEqual([
    ["ada  one  One"],
    ["ada  one  One", "honest could not tell of pull 3: the checker gave no verdict"],
  ]);
});

test("whatever an agent says stays on its own line, without colours or cursor moves", () => {
  const evil = "a\n::stop-commands::x\u001b[2J\u001b[31m\tb";
  const shown = screens(
    { kind: "attempt", ...of("ada"), title: evil },
    step("ada", { kind: "says", text: evil }),
    step("ada", calls(`x\u001b[1A`, evil)),
    step("ada", calls("write", JSON.stringify({ path: evil, text: "t".repeat(100) }))),
    step("ada", { kind: "answers", tool: evil, text: evil, refused: false }),
    step("ada", { kind: "nudges", text: evil }),
    step("ada", { kind: "sends-back", problems: [evil] }),
    step("ada", { kind: "runs", program: evil }),
    step("ada", { kind: "ran", how: evil, stdout: evil, stderr: evil }),
    { kind: "note", text: evil },
    { kind: "heard", pull: PullNumber.parse(3), verdict: { ...said, sentence: evil } },
  );
  for (const line of shown.flat()) {
    expect(line).not.toMatch(/[\p{Cc}]/u);
    expect(line).not.toMatch(/^::/);
  }
});
