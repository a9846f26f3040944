import { expect, test } from "vitest";
import { discreetAttempt } from "../../src/flow/discreet.ts";
import { attempt } from "../domain/fleet.ts";

const TOKEN = `ghp_${"a1B2".repeat(9)}`;

test("nothing that an attempt says of itself carries a credential into the journal", async () => {
  const detail = `board/x.md:3:1: priority: expected one of high, low, found "${TOKEN}"`;
  const gates = [
    { gate: "record", ruling: "fail" as const, sentence: TOKEN, details: ["fine", detail], mendable: true },
  ];
  const told = await discreetAttempt(
    attempt("t-one", {
      reason: TOKEN,
      summary: TOKEN,
      wrote: ["reports/a.md", `reports/${TOKEN}.md`],
      notes: [{ kind: "observed", text: TOKEN }],
      feedback: [TOKEN],
      verdict: { ruling: "fail", gates },
    }),
  );
  expect(JSON.stringify(told)).not.toContain(TOKEN);
  expect(told.wrote[0]).toBe("reports/a.md");
  expect(told.wrote).toHaveLength(2);
  expect(told.verdict?.gates[0]?.details[0]).toBe("fine");
});
