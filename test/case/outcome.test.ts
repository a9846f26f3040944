import { expect, test } from "vitest";
import { Case } from "../../src/domain/case/case.ts";
import { isFinding, outcomeOf, saysIn } from "../../src/domain/case/outcome.ts";
import { combine, type GateVerdict } from "../../src/domain/verdict/verdict.ts";
import { change } from "../gate/bench.ts";

const sha = "0a".repeat(20);
const pinned = {
  case: "T-8k2f-3",
  agent: "writer",
  pull: 3,
  task: "T-8k2f",
  unit: "T-8k2f",
  base: sha,
  spec: sha,
  now: "2026-11-22T07:00:00Z",
  makes_sha256: "0a".repeat(32),
};
const known = Case.parse({ ...pinned, kind: "wrong", caught_by: ["size"] });
const open = Case.parse({ ...pinned, kind: "wrong" });
const good = Case.parse({ ...pinned, kind: "good", makes: ["a.md"] });

const gate = (ruling: GateVerdict["ruling"], name = "size"): GateVerdict => ({
  gate: name,
  ruling,
  sentence: "so it is",
  details: [],
  mendable: true,
});

test.each([known, open, good])(
  "a gate that could not judge is no pass and no catch, whatever the case",
  (file) => {
    const unsure = outcomeOf(file, combine([gate("pass"), gate("inconclusive", "other")]));
    expect(unsure).toEqual({ kind: "untold", why: "other: so it is" });
    expect(isFinding(unsure)).toBe(true);
    expect(outcomeOf(file, combine([]))).toEqual({ kind: "untold", why: "no gate ran" });
  },
);

test("a gate that fails catches what is wrong, and wrongs what is right", () => {
  const fails = combine([gate("fail"), gate("inconclusive", "other")]);
  const passes = combine([gate("pass")]);
  const kinds = [known, open, good].map((f) => [outcomeOf(f, fails).kind, outcomeOf(f, passes).kind]);
  expect(kinds).toEqual([
    ["caught", "escaped"],
    ["caught", "open"],
    ["refused", "kept"],
  ]);
});

test("what let a wrong pass, or stopped what is right, is a finding; what nobody ever caught is none", () => {
  const [fails, passes] = [combine([gate("fail"), gate("pass", "other")]), combine([gate("pass")])];
  const found = [known, open, good].map((f) => [outcomeOf(f, fails), outcomeOf(f, passes)]);
  expect(found.map((of) => of.map(isFinding))).toEqual([
    [false, true],
    [false, false],
    [true, false],
  ]);
  expect(found.map(([first]) => first)).toMatchObject([
    { by: ["size"], anew: false },
    { by: ["size"], anew: true },
    { by: ["size"] },
  ]);
});

test("words are said where some file of the change holds them", () => {
  const changes = [
    change("a.md", null, "One."),
    change("b.md", "Two.", null),
    change("c.md", null, "Three."),
  ];
  expect(saysIn(changes, ["One", "Two", "Three", "Four"])).toEqual(["One", "Three"]);
});
