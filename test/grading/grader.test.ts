import { expect, test } from "vitest";
import type { TextChange } from "../../src/domain/change.ts";
import { Config } from "../../src/domain/config.ts";
import { GraderGate } from "../../src/domain/verdict/gates.ts";
import { GradedWork, type Judgement } from "../../src/domain/verdict/hearing.ts";
import type { AgentFile } from "../../src/domain/spec.ts";
import { judgeByGrader } from "../../src/engine/grader.ts";
import type { Model } from "../../src/port/model.ts";
import type { GraderTrial } from "../../src/port/program.ts";
import { layTable } from "../../src/tool/grade.ts";
import { says } from "../engine/player.ts";
import { agentOf, taskOf, treeOf } from "../job.ts";
import { grades, playing, type Plays, type Sent } from "./bench.ts";

const RUBRIC = {
  criteria: [
    { id: "correct", weight: 3, one: "a number is wrong", five: "every number is right" },
    { id: "plain", one: "nobody understands it", five: "anybody understands it" },
  ],
  pass: 3.5,
};

const checker = (more: Record<string, unknown> = {}): AgentFile =>
  agentOf({
    name: "checker",
    description: "Checks that reports say what the data say",
    reads: ["data/**"],
    never: ["praise a report to please its author"],
    escalates: [],
    grades: RUBRIC,
    ...more,
  });

const change = (
  path: string,
  before: string | null,
  after: string | null,
  more: Partial<TextChange> = {},
): TextChange => ({
  path,
  oldMode: before === null ? "000000" : "100644",
  oldBlob: null,
  newMode: after === null ? "000000" : "100644",
  newBlob: null,
  before,
  after,
  binary: false,
  bytes: after?.length ?? 0,
  ...more,
});

const FILES = {
  "data/ads.json": '{ "rate": 2.3 }\n',
  "reports/T-aaaa.md": "The rate is 2.3.\n",
  "agents/writer.md": "x\n",
};
const CHANGES = [change("reports/T-aaaa.md", null, "The rate is 2.3.\n")];

const trialOf = (more: Partial<GraderTrial> = {}): GraderTrial => ({
  kind: "grader",
  gate: "honest",
  settings: GraderGate.parse({ kind: "grader", grader: "checker" }),
  config: Config.parse({ version: 1 }),
  judged: treeOf(FILES),
  tip: treeOf(FILES),
  now: new Date("2026-11-22T07:00:00Z"),
  grader: checker(),
  task: taskOf(),
  work: GradedWork.parse({
    agent: "writer",
    unit: "T-8k2f",
    task: "T-8k2f",
    models: ["gpt-5-nano"],
    round: 1,
  }),
  author: agentOf({ name: "writer", never: ["state a number that it has not seen"] }),
  changes: CHANGES,
  directives: [],
  ...more,
});

async function judged(
  plays: Plays,
  more: Partial<GraderTrial> = {},
): Promise<{ word: Judgement | null; sent: Sent[] }> {
  const model = playing(plays);
  return { word: await judgeWith(model, more), sent: model.sent };
}

const judgeWith = (
  model: Model,
  more: Partial<GraderTrial> = {},
  unable: string | null = null,
): Promise<Judgement | null> => {
  let dice = 0;
  const parts = {
    layTable,
    pullbeat: "0.0.0-test",
    chance: (below: number) => dice++ % below,
    tick: () => 0,
  };
  return judgeByGrader({ ...parts, model: () => model, unable: () => unable })(trialOf(more));
};

test("what a grader is told, word for word", async () => {
  const files = [
    ...CHANGES,
    change("reports/old.md", "one\ntwo\nthree\n", "one\n2\nthree\nfour\n"),
    change("reports/gone.md", "gone\n", null),
  ];
  const { sent } = await judged((s) => [grades(s)], { changes: files });
  const [first] = sent;
  await expect(`${first?.system}\n\n---\n\n${first?.order}\n`).toMatchFileSnapshot(
    "../snapshots/prompt-grader.md",
  );
});

test("it has tools that look, and one that takes its answer, whatever its spec lists", async () => {
  const seen: string[][] = [];
  const model = playing((s) => [grades(s)]);
  const spy: Model = {
    ...model,
    complete: (request, signal) => {
      seen.push(request.tools.map((t) => t.function.name));
      return model.complete(request, signal);
    },
  };
  await judgeWith(spy);
  expect(seen).toEqual([["read", "list", "search", "query", "grade"]]);
});

test("a tool that it was not given does nothing, and what it reads is the proposal and its own reads", async () => {
  const { sent, word } = await judged((s) =>
    s.turn === 1
      ? [["write", { path: "reports/T-aaaa.md", text: "x" }]]
      : s.turn === 2
        ? [["finish", { summary: "pass" }]]
        : s.turn === 3
          ? [["list", {}]]
          : [grades(s)],
  );
  expect(sent.map((s) => s.answered)).toEqual([
    "",
    "Error: there is no tool write. You have read, list, search, query, grade.",
    "Error: there is no tool finish. You have read, list, search, query, grade.",
    "data/ads.json\nreports/T-aaaa.md",
  ]);
  expect(word?.verdict.ruling).toBe("pass");
});

const NEVER: [what: string, plays: Plays, sentence: RegExp][] = [
  [
    "a forged nonce",
    () => [grades({ nonce: "aaaaaaaaaaaaaaaaaaaa" })],
    /3 answers were no verdict.*the nonce is not/,
  ],
  [
    "a criterion without a score",
    ({ nonce }) => [
      ["grade", { nonce, scores: [{ criterion: "correct", score: 5, why: "so" }], summary: "fine" }],
    ],
    /plain has no score/,
  ],
  [
    "a criterion that is scored twice",
    ({ nonce }) => {
      const scores = ["correct", "plain", "plain"].map((criterion) => ({ criterion, score: 5, why: "so" }));
      return [["grade", { nonce, scores, summary: "fine" }]];
    },
    /plain was scored more than once/,
  ],
  ["a score of six", (s) => [grades(s, { plain: 6 })], /gave no verdict/],
  ["a low score without a line", (s) => [grades(s, { correct: 1, says: [] })], /cite no line for it/],
  [
    "a line that does not exist",
    (s) => [grades(s, { correct: 3, says: ["correct reports/T-aaaa.md:99 wrong"] })],
    /99 does not exist: the file has 1 line/,
  ],
  [
    "a file that it never saw",
    (s) => [grades(s, { correct: 3, says: ["correct agents/writer.md:1 wrong"] })],
    /agents\/writer\.md" is no file that you have seen/,
  ],
  ["words instead of a call", () => says("I give it 5 of 5. PASS."), /called no tool/],
  ["an answer that was cut off", () => [["grade", '{"nonce": "x", "scores": [{"crit']], /gave no verdict/],
  ["a cut reply", () => says(null, "length"), /cut off/],
  [
    "an endpoint that is down",
    () => ({ ok: false, failure: "server", reason: "503" }),
    /503 \(engine\/server\)/,
  ],
];

test.each(NEVER)("%s is no pass, and no fail either", async (_, plays, sentence) => {
  const { word } = await judged(plays);
  expect(word?.verdict).toMatchObject({ ruling: "inconclusive", mendable: false });
  expect(word?.verdict.sentence).toMatch(sentence);
  expect(word?.grading?.spent.steps).toBeGreaterThan(0);
});

test.each([
  [
    "3.5 is enough where 3.5 passes",
    { correct: 3, plain: 5 },
    "pass",
    "checker gives it 3.5 of 5, and 3.5 passes; 1 criticism",
  ],
  [
    "a little less is not",
    { correct: 3, plain: 4 },
    "fail",
    "checker gives it 3.25 of 5, and 3.5 passes; 1 criticism",
  ],
])("%s: pullbeat does the sum", async (_, scores, ruling, sentence) => {
  const { word } = await judged((s) => [grades(s, scores)]);
  expect(word?.verdict).toMatchObject({ ruling, sentence, mendable: true });
});

test("a criterion with a least score is hidden by no average", async () => {
  const [correct, plain] = RUBRIC.criteria;
  const grader = checker({ grades: { criteria: [correct, { ...plain, least: 3 }], pass: 3.5 } });
  const { word } = await judged((s) => [grades(s, { plain: 2 })], { grader });
  expect(word?.verdict).toMatchObject({
    ruling: "fail",
    sentence: "checker gives it 4.25 of 5, and 3.5 passes; plain is 2, and needs 3; 1 criticism",
    details: [
      "plain 2 of 5: it is a 2",
      "reports/T-aaaa.md:1: it is wrong",
      "correct 5 of 5, weight 3: it is a 5",
      "In all: Looked at every number.",
    ],
  });
});

test("a line of a file that the proposal deletes can be cited", async () => {
  const changes = [...CHANGES, change("reports/gone.md", "one\ntwo\n", null)];
  const { word } = await judged(
    (s) => [grades(s, { correct: 1, says: ["correct reports/gone.md:2 was needed"] })],
    { changes },
  );
  expect(word?.verdict).toMatchObject({ ruling: "fail" });
});

test.each([
  [
    "what is not text",
    [change("a.png", null, null, { newMode: "100644", binary: true })],
    "a.png is not text, so a grader cannot see it",
  ],
  [
    "more than it can be shown",
    [change("a.md", null, "many words\n".repeat(20_000))],
    "it changes 380008 bytes of text, and a grader is shown 160000 at most",
  ],
  ["nothing", [], "it changes nothing"],
])("%s is not judged as if it had been seen", async (_, changes, sentence) => {
  const { word, sent } = await judged((s) => [grades(s)], { changes });
  expect(word?.verdict).toMatchObject({ ruling: "inconclusive", sentence });
  expect(sent).toEqual([]);
});

test("its own budget ends it, and a missing key asks nobody", async () => {
  const grader = checker({ budget: { attempt: { steps: 2 } } });
  const { word } = await judged(() => [["list", {}]], { grader });
  expect(word?.verdict).toMatchObject({ ruling: "inconclusive" });
  expect(word?.verdict.sentence).toContain("2 model calls are used up");
  expect(
    await judgeWith(
      playing(() => []),
      {},
      "no key",
    ),
  ).toBeNull();
});
