import { Fault } from "../fault.ts";
import type { ChatRequest, Message } from "./message.ts";

/** What stays the same through a conversation. */
export type Opening = Omit<ChatRequest, "messages">;

/**
 * A transcript is JSON Lines, in the order in which things happened: the opening, every message, and marks.
 * `request` marks that all messages so far were sent; `reply` holds what came back before it was sanitised.
 */
export type TranscriptLine =
  | { kind: "open"; pullbeat: string; unit: string; attempt: number; opening: Opening }
  | { kind: "message"; message: Message }
  | { kind: "request"; sha256: string }
  | { kind: "reply"; reply: unknown }
  /** From here on the message at this place, from 0, has this content. */
  | { kind: "shortened"; at: number; content: string };

/** The body of a request. The order of its keys is part of its bytes. */
export const requestOf = (opening: Opening, messages: readonly Message[]): ChatRequest => ({
  model: opening.model,
  ...(opening.temperature === undefined ? {} : { temperature: opening.temperature }),
  tools: opening.tools,
  messages,
});

/** A message with other content. The order of its keys is part of a request's bytes, and stays. */
export const withContent = (message: Message, content: string): Message => ({ ...message, content });

export const lineOf = (line: TranscriptLine): string => `${JSON.stringify(line)}\n`;

/** What can be rebuilt from a transcript: the body of each request, or the version of pullbeat that could. */
export type Rebuilt = { kind: "requests"; bodies: string[] } | { kind: "other-version"; pullbeat: string };

/**
 * Gives each request that a conversation sent, byte for byte.
 * Only the version of pullbeat that wrote the transcript promises these bytes; another one says whose they are.
 */
export function rebuildRequests(transcript: string, pullbeat: string): Rebuilt {
  const lines = linesIn(transcript);
  const [open] = lines;
  if (open?.kind !== "open") throw new Fault("broken", "this transcript has no opening line");
  if (open.pullbeat !== pullbeat) return { kind: "other-version", pullbeat: open.pullbeat };
  const messages: Message[] = [];
  const bodies: string[] = [];
  for (const line of lines) {
    if (line.kind === "message") messages.push(line.message);
    if (line.kind === "shortened") shorten(messages, line.at, line.content);
    if (line.kind === "request") bodies.push(JSON.stringify(requestOf(open.opening, messages)));
  }
  return { kind: "requests", bodies };
}

function shorten(messages: Message[], at: number, content: string): void {
  const message = messages[at];
  if (message === undefined)
    throw new Fault("broken", `this transcript shortens message ${at}, and has none`);
  messages[at] = withContent(message, content);
}

/** Everything that happened, in order. */
export const linesIn = (transcript: string): TranscriptLine[] =>
  transcript
    .split("\n")
    .filter((l) => l !== "")
    .map(readLine);

function readLine(text: string, index: number): TranscriptLine {
  try {
    // Its SHA-256 stands in the record, so these are pullbeat's own lines.
    const line: TranscriptLine = JSON.parse(text);
    return line;
  } catch (cause) {
    throw new Fault("broken", `line ${index + 1} of the transcript is not JSON`, { cause });
  }
}
