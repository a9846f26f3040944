import { expect, test } from "vitest";
import { TaskId, Unit } from "../../src/domain/id.ts";
import { readScript } from "../../src/model/script.ts";
import { scriptedModel } from "../../src/model/scripted.ts";
import type { Model, Reply } from "../../src/port/model.ts";

const SCRIPT = `
// The first round, and what happens after a review.
{"attempt": "T-8k2f"}
{"calls": [{"name": "read", "arguments": {"path": "pages/a.md"}}], "tokens": {"input": 100}}
{"calls": [{"name": "finish", "arguments": {"summary": "one"}}]}
{"attempt": "T-8k2f"}
{"content": "again", "calls": [{"name": "finish", "arguments": "{broken"}]}

{"attempt": "T-duty@20261122T0700Z"}
{"failure": "rate"}
{"attempt": "T-duty"}
{"content": "each other day"}
{"attempt": "*"}
{"content": "anybody"}
`;

const play = (unit: string, round = 1, script = SCRIPT): Model =>
  scriptedModel(readScript(script, "demo.jsonl"), {
    unit: Unit.parse(unit),
    task: TaskId.parse(unit.split("@", 1)[0]),
    round,
  });
const ask = (model: Model): Promise<Reply> =>
  model.complete({ model: "scripted", tools: [], messages: [] }, new AbortController().signal);

test("a task's rounds play their own replies, each from its beginning", async () => {
  const first = play("T-8k2f");
  expect(await ask(first)).toEqual({
    ok: true,
    content: null,
    calls: [{ id: "call_1_1", name: "read", arguments: '{"path":"pages/a.md"}' }],
    finish: "tool_calls",
    tokens: { input: 100, cached: 0, output: 0 },
  });
  expect(await ask(first)).toMatchObject({ calls: [{ id: "call_2_1", name: "finish" }] });
  expect(await ask(play("T-8k2f", 2))).toMatchObject({ content: "again", calls: [{ arguments: "{broken" }] });
  expect(await ask(play("T-8k2f"))).toMatchObject({ calls: [{ name: "read" }] });
});

test("an occurrence has its own replies, or its duty's, or everybody's", async () => {
  expect(await ask(play("T-duty@20261122T0700Z"))).toMatchObject({ ok: false, failure: "rate" });
  expect(await ask(play("T-duty@20261123T0700Z"))).toMatchObject({ content: "each other day" });
  expect(await ask(play("T-none"))).toMatchObject({ content: "anybody" });
});

test("replies before any heading are everybody's", async () => {
  expect(await ask(play("T-none", 1, '{"content": "hi"}'))).toMatchObject({ content: "hi" });
});

test("a script that has run out is a failed reply that says so", async () => {
  const model = play("T-none");
  await ask(model);
  expect(await ask(model)).toEqual({
    ok: false,
    failure: "request",
    reason: "the script's 1 replies for round 1 of T-none are used up",
  });
  expect(await ask(play("T-8k2f", 3))).toMatchObject({
    reason: "the script has 2 rounds for T-8k2f, and this is round 3",
  });
});

test("what a script plays is labelled, and costs nothing", () => {
  const model = play("T-none");
  expect([model.scripted, model.cost({ input: 9, cached: 0, output: 9 })]).toEqual([true, 0]);
});

test.each([
  ["{", "not JSON"],
  ["[]", "expected a JSON object"],
  ['{"attempt": "../x"}', "attempt"],
  ['{"attempt": "*", "round": 2}', "round"],
  ['{"call": []}', "call"],
  ['{"calls": [{"tool": "read"}]}', "calls"],
  ['{"failure": "sleepy"}', "failure"],
  ['{"tokens": {"input": -1}}', "tokens"],
])("a line %s is refused with its place", (line, what) => {
  const read = (): unknown => readScript(`{"content": "fine"}\n\n${line}`, "demos/a.jsonl");
  expect(read).toThrow(what);
  expect(read).toThrow(expect.objectContaining({ code: "config", where: "demos/a.jsonl:3" }));
});
