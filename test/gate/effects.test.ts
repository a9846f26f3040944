import { describe, expect, test } from "vitest";
import type { TextChange } from "../../src/domain/change.ts";
import { effects as effectsGate } from "../../src/gate/effects.ts";
import { judge } from "../../src/gate/index.ts";
import { attempt, change, DONE, effectText, own, report } from "./bench.ts";

const EFFECTS = {
  "campaign.pause": { class: "reversible", target: ["roofing-*"] },
  "campaign.launch": { class: "irreversible", target: ["*"] },
};
const PATH = "board/effects/pause-roofing-us.md";

interface Setup {
  changes: TextChange[];
  effects?: readonly string[];
  config?: Record<string, unknown>;
  kind?: "work" | "question";
}

/** What the gates say of finished work that also changes these. */
async function said({ changes, effects = ["campaign.pause"], config = {}, kind = "work" }: Setup) {
  const { ruling, gates } = await judge(
    attempt({
      kind,
      spec: { effects },
      config: { effects: EFFECTS, ...config },
      changes: kind === "work" ? [own(DONE), report, ...changes] : changes,
    }),
  );
  return { ruling, by: gates.filter((g) => g.ruling !== "pass").map((g) => [g.gate, ...g.details]) };
}

const sentenceOf = async (changes: TextChange[]) =>
  (
    await effectsGate.judge(
      attempt({ spec: { effects: ["campaign.pause"] }, config: { effects: EFFECTS }, changes }),
    )
  ).sentence;

const adds = (text: string, path = PATH): TextChange => change(path, null, text);

describe("honest", () => {
  test.each<[string, Setup]>([
    ["an effect that config and spec list, on one of its targets", { changes: [adds(effectText())] }],
    ["one that the spec means by a pattern", { changes: [adds(effectText())], effects: ["campaign.*"] }],
    [
      "one with plain args",
      { changes: [adds(effectText({ args: "{ until: monday, share: 0.5, all: true }" }))] },
    ],
    ["one under a minted id", { changes: [adds(effectText(), "board/effects/E-8k2f.md")] }],
    [
      "two in one change",
      {
        changes: [adds(effectText()), adds(effectText({ target: "roofing-de" }), "board/effects/E-8k2f.md")],
      },
    ],
    [
      "a file of the agent's own with the word in its path",
      { changes: [adds("Fine.\n", "reports/effects.md")] },
    ],
  ])("%s passes", async (_, setup) => {
    expect(await said(setup)).toEqual({ ruling: "pass", by: [] });
  });
});

test("its verdict says whether anything was proposed", async () => {
  expect(await sentenceOf([adds(effectText())])).toBe(
    "each effect that it proposes is listed, may act on its target, and is for its own task",
  );
  expect(await sentenceOf([])).toBe("it proposes no effect");
});

describe("hostile", () => {
  test.each<[string, Setup, RegExp]>([
    [
      "an effect that the config does not list",
      { changes: [adds(effectText({ effect: "campaign.pauze" }))], effects: ["*"] },
      /the config lists no effect campaign\.pauze; did you mean campaign\.pause\?/,
    ],
    [
      "an effect where the config lists none",
      { changes: [adds(effectText())], config: { effects: {} } },
      /lists no effect campaign\.pause; it lists none/,
    ],
    [
      "the name of something that every object has",
      { changes: [adds(effectText({ effect: "constructor" }))], effects: ["*"] },
      /lists no effect constructor/,
    ],
    [
      "an effect that only the proposal's own config lists",
      {
        changes: [
          adds(effectText({ effect: "money.send" })),
          change(".github/pullbeat.yml", "version: 1\n", "version: 1\neffects: { money.send: {} }\n"),
        ],
        effects: ["*"],
      },
      /lists no effect money\.send/,
    ],
    [
      "an effect that its spec does not name",
      { changes: [adds(effectText({ effect: "campaign.launch" }))] },
      /writer may propose only campaign\.pause, and this is campaign\.launch/,
    ],
    [
      "any effect without a word of the spec",
      { changes: [adds(effectText())], effects: [] },
      /may propose no effect/,
    ],
    [
      "a target outside",
      { changes: [adds(effectText({ target: "solar-us" }))] },
      /may not act on solar-us; .* roofing-\*/,
    ],
    [
      "a target in other letters",
      { changes: [adds(effectText({ target: "Roofing-us" }))] },
      /may not act on Roofing-us/,
    ],
    [
      "a target further down",
      { changes: [adds(effectText({ target: "roofing-us/x" }))] },
      /may not act on roofing-us\/x/,
    ],
    [
      "a target with a look-alike",
      { changes: [adds(effectText({ target: "rооfing-us" }))] },
      /cannot be read/,
    ],
    [
      "a target with ..",
      { changes: [adds(effectText({ target: "roofing-us/../solar" }))] },
      /cannot be read/,
    ],
    [
      "a target that is a list",
      { changes: [adds(effectText({ target: "[roofing-us, solar]" }))] },
      /cannot be read/,
    ],
    [
      "a target with an end of line",
      { changes: [adds(effectText({ target: '"roofing-us\\n"' }))] },
      /cannot be read/,
    ],
    ["another task's name", { changes: [adds(effectText({ task: "T-bbbb" }))] }, /task must be T-aaaa/],
    ["a further key", { changes: [adds(effectText({ approved: "true" }))] }, /cannot be read/],
    ["args within args", { changes: [adds(effectText({ args: "{ a: { b: c } }" }))] }, /cannot be read/],
    [
      "an arg that nobody sees",
      { changes: [adds(effectText({ args: '{ a: "x\\u202ey" }' }))] },
      /cannot be read/,
    ],
    [
      "too many args",
      {
        changes: [
          adds(
            effectText({
              args: JSON.stringify(Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`a${i}`, i]))),
            }),
          ),
        ],
      },
      /cannot be read/,
    ],
    ["no front matter", { changes: [adds("Pause it.\n")] }, /cannot be read/],
    [
      "the same key twice",
      { changes: [adds(effectText({ args: "{}\ntarget: solar-us" }))] },
      /cannot be read/,
    ],
    [
      "a change of an effect that is there",
      { changes: [change(PATH, effectText(), effectText({ target: "roofing-de" }))] },
      /never changed/,
    ],
    ["its end", { changes: [change(PATH, effectText(), null)] }, /never changed/],
    [
      "a folder below",
      { changes: [adds(effectText(), "board/effects/x/pause.md")] },
      /expected board\/effects\/<id>\.md/,
    ],
    [
      "a README, which nobody reads",
      { changes: [adds(effectText(), "board/effects/readme.md")] },
      /expected board\/effects/,
    ],
    [
      "a folder in other letters",
      { changes: [adds(effectText(), "board/Effects/pause.md")] },
      /expected board\/effects/,
    ],
    [
      "an id in other letters",
      { changes: [adds(effectText(), "board/effects/E-8K2F.md")] },
      /expected board\/effects/,
    ],
    ["no markdown", { changes: [adds(effectText(), "board/effects/pause.yml")] }, /expected board\/effects/],
  ])("%s does not pass, and the agent hears why", async (_, setup, why) => {
    const { ruling, by } = await said(setup);
    expect(ruling).not.toBe("pass");
    expect(by.find(([gate]) => gate === "effects")?.join("\n")).toMatch(why);
  });

  test.each<[string, Setup]>([
    ["a question that proposes one", { changes: [adds(effectText())], kind: "question" }],
    ["an agent whose spec names none", { changes: [adds(effectText())], effects: [] }],
    ["a symbolic link", { changes: [{ ...adds(effectText()), newMode: "120000" }] }],
    [
      "effects that people protect",
      { changes: [adds(effectText())], config: { protect: ["board/effects/**"] } },
    ],
    ["a spec that may write everything", { changes: [change(PATH, effectText(), "x\n")], config: {} }],
  ])("%s is outside the fence", async (_, setup) => {
    expect((await said(setup)).by.map(([gate]) => gate)).toContain("paths");
  });
});
