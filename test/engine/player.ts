import type { ChatRequest } from "../../src/domain/prompt/message.ts";
import type { Tokens } from "../../src/domain/record.ts";
import { loopEngine } from "../../src/engine/loop.ts";
import type { Work } from "../../src/port/engine.ts";
import type { Model, Reply, ToolCall } from "../../src/port/model.ts";
import { toolbox } from "../../src/tool/index.ts";
import { jobOf, type JobOptions, type TestJob } from "../job.ts";

/** A reply, in short: tool calls by name and arguments; a string is sent as it is. */
export const calls = (...list: readonly (readonly [name: string, args: unknown])[]): Reply =>
  saidCalls(
    list.map(([name, args], i) => ({
      id: `c${i}`,
      name,
      arguments: typeof args === "string" ? args : JSON.stringify(args),
    })),
  );

export const saidCalls = (list: readonly ToolCall[], content: string | null = null): Reply => ({
  ok: true,
  content,
  calls: [...list],
  finish: "tool_calls",
  tokens: { input: 10, cached: 0, output: 1 },
});

export const says = (content: string | null, finish = "stop"): Reply => ({
  ok: true,
  content,
  calls: [],
  finish,
  tokens: { input: 10, cached: 0, output: 1 },
});

export const FINISH = calls(["finish", { summary: "Graded: C." }]);

export interface Played {
  job: TestJob;
  work: Work;
  /** The bytes of every request. */
  bodies: string[];
  requests: ChatRequest[];
}

/** Plays replies, the last one for ever, against the loop with the real tools. */
export async function play(
  replies: readonly Reply[],
  options: JobOptions & { cost?: (tokens: Tokens) => number | null } = {},
): Promise<Played> {
  const bodies: string[] = [];
  const model: Model = {
    name: "player",
    scripted: false,
    cost: options.cost ?? (() => null),
    complete(request) {
      bodies.push(JSON.stringify(request));
      const reply = replies[Math.min(bodies.length, replies.length) - 1];
      return Promise.resolve(reply ?? { ok: false, failure: "request", reason: "nothing to play" });
    },
  };
  const job = jobOf(options);
  const work = await loopEngine({ model: () => model, toolbox, pullbeat: "1.2.3" }).work(job);
  return { job, work, bodies, requests: bodies.map((b): ChatRequest => JSON.parse(b)) };
}

/** What endpoints insist on: every call has one answer, right after it, and nothing else has one. */
export function invalidHistory({ messages }: ChatRequest): string[] {
  const wrong: string[] = [];
  let owed: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      if (owed[0] === message.tool_call_id) owed = owed.slice(1);
      else wrong.push(`an answer to ${message.tool_call_id}, which nobody waits for`);
      continue;
    }
    if (owed.length > 0) wrong.push(`no answer to ${owed.join(", ")}`);
    owed = [];
    if (message.role !== "assistant") continue;
    if (message.content === null && message.tool_calls === undefined)
      wrong.push("a message without anything");
    if (message.tool_calls?.length === 0) wrong.push("an empty list of calls");
    for (const call of message.tool_calls ?? []) {
      if (call.id === "" || owed.includes(call.id)) wrong.push(`the id ${JSON.stringify(call.id)}`);
      if (!/^[\w-]{1,64}$/.test(call.function.name)) wrong.push(`the name ${call.function.name}`);
      const args: unknown = JSON.parse(call.function.arguments);
      if (typeof args !== "object" || args === null || Array.isArray(args))
        wrong.push("arguments that are no object");
      owed.push(call.id);
    }
  }
  return owed.length > 0 ? [...wrong, `no answer to ${owed.join(", ")}`] : wrong;
}
