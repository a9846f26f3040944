import type { Message } from "../domain/prompt/message.ts";
import { bytesOf } from "../domain/text/text.ts";

/** One answer of a tool, and what shall stand in its place. */
export interface Shortening {
  /** Its place among the messages, from 0. */
  at: number;
  message: Message;
  content: string;
}

/** Answers of fewer bytes stay: what says that they are gone would take as much. */
const WORTH = 400;
/** Characters of an answer's beginning that stay. */
const KEPT = 160;
const MARK = "[Shortened to make room:";

/**
 * Which answers of tools to shorten, oldest first, to save so many bytes of a request. By rule, not by a model: what stays
 * is how an answer began, how long it was, and which call gives it again. The answers to the newest reply stay whole.
 */
export function shortenings(messages: readonly Message[], bytes: number): Shortening[] {
  const newest = messages.findLastIndex((m) => m.role === "assistant");
  const cuts: Shortening[] = [];
  let saved = 0;
  for (const [at, message] of messages.slice(0, Math.max(0, newest)).entries()) {
    if (saved >= bytes) break;
    if (message.role !== "tool" || bytesOf(message.content) < WORTH || message.content.startsWith(MARK))
      continue;
    const content = stub(message.content, callOf(messages, message.tool_call_id, at));
    cuts.push({ at, message, content });
    saved += bytesOf(JSON.stringify(message.content)) - bytesOf(JSON.stringify(content));
  }
  return cuts;
}

/** Ids may come twice in a conversation; the call that an answer belongs to stands above it. */
function callOf(messages: readonly Message[], id: string, before: number): string {
  for (const message of messages.slice(0, before).toReversed()) {
    const call = message.role === "assistant" ? message.tool_calls?.find((c) => c.id === id) : undefined;
    if (call !== undefined) return call.function.name;
  }
  return "the tool";
}

function stub(content: string, name: string): string {
  const start = content.slice(0, KEPT).toWellFormed().trimEnd();
  return `${MARK} ${name} answered ${bytesOf(content)} bytes here. Make the call again if you need them. They began:]\n${start}`;
}
