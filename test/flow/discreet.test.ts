import { expect, test } from "vitest";
import { discreetAttempt, holdsSecret } from "../../src/flow/beat/discreet.ts";
import { attempt, sha } from "../domain/fleet.ts";

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

test("a proposal's title is dead in the journal, and holds no credential", async () => {
  const proposal = {
    branch: "pullbeat/work/t-one--1",
    base: sha("b"),
    parent: sha("b"),
    head: sha("h"),
    kind: "work" as const,
    round: 1,
  };
  const titled = async (title: string): Promise<string | undefined> =>
    (await discreetAttempt(attempt("t-one", { proposal: { ...proposal, title } }))).proposal?.title;
  expect(await titled("@ann fixes #12\n<!-- x --> \u202e")).toBe("＠ann fixes ＃12 ＜!-- x -->");
  expect(await titled(`Use ${TOKEN}`)).toBe("[withheld: looks like a credential (GITHUB_TOKEN)]");
});

test("a credential is found wherever it stands in a long transcript, and where two pieces of it meet", async () => {
  const at = (place: number): string => `${"word ".repeat(place / 5)}${TOKEN} ${"word ".repeat(2000)}`;
  expect(await holdsSecret(at(500_000))).toBe(true);
  expect(await holdsSecret(at(399_980))).toBe(true);
  expect(await holdsSecret("word ".repeat(100_000))).toBe(false);
});
