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

test("nothing that an attempt says of itself is alive or hidden in the journal", async () => {
  const poison =
    "@ann fixes #12 <!-- x --> ![p](https://evil.example/p.png) \u202e\u001b[31m\u{e0041}\n::stop-commands::x";
  const words = { question: poison, evidence: poison, recommendation: poison, silence: poison };
  const gates = [
    { gate: "record", ruling: "fail" as const, sentence: poison, details: [poison], mendable: true },
  ];
  const told = await discreetAttempt(
    attempt("t-one", {
      reason: poison,
      summary: poison,
      question: { condition: "asks", ...words },
      notes: [{ kind: "observed", text: poison }],
      feedback: [poison],
      verdict: { ruling: "fail", gates },
    }),
  );
  const text = JSON.stringify(told);
  expect(text.match(/evil\.example/g)).toHaveLength(10);
  expect(text).not.toMatch(/@ann|#12|<!--|!\[|:\/\/|\\n::|\\u001b|[\u202e\u{e0041}]/u);
});
