import { readObject } from "../domain/text/json.ts";
import type { EchoedCall, Message } from "../domain/prompt/message.ts";
import type { ToolCall } from "../port/model.ts";

/** A call that has an id and a name, with its arguments as an object, or why they are none. */
export interface ReadCall {
  id: string;
  name: string;
  /** As the model wrote them. */
  raw: string;
  arguments: ReturnType<typeof readObject>;
}

/** A reply as it goes back into history, and the calls in it that get an answer each. */
export interface Echo {
  message: Message;
  calls: ReadCall[];
  /** Calls that cannot stand in history: without id or name, with ones that endpoints refuse, or with an id twice. */
  dropped: number;
}

/** More calls than this in one reply are dropped: an answer to each would have to be paid for. */
export const MOST_CALLS = 32;

/**
 * Reads a reply so that the next request is valid whatever the model wrote. Nothing is taken from its content:
 * text that looks like a call is text.
 */
export function echo(content: string | null, written: readonly ToolCall[]): Echo {
  const calls: ReadCall[] = [];
  for (const call of written) {
    const sound = /^[!-~]{1,128}$/.test(call.id) && /^[A-Za-z0-9_-]{1,64}$/.test(call.name);
    if (!sound || calls.length === MOST_CALLS || calls.some((c) => c.id === call.id)) continue;
    calls.push({ id: call.id, name: call.name, raw: call.arguments, arguments: readObject(call.arguments) });
  }
  return { message: messageOf(content, calls), calls, dropped: written.length - calls.length };
}

function messageOf(content: string | null, calls: readonly ReadCall[]): Message {
  const text = content === null || content === "" ? null : content.toWellFormed();
  // Endpoints refuse a message of an assistant that holds neither.
  if (calls.length === 0) return { role: "assistant", content: text ?? "(nothing)" };
  return { role: "assistant", content: text, tool_calls: calls.map(echoed) };
}

/** Arguments that are no object would be refused by some endpoints on every later request. */
const echoed = ({ id, name, raw, arguments: read }: ReadCall): EchoedCall => ({
  id,
  type: "function",
  function: { name, arguments: "fault" in read ? "{}" : raw.toWellFormed() },
});
