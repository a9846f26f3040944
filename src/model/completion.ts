import { z } from "zod";
import type { Tokens } from "../domain/record.ts";
import type { Reply, ToolCall } from "../port/model.ts";

const count = z.int().nonnegative();

/** Endpoints leave out, null and misplace parts of calls: what is missing is empty here, and the engine drops the call. */
const Call = z
  .object({
    id: z.string().catch(""),
    function: z
      .object({ name: z.string().catch(""), arguments: z.unknown() })
      .catch({ name: "", arguments: "" }),
  })
  .catch({ id: "", function: { name: "", arguments: "" } });

const Usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z
    .object({ cached_tokens: count.catch(0) })
    .nullish()
    .catch(null),
});

/** What is needed of a Chat Completions reply. Every other key is ignored. */
const Completion = z.object({
  choices: z.tuple(
    [
      z.object({
        message: z.object({ content: z.string().nullish(), tool_calls: z.array(Call).nullish() }),
        finish_reason: z.string().nullish(),
      }),
    ],
    z.unknown(),
  ),
  usage: Usage.nullish().catch(null),
});
type Completion = z.infer<typeof Completion>;

/** A reply that no completion could be read from. */
export class Malformed extends Error {}

/** Bytes of one reply at most. */
const MOST = 8_000_000;

/**
 * Fetches and reads the body whole, and looks at it, before the library sees the response: so a body that breaks off
 * or is no completion counts as a broken connection, and is tried again like one.
 */
export async function wholeBody(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const text = await readText(response);
  const headers = new Headers(response.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  if (response.ok) {
    parse(text);
    headers.set("content-type", "application/json");
  }
  // A quota that is used up comes back by money only.
  if (response.status === 429 && text.includes("insufficient_quota")) headers.set("x-should-retry", "false");
  return new Response(text === "" ? null : text, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST) throw new Malformed(`the reply is longer than ${MOST} characters`);
  }
  return text + decoder.decode();
}

function parse(text: string): Completion {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Malformed(`the reply is not JSON: ${JSON.stringify(text.slice(0, 200))}`);
  }
  const read = Completion.safeParse(json);
  if (!read.success)
    throw new Malformed(`the reply is no chat completion: ${JSON.stringify(text.slice(0, 200))}`);
  return read.data;
}

/** A completion as the port says it. */
export function readCompletion(json: unknown): Reply {
  const { choices, usage } = Completion.parse(json);
  const { message, finish_reason } = choices[0];
  return {
    ok: true,
    content: message.content ?? null,
    calls: (message.tool_calls ?? []).map(callOf),
    finish: finish_reason ?? "unknown",
    tokens: usage === null || usage === undefined ? null : tokensOf(usage),
  };
}

/** Some servers send the arguments as an object instead of its text: that is no guess. */
function callOf({ id, function: { name, arguments: args } }: z.infer<typeof Call>): ToolCall {
  const text =
    typeof args === "string" ? args : args === undefined || args === null ? "" : JSON.stringify(args);
  return { id, name, arguments: text };
}

const tokensOf = (usage: z.infer<typeof Usage>): Tokens => ({
  input: usage.prompt_tokens,
  cached: Math.min(usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0),
  output: usage.completion_tokens,
});
