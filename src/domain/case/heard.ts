import { z } from "zod";
import { TaskId } from "../id.ts";
import { readObject } from "../text/json.ts";
import type { TranscriptLine } from "../prompt/transcript.ts";
import type { RecordedReply } from "./replies.ts";

/** A reply as a transcript holds it: before it was sanitised, so anything may stand in it. */
const Heard = z.object({
  ok: z.literal(true),
  content: z.string().nullable(),
  calls: z.array(z.object({ name: z.string(), arguments: z.string() })),
});

/** What a model said in a conversation, in order. Calls of an endpoint that failed said nothing. */
export function repliesOf(lines: readonly TranscriptLine[]): RecordedReply[] {
  return lines.flatMap((line) => {
    const heard = line.kind === "reply" ? Heard.safeParse(line.reply) : undefined;
    if (heard?.success !== true) return [];
    const { content, calls } = heard.data;
    return [
      {
        ...(content === null ? {} : { content }),
        calls: calls.map(({ name, arguments: text }) => ({ name, arguments: argumentsOf(text) })),
      },
    ];
  });
}

/** An object reads better, where it comes out as the same bytes. */
function argumentsOf(text: string): Record<string, unknown> | string {
  const read = readObject(text);
  return "value" in read && JSON.stringify(read.value) === text ? read.value : text;
}

/** Ids of the tasks that a conversation made, in order, by what the tool answered. */
export function madeIn(lines: readonly TranscriptLine[]): TaskId[] {
  const makers = new Set<string>();
  return lines.flatMap((line) => {
    if (line.kind !== "message") return [];
    const { message } = line;
    if (message.role === "assistant")
      for (const call of message.tool_calls ?? [])
        if (call.function.name === "create_task") makers.add(call.id);
    if (message.role !== "tool" || !makers.has(message.tool_call_id)) return [];
    const id = TaskId.safeParse(/^Made (T-[a-z0-9]+)\./.exec(message.content)?.[1]);
    return id.success ? [id.data] : [];
  });
}
