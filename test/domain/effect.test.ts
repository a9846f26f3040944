import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { Effect, Effects, placesEffect, proposedIn } from "../../src/domain/board/effect.ts";
import { requiredGates } from "../../src/domain/verdict/gates.ts";
import { lint } from "../../src/domain/lint/lint.ts";
import { roleText } from "../../src/domain/prompt/role.ts";
import { parseLeaf } from "../../src/store/leaf.ts";
import { effectText } from "../gate/bench.ts";
import { name, sha, snapshot } from "./fleet.ts";

const EFFECTS = Effects.parse({ "campaign.pause": { class: "reversible", target: ["roofing-*"] } });
const PUBLISH = Effects.parse({ "post.publish": { class: "irreversible", target: ["*"] } });
const PATH = "board/effects/pause.md";

const leafOf = (text: string, path = PATH) =>
  parseLeaf("effect", { path, blob: sha("x"), bytes: new TextEncoder().encode(text) });

/** What `check` says between files, of a fleet with one effect on its board. */
function found(config: Record<string, unknown>, text = effectText(), agents = {}): string[] {
  const { fleet } = snapshot({ config, agents: { ada: {}, ...agents } });
  const leaf = leafOf(text);
  if (leaf.kind !== "effect") throw new Error("it cannot be read");
  return lint({ ...fleet, effects: [leaf.file] }).map(
    (f) => `${f.file}:${f.line}:${f.column} ${f.rule} ${f.message}`,
  );
}

test("an effect that the config does not list is named with its place, and with what was probably meant", () => {
  expect(found({ effects: EFFECTS })).toEqual([]);
  expect(found({ effects: EFFECTS }, effectText({ effect: "campaign.pase" }))).toEqual([
    `${PATH}:2:9 effect/unlisted the config lists no effect campaign.pase; did you mean campaign.pause?`,
  ]);
  expect(found({ effects: EFFECTS }, effectText({ target: "solar" }))).toEqual([
    `${PATH}:3:9 effect/target campaign.pause may not act on solar; the config lets it act on roofing-*`,
  ]);
});

test("patterns that no effect answers to are named where they stand", () => {
  const require = [{ effect: ["campain.pause"], gates: ["size"] }];
  expect(
    found({ effects: EFFECTS, require }, effectText(), { eve: { effects: ["campaign.stop*"] } }),
  ).toEqual([
    expect.stringMatching(
      /^agents\/eve\.md.* spec\/unknown-effect the config lists no effect campaign\.stop\*/,
    ),
    expect.stringMatching(/policy\/unknown-effect .* did you mean campaign\.pause\?/),
  ]);
});

test("what is wrong in an effect's file is named by line and column", () => {
  expect(leafOf(effectText({ target: "a b" }))).toMatchObject({ findings: [{ line: 3, column: 9 }] });
  expect(leafOf(effectText({ tsk: "x" }))).toMatchObject({ findings: [{ line: 5, column: 1 }] });
  expect(leafOf(effectText(), "board/effects/Pause it.md")).toMatchObject({
    findings: [{ rule: "effect/file-name" }],
  });
});

test("ids are those of tasks with an E, or slugs; args are plain and few", () => {
  expect(
    ["E-8k2f", "pause", "pause-roofing-us", "a".repeat(48)].every((id) =>
      placesEffect(`board/effects/${id}.md`),
    ),
  ).toBe(true);
  expect(
    ["E-8K2F", "e_8", "a".repeat(49), "-a", "readme", "../x"].some((id) =>
      placesEffect(`board/effects/${id}.md`),
    ),
  ).toBe(false);
  const args = (value: unknown): boolean =>
    Effect.safeParse({ effect: "a.b", target: "customers/1/ads:2", task: "T-aaaa", args: value }).success;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]));
  expect([{}, { a: "x", b: 1, c: false }, many(20)].every(args)).toBe(true);
  expect(args(many(21))).toBe(false);
  expect(
    [{ a: null }, { A: 1 }, { a: [1] }, { a: "x\ny" }, { a: "\u200b" }, { a: "x".repeat(501) }].some(args),
  ).toBe(false);
});

test("only a new file in its place proposes an effect", () => {
  const front = { effect: "campaign.pause", target: "roofing-us", task: "T-aaaa" };
  const proposed = (path: string, oldMode: "000000" | "100644"): boolean =>
    proposedIn({ path, oldMode }, front) !== null;
  expect(proposed(PATH, "000000")).toBe(true);
  expect(proposed(PATH, "100644")).toBe(false);
  expect(proposed("board/effects/below/pause.md", "000000")).toBe(false);
  expect(proposedIn({ path: PATH, oldMode: "000000" }, null)).toBeNull();
});

test("a requirement by effect asks for its gates where one is proposed, or where nobody can tell which", () => {
  const config = Config.parse({
    version: 1,
    effects: { ...EFFECTS, ...PUBLISH },
    require: [{ effect: ["campaign.*"], gates: ["funnel"] }],
  });
  const names = (paths: string[], effects?: string[]): string[] =>
    requiredGates(config, { taskKind: null, paths, spec: [], ...(effects === undefined ? {} : { effects }) });
  expect(names([PATH], ["campaign.pause"])).toEqual(["effects", "funnel"]);
  expect(names([PATH], ["post.publish"])).toEqual(["effects"]);
  expect(names([PATH])).toEqual(["effects", "funnel"]);
  expect(names(["reports/a.md"], [])).toEqual([]);
  expect(names(["reports/a.md"])).toEqual([]);
});

test("an agent is told what it may propose, and only that", () => {
  const { fleet } = snapshot({
    agents: { ada: { effects: ["campaign.*"] } },
    config: { effects: { ...EFFECTS, ...PUBLISH } },
  });
  const ada = fleet.agents.get(name("ada"));
  if (ada === undefined) throw new Error("ada is gone");
  expect(roleText(ada, [], fleet.config.effects)).toContain(
    "for a person to decide: campaign.pause (on roofing-*). Each is one new file",
  );
  expect(roleText({ ...ada, spec: { ...ada.spec, effects: [] } }, [], fleet.config.effects)).not.toContain(
    "board/effects",
  );
});
