import { expect, test } from "vitest";
import { combine, mendable, problems, type GateVerdict } from "../../src/domain/verdict/verdict.ts";

const said = (ruling: GateVerdict["ruling"], more: Partial<GateVerdict> = {}): GateVerdict => ({
  gate: "paths",
  ruling,
  sentence: `it says ${ruling}`,
  details: ruling === "pass" ? [] : ["a.md:1: why"],
  mendable: true,
  ...more,
});

test("only passes make a pass, one fail makes a fail, and nothing at all is no pass", () => {
  const whole = (...rulings: GateVerdict["ruling"][]): string => combine(rulings.map((r) => said(r))).ruling;
  expect(whole("pass", "pass")).toBe("pass");
  expect(whole("pass", "inconclusive")).toBe("inconclusive");
  expect(whole("inconclusive", "fail", "pass")).toBe("fail");
  expect(whole()).toBe("inconclusive");
});

test("an agent can mend a verdict when it can mend every gate that did not pass", () => {
  const can = (...gates: GateVerdict[]): boolean => mendable(combine(gates));
  expect(can(said("pass", { mendable: false }), said("fail"))).toBe(true);
  expect(can(said("fail"), said("inconclusive", { mendable: false }))).toBe(false);
  expect(can(said("fail", { mendable: false }))).toBe(false);
  expect(can(said("pass"), said("pass"))).toBe(false);
});

test("an agent is told what did not pass, with every place, and nothing else", () => {
  const verdict = combine([said("pass"), said("fail", { gate: "size" })]);
  expect(problems(verdict)).toEqual(["size: it says fail", "  a.md:1: why"]);
});
