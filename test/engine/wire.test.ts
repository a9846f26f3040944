import { LLMock } from "@copilotkit/aimock";
import { expect, onTestFinished, test } from "vitest";
import { OpenaiConfig } from "../../src/domain/config.ts";
import type { ChatRequest } from "../../src/domain/prompt/message.ts";
import { rebuildRequests } from "../../src/domain/prompt/transcript.ts";
import { loopEngine } from "../../src/engine/loop.ts";
import { openaiModel } from "../../src/model/openai.ts";
import type { Work } from "../../src/port/engine.ts";
import { toolbox } from "../../src/tool/index.ts";
import { jobOf, type JobOptions } from "../job.ts";
import { invalidHistory } from "./player.ts";

/** A whole endpoint over HTTP, and the loop with the real model adapter and the real tools. */
async function serve(retries = 2): Promise<{ mock: LLMock; work: (options?: JobOptions) => Promise<Work> }> {
  const mock = new LLMock({ port: 0, strict: true, logLevel: "silent" });
  await mock.start();
  onTestFinished(async () => {
    await mock.stop();
  });
  const config = OpenaiConfig.parse({ base_url: `${mock.url}/v1`, retries, timeout: 5 });
  const model = openaiModel({ config, env: { OPENAI_API_KEY: "sk-none" } });
  const engine = loopEngine({ model: () => model, toolbox, pullbeat: "1.2.3" });
  return { mock, work: (options) => engine.work(jobOf(options)) };
}

const requestsOf = (work: Work): ChatRequest[] => {
  const rebuilt = rebuildRequests(work.transcript, "1.2.3");
  return rebuilt.kind === "requests" ? rebuilt.bodies.map((b): ChatRequest => JSON.parse(b)) : [];
};

const REPORT = "reports/lp/roofing.md";
const finish = { name: "finish", arguments: { summary: "Graded: C." } };

test("a conversation of several turns with parallel calls is worked over HTTP", async () => {
  const { mock, work } = await serve();
  const usage = { prompt_tokens: 120, completion_tokens: 30 };
  mock.on(
    { userMessage: /roofing/, turnIndex: 0 },
    {
      toolCalls: [
        { id: "call_1", name: "read", arguments: '{"path":"pages/roofing.md"}' },
        { id: "call_2", name: "list", arguments: "{}" },
      ],
      usage,
    },
  );
  mock.on(
    { turnIndex: 1, hasToolResult: true },
    { toolCalls: [{ id: "call_3", name: "write", arguments: { path: REPORT, text: "C\n" } }], usage },
  );
  mock.on({ turnIndex: 2 }, { toolCalls: [{ id: "call_4", ...finish }], usage });
  const done = await work();
  expect(done.end).toMatchObject({ kind: "finished", summary: "Graded: C." });
  expect(done.edits.get(REPORT)).toBe("C\n");
  expect(done.spent).toMatchObject({ steps: 3, tokens: { input: 360, output: 90 } });
  expect(requestsOf(done).flatMap(invalidHistory)).toEqual([]);
});

test("503 and 429 are waited out, and the attempt goes on", async () => {
  const { mock, work } = await serve();
  mock.on(
    { userMessage: /roofing/, sequenceIndex: 0 },
    { error: { message: "overloaded", type: "server_error" }, status: 503 },
  );
  mock.on(
    { userMessage: /roofing/, sequenceIndex: 1 },
    {
      error: { message: "slow down", type: "rate", code: "rate_limit_exceeded" },
      status: 429,
      retryAfter: 1,
    },
  );
  mock.on({ userMessage: /roofing/, sequenceIndex: 2 }, { toolCalls: [finish] });
  const done = await work();
  expect(done.end.kind).toBe("finished");
  expect(done.requests).toHaveLength(1);
});

test("a 400 is not tried again, and ends the attempt visibly", async () => {
  const { mock, work } = await serve();
  mock.on(
    { userMessage: /roofing/ },
    { error: { message: "messages[3]: missing field `tool_call_id`", type: "invalid" }, status: 400 },
  );
  const done = await work();
  expect(done.end).toMatchObject({ kind: "failed", failure: "engine/request" });
  expect(done.end.kind === "failed" && done.end.reason).toContain("tool_call_id");
  expect(mock.getRequests()).toHaveLength(1);
});

test.each([
  ["malformed replies", { malformedRate: 1 }, /^engine\/(?:malformed|network)$/],
  ["broken connections", { disconnectRate: 1 }, /^engine\/network$/],
  ["server errors", { dropRate: 1 }, /^engine\/server$/],
  ["refusals to answer so many", { rateLimitRate: 1 }, /^engine\/rate$/],
])("an endpoint of nothing but %s ends the attempt after its retries", async (_, chaos, failure) => {
  const { mock, work } = await serve(1);
  mock.on({ userMessage: /roofing/ }, { toolCalls: [finish] });
  mock.setChaos(chaos);
  const done = await work();
  expect(done.end.kind === "failed" && done.end.failure).toMatch(failure);
  expect(done.edits.size).toBe(0);
});

test("a model that never finishes ends by its budget or as stalled", async () => {
  const { mock, work } = await serve();
  mock.on({}, { toolCalls: [{ name: "read", arguments: '{"path":"pages/roofing.md"}' }] });
  expect((await work()).end).toMatchObject({ kind: "failed", failure: "stalled/repeats" });
  expect((await work({ spec: { budget: { attempt: { steps: 3 } } } })).end).toMatchObject({
    failure: "budget/steps",
  });
});

test("arguments that break off are answered with an error, and the next turn can mend it", async () => {
  const { mock, work } = await serve();
  mock.on(
    { userMessage: /roofing/, turnIndex: 0 },
    { toolCalls: [{ id: "c1", name: "write", arguments: '{"path": "reports/lp/a' }] },
  );
  mock.on({ turnIndex: 1, toolResultContains: "not JSON" }, { toolCalls: [finish] });
  const done = await work();
  expect(done.end.kind).toBe("finished");
  expect(done.edits.size).toBe(0);
  expect(requestsOf(done).flatMap(invalidHistory)).toEqual([]);
});
