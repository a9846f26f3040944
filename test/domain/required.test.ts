import { expect, test } from "vitest";
import { Config } from "../../src/domain/config.ts";
import { isHeard, requiredGates } from "../../src/domain/verdict/gates.ts";

const config = Config.parse({
  version: 1,
  require: [
    { gates: ["always"] },
    { path: ["pages/**"], gates: ["page"] },
    { kind: ["draft-*"], gates: ["draft"] },
    { path: ["pages/**", "ads/**"], kind: ["draft-ad"], gates: ["both", "size"] },
  ],
});
const names = (taskKind: string | null, paths: string[], spec: string[] = []): string[] =>
  requiredGates(config, { taskKind, paths, spec });

test("a requirement without a condition is for all, one with several for what meets them all", () => {
  expect(names(null, ["reports/a.md"])).toEqual(["always"]);
  expect(names(null, ["reports/a.md", "pages/a.md"])).toEqual(["always", "page"]);
  expect(names("draft-page", ["reports/a.md"])).toEqual(["always", "draft"]);
  expect(names("draft-ad", ["reports/a.md"])).toEqual(["always", "draft"]);
  expect(names("page", ["ads/a.md"])).toEqual(["always"]);
  expect(names("draft-ad", ["ads/a.md"])).toEqual(["always", "draft", "both"]);
});

test("a spec only adds, each gate is asked once, and those that always judge are not asked for", () => {
  expect(names(null, [], ["tone", "always", "paths"])).toEqual(["always", "tone"]);
});

test("a gate of the fleet's own cannot take the name of one that always judges", () => {
  const gates = { size: { kind: "command", run: ["true"] } };
  expect(Config.safeParse({ version: 1, gates }).success).toBe(false);
});

test("programs and graders judge at their own time, schemas and checks whenever they are asked", () => {
  const { gates } = Config.parse({
    version: 1,
    gates: {
      links: { kind: "command", run: ["true"] },
      honest: { kind: "grader", grader: "checker" },
      shape: { kind: "schema", schema: "a.json", files: ["data/*.json"], of: "json" },
      ci: { kind: "checks", runs: [{ name: "test", app: 1 }] },
    },
  });
  expect(Object.keys(gates).filter((name) => isHeard(gates[name]))).toEqual(["links", "honest"]);
  expect(isHeard(undefined)).toBe(false);
});

test("a requirement by effect is for what proposes one of them, and for any where nobody can tell which", () => {
  const { require, effects } = Config.parse({
    version: 1,
    effects: {
      "campaign.pause": { class: "reversible", target: ["*"] },
      "mail.send": { class: "irreversible", target: ["*"] },
    },
    require: [{ effect: ["campaign.*"], gates: ["funnel"] }],
  });
  const asked = (paths: string[], proposed?: string[]): string[] =>
    requiredGates(
      { require, effects },
      { taskKind: null, paths, spec: [], ...(proposed === undefined ? {} : { effects: proposed }) },
    );
  const order = ["board/effects/E-8k2f.md"];
  expect(asked(order, ["campaign.pause"])).toEqual(["effects", "funnel"]);
  expect(asked(order, ["campaign.pause", "mail.send"])).toEqual(["effects", "funnel"]);
  expect(asked(order, ["mail.send"])).toEqual(["effects"]);
  expect(asked(order)).toEqual(["effects", "funnel"]);
  expect(asked(["reports/a.md"], ["campaign.pause"])).toEqual([]);
  expect(asked(["reports/a.md"])).toEqual([]);
});
