import { expect, test } from "vitest";
import { Hearing, heardOf, hearingPath, type Heard } from "../../src/domain/verdict/hearing.ts";
import { PullNumber } from "../../src/domain/id.ts";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";
import { sha } from "./ruling.ts";

const asked = { branch: "pullbeat/work/T-aaaa--1", gate: "links", head: sha("a"), of: "this" };

function hearing(ruling: GateVerdict["ruling"], more: Partial<Hearing> = {}): Hearing {
  const verdict = { gate: "links", ruling, sentence: ruling, details: [], mendable: true };
  return Hearing.parse({
    version: 1,
    pull: PullNumber.parse(1),
    at: "2026-11-22T07:00:00Z",
    verdict,
    ...asked,
    ...more,
  });
}

const heard = (hearings: readonly Hearing[], minute = "30"): Heard =>
  heardOf(hearings, asked, new Date(`2026-11-22T${minute === "60" ? "08:00" : `07:${minute}`}:00Z`));

test("what was said of exactly this holds, and the newest word of it counts", () => {
  expect(heard([hearing("fail"), hearing("pass")])).toMatchObject({
    kind: "said",
    verdict: { ruling: "pass" },
  });
  expect(heard([hearing("pass"), hearing("fail", { of: "that" })])).toMatchObject({
    verdict: { ruling: "pass" },
  });
});

test("a word on another branch, head or by another gate is none", () => {
  for (const other of [{ branch: "pullbeat/work/T-bbbb--1" }, { head: sha("b") }, { gate: "tone" }])
    expect(heard([hearing("pass", other)])).toEqual({ kind: "unheard" });
});

test("a pass of the same head on an older tip is worth asking again, and nothing else of it is worth anything", () => {
  expect(heard([hearing("pass", { of: "that" })])).toEqual({ kind: "moved" });
  expect(heard([hearing("pass", { of: "that" }), hearing("fail", { of: "other" })])).toEqual({
    kind: "unheard",
  });
  expect(heard([hearing("inconclusive", { of: "that" })])).toEqual({ kind: "unheard" });
});

test("who could not tell is asked again after an hour, and who could is not", () => {
  expect(heard([hearing("inconclusive")], "59")).toMatchObject({ kind: "said" });
  expect(heard([hearing("inconclusive")], "60")).toEqual({ kind: "unheard" });
  expect(heard([hearing("fail")], "60")).toMatchObject({ kind: "said" });
});

test("a hearing lies under its month, branch and gate", () => {
  expect(hearingPath(hearing("pass"), "x1")).toBe("verdicts/2026/11/T-aaaa--1--links-x1.json");
});
