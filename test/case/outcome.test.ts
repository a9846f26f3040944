import { expect, test } from "vitest";
import { Case } from "../../src/domain/case/case.ts";
import { isFinding, outcomeOf } from "../../src/domain/case/outcome.ts";
import { combine, type GateVerdict } from "../../src/domain/verdict.ts";

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
