import { expect, test } from "vitest";
import { inconclusive, type Gate } from "../../src/gate/gate.ts";
import { judge } from "../../src/gate/index.ts";
import { attempt, change, DONE, own, report } from "./bench.ts";

test("an honest attempt passes every gate, always in the same order", async () => {
  const verdict = await judge(attempt());
  expect(verdict.ruling).toBe("pass");
  expect(verdict.gates.map((g) => g.gate)).toEqual(["paths", "size", "secrets", "record", "references"]);
});

test("evidence is asked for only where the spec turns it on, or names the gate", async () => {
  const gates = async (spec: Record<string, unknown>): Promise<string[]> =>
    (await judge(attempt({ spec }))).gates.map((g) => g.gate);
  expect(await gates({})).not.toContain("evidence");
  expect(await gates({ evidence: { mode: "off" } })).not.toContain("evidence");
  expect(await gates({ evidence: { mode: "linked" } })).toContain("evidence");
  expect(await gates({ evidence: { mode: "strict" } })).toContain("evidence");
  expect(await gates({ gates: ["evidence"] })).toContain("evidence");
});

test("one failed gate fails the whole, and the others still say what they found", async () => {
  const verdict = await judge(
    attempt({
      changes: [own(DONE), report, change("prices.md", null, "1\n")],
      config: { size: { files: 1 } },
    }),
  );
  expect(verdict.ruling).toBe("fail");
  expect(verdict.gates.map((g) => g.ruling)).toEqual(["fail", "fail", "pass", "pass", "pass"]);
});

const passing: Gate = {
  id: "fine",
  judge: () => ({ gate: "fine", ruling: "pass", sentence: "", details: [], mendable: true }),
};
const breaking: Gate = {
  id: "broken",
  judge() {
    throw new Error("the rules could not be read");
  },
};

test("a gate that breaks is inconclusive, says why, and nothing passes", async () => {
  const verdict = await judge(attempt(), [passing, breaking]);
  expect(verdict.ruling).toBe("inconclusive");
  expect(verdict.gates[1]).toMatchObject({
    gate: "broken",
    ruling: "inconclusive",
    sentence: expect.stringContaining("the rules could not be read"),
    mendable: false,
  });
});

test("a gate that could not tell keeps the whole from passing", async () => {
  const unsure: Gate = { id: "unsure", judge: () => inconclusive("unsure", "cannot tell") };
  expect((await judge(attempt(), [passing, unsure])).ruling).toBe("inconclusive");
});

test("no gates at all pass nothing", async () => {
  expect((await judge(attempt(), [])).ruling).toBe("inconclusive");
});

test("the task's end must be exactly what pullbeat itself would write", async () => {
  const verdict = await judge(attempt({ changes: [own(DONE.replace("done", "'done'")), report] }));
  expect(verdict.gates.filter((g) => g.ruling === "fail").map((g) => g.gate)).toEqual(["paths", "record"]);
});
