import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { OpenaiConfig } from "../../src/domain/config.ts";
import type { ChatRequest } from "../../src/domain/prompt/message.ts";
import type { Model, Reply } from "../../src/port/model.ts";
import { missingKey, openaiModel } from "../../src/model/openai.ts";

const KEY = "sk-test-0123456789abcdef";

interface Heard {
  body: string;
  headers: IncomingMessage["headers"];
  at: number;
}

type Respond = (response: ServerResponse, nth: number) => void;

/** A server of our own where the bytes on the wire matter. */
async function endpoint(respond: Respond): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ body, headers: request.headers, at: Date.now() });
      respond(response, heard.length);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}/v1`,
    heard,
  };
}

const modelAt = (
  url: string,
  config: object = {},
  env: Record<string, string> = { OPENAI_API_KEY: KEY },
): Model => openaiModel({ config: OpenaiConfig.parse({ base_url: url, retries: 1, ...config }), env });

const REQUEST: ChatRequest = {
  model: "gpt-5-mini",
  tools: [],
  messages: [{ role: "user", content: 'Grüße 😀 "quoted" \u2028' }],
};
const ask = (model: Model): Promise<Reply> => model.complete(REQUEST, new AbortController().signal);

const json = (
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};
const completion = (message: object, more: object = {}): object => ({
  choices: [{ message, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 60 } },
  ...more,
});
const ok: Respond = (response) => json(response, completion({ content: "hi" }));

test("the bytes on the wire are those whose hash stands in the record", async () => {
  const { url, heard } = await endpoint(ok);
  await ask(modelAt(url));
  expect(heard[0]?.body).toBe(JSON.stringify(REQUEST));
  expect(heard[0]?.headers).toMatchObject({
    authorization: `Bearer ${KEY}`,
    "content-type": "application/json",
  });
});

test("a reply is read with its calls and its usage, cached tokens included", async () => {
  const call = { id: "c1", type: "function", function: { name: "read", arguments: '{"path":"a"}' } };
  const { url } = await endpoint((r) => json(r, completion({ content: null, tool_calls: [call] })));
  expect(await ask(modelAt(url))).toEqual({
    ok: true,
    content: null,
    calls: [{ id: "c1", name: "read", arguments: '{"path":"a"}' }],
    finish: "stop",
    tokens: { input: 100, cached: 60, output: 7 },
  });
});

test("odd calls are handed on empty instead of breaking the reply", async () => {
  const tool_calls = [
    { id: "", type: "function" },
    null,
    { id: 7, function: { name: "x", arguments: { a: 1 } } },
    "call",
  ];
  const { url } = await endpoint((r) =>
    json(r, completion({ content: "text", tool_calls }, { usage: null })),
  );
  expect(await ask(modelAt(url))).toMatchObject({
    ok: true,
    calls: [
      { id: "", name: "", arguments: "" },
      { id: "", name: "", arguments: "" },
      { id: "", name: "x", arguments: '{"a":1}' },
      { id: "", name: "", arguments: "" },
    ],
    tokens: null,
  });
});

test.each([408, 409, 429, 500, 503])("a status %i is tried again, and then it works", async (status) => {
  const { url, heard } = await endpoint((r, nth) =>
    nth === 1 ? json(r, { error: { message: "later" } }, status, { "retry-after-ms": "1" }) : ok(r, nth),
  );
  expect(await ask(modelAt(url))).toMatchObject({ ok: true, content: "hi" });
  expect(heard).toHaveLength(2);
  expect(heard[0]?.body).toBe(heard[1]?.body);
});

test("an endpoint that says how long to wait is waited for", async () => {
  const { url, heard } = await endpoint((r, nth) =>
    nth === 1 ? json(r, {}, 429, { "retry-after": "1" }) : ok(r, nth),
  );
  expect((await ask(modelAt(url))).ok).toBe(true);
  expect((heard[1]?.at ?? 0) - (heard[0]?.at ?? 0)).toBeGreaterThanOrEqual(950);
});

test.each([
  [401, "auth", {}],
  [403, "auth", {}],
  [402, "billing", {}],
  [429, "billing", { error: { code: "insufficient_quota", message: "You exceeded your current quota" } }],
  [400, "request", { error: { message: "messages[3]: missing field" } }],
  [404, "request", {}],
  [400, "context", { error: { code: "context_length_exceeded", message: "too long" } }],
  [400, "context", { error: { message: "This model's maximum context length is 8192 tokens." } }],
  [400, "context", { error: { message: "prompt is too long: 212000 tokens > 200000 maximum" } }],
  [413, "context", {}],
  [422, "request", {}],
] as const)("a status %i is %s, and is not tried again", async (status, failure, body) => {
  const { url, heard } = await endpoint((r) => json(r, body, status));
  expect(await ask(modelAt(url))).toMatchObject({ ok: false, failure });
  expect(heard).toHaveLength(1);
});

test.each([
  [429, "rate"],
  [500, "server"],
  [408, "timeout"],
] as const)("a status %i that stays is %s after its retries", async (status, failure) => {
  const { url, heard } = await endpoint((r) => json(r, {}, status, { "retry-after-ms": "1" }));
  expect(await ask(modelAt(url, { retries: 2 }))).toMatchObject({ ok: false, failure });
  expect(heard).toHaveLength(3);
});

const cut: Respond = (response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "900" });
  response.write('{"choices": [{"mess');
  setTimeout(() => response.destroy(), 20);
};

test("a body that breaks off is tried again, and is a network failure when it stays so", async () => {
  const first = await endpoint((r, nth) => (nth === 1 ? cut(r, nth) : ok(r, nth)));
  expect(await ask(modelAt(first.url))).toMatchObject({ ok: true });
  const always = await endpoint(cut);
  expect(await ask(modelAt(always.url))).toMatchObject({ ok: false, failure: "network" });
  expect(always.heard).toHaveLength(2);
});

test.each([
  ["half of JSON", '{"choices": ['],
  ["a web page", "<html>502</html>"],
  ["nothing", ""],
  ["no choice", '{"choices": []}'],
  ["an error with status 200", '{"error": {"message": "overloaded"}}'],
  ["a list", "[]"],
  ["null", "null"],
])("a body of %s is tried again, and is malformed when it stays so", async (_, body) => {
  const respond: Respond = (r) => r.writeHead(200, { "content-type": "application/json" }).end(body);
  const { url, heard } = await endpoint(respond);
  expect(await ask(modelAt(url))).toMatchObject({ ok: false, failure: "malformed" });
  expect(heard).toHaveLength(2);
});

test("a connection that nobody answers is a network failure", async () => {
  expect(await ask(modelAt("http://127.0.0.1:1/v1"))).toMatchObject({ ok: false, failure: "network" });
});

test("a call that takes too long is a timeout, also when only its body hangs", async () => {
  const silent = await endpoint(() => {});
  expect(await ask(modelAt(silent.url, { timeout: 1, retries: 0 }))).toMatchObject({
    ok: false,
    failure: "timeout",
  });
  const hanging = await endpoint((r) =>
    r.writeHead(200, { "content-type": "application/json" }).write('{"choi'),
  );
  expect(await ask(modelAt(hanging.url, { timeout: 1, retries: 0 }))).toMatchObject({
    ok: false,
    failure: "timeout",
  });
});

test("a call is stopped by its signal, also while it waits to try again", async () => {
  const { url, heard } = await endpoint((r) => json(r, {}, 429, { "retry-after": "30" }));
  const reply = await modelAt(url).complete(REQUEST, AbortSignal.timeout(200));
  expect(reply).toMatchObject({ ok: false, failure: "timeout" });
  expect(heard).toHaveLength(1);
});

test("the key is in no reason, however the endpoint quotes it", async () => {
  const { url } = await endpoint((r) =>
    json(r, { error: { message: `Incorrect API key provided: ${KEY}, or sk-test-********cdef` } }, 401),
  );
  const reply = await ask(modelAt(url));
  expect(reply).toMatchObject({ ok: false, failure: "auth" });
  expect(JSON.stringify(reply)).not.toMatch(/sk-test|abcdef/);
});

test("a key of any shape is taken out of what an endpoint says", async () => {
  const { url } = await endpoint((r) => json(r, { error: { message: "no: Zm9vYmFyMTIz!" } }, 401));
  const reply = await ask(modelAt(url, {}, { OPENAI_API_KEY: "Zm9vYmFyMTIz" }));
  expect(reply).toMatchObject({ failure: "auth", reason: expect.stringContaining("no: [key]!") });
});

test("without a key, OpenAI is not called, and the reason names the variable", async () => {
  const model = openaiModel({ config: OpenaiConfig.parse({ key: "MY_KEY" }), env: {} });
  expect(await ask(model)).toMatchObject({
    ok: false,
    failure: "auth",
    reason: expect.stringContaining("MY_KEY"),
  });
});

test("whether a key is missing is known before a call, and only OpenAI's own endpoint needs one", () => {
  const of = (config: object, env: Record<string, string>): string | null =>
    missingKey({ config: OpenaiConfig.parse(config), env });
  expect(of({}, {})).toBe("no key: set OPENAI_API_KEY");
  expect(of({ key: "MY_KEY" }, { OPENAI_API_KEY: "sk-test-0123456789abcdef" })).toBe("no key: set MY_KEY");
  expect(of({}, { OPENAI_API_KEY: "sk-test-0123456789abcdef" })).toBeNull();
  expect(of({ base_url: "http://localhost:1/v1" }, {})).toBeNull();
  expect(of({}, { OPENAI_BASE_URL: "http://localhost:1/v1" })).toBeNull();
});

test("a server of one's own is called without a key, and its address may come from the environment", async () => {
  const { url, heard } = await endpoint(ok);
  const model = openaiModel({ config: OpenaiConfig.parse({}), env: { OPENAI_BASE_URL: url } });
  expect((await ask(model)).ok).toBe(true);
  expect(heard[0]?.headers.authorization).toBe("Bearer none");
});

test("dollars follow from the config's prices, and are unknown for other models", () => {
  const prices = { "gpt-5-mini": { input: 2, cached: 1, output: 10 } };
  const tokens = { input: 1_000_000, cached: 400_000, output: 100_000 };
  const config = OpenaiConfig.parse({ prices });
  expect(openaiModel({ config, env: {} }).cost(tokens)).toBeCloseTo(1.2 + 0.4 + 1);
  expect(openaiModel({ config, env: {}, model: "other" }).cost(tokens)).toBeNull();
  expect(openaiModel({ config, env: {}, model: "constructor" }).cost(tokens)).toBeNull();
});
