import { createHash } from "node:crypto";
import type { Message } from "../domain/prompt/message.ts";
import { bytesOf } from "../domain/text/text.ts";
import { lineOf, requestOf, withContent, type Opening } from "../domain/prompt/transcript.ts";
import type { Job } from "../port/engine.ts";
import type { Model, Reply } from "../port/model.ts";
import { shortenings } from "./shorten.ts";

/** A conversation that grows, and whose older answers may be shortened; and its transcript. */
export interface Talk {
  /** The bytes of the next request, as a string. */
  next(): string;
  /** Sends it. */
  ask(model: Model, signal: AbortSignal): Promise<Reply>;
  say(...messages: Message[]): void;
  /** Shortens older answers of tools until the next request has at most so many bytes, or none is left. How many it were. */
  shorten(bytes: number): number;
  /** SHA-256 of each request that was sent. */
  readonly requests: readonly string[];
  transcript(): string;
}

export function openTalk(job: Job, opening: Opening, pullbeat: string): Talk {
  const messages: Message[] = [];
  const requests: string[] = [];
  const lines = [lineOf({ kind: "open", pullbeat, unit: job.unit, attempt: job.attempt, opening })];
  const say = (...more: readonly Message[]): void => {
    messages.push(...more);
    lines.push(...more.map((message) => lineOf({ kind: "message", message })));
  };
  const next = (): string => JSON.stringify(requestOf(opening, messages));
  say(...job.prompt);

  return {
    next,
    say,
    requests,
    shorten(bytes) {
      const over = bytesOf(next()) - bytes;
      const cuts = over > 0 ? shortenings(messages, over) : [];
      for (const { at, message, content } of cuts) {
        messages[at] = withContent(message, content);
        lines.push(lineOf({ kind: "shortened", at, content }));
      }
      return cuts.length;
    },
    async ask(model, signal) {
      const sha256 = createHash("sha256").update(next()).digest("hex");
      requests.push(sha256);
      lines.push(lineOf({ kind: "request", sha256 }));
      const reply = await model.complete(requestOf(opening, messages), signal);
      lines.push(lineOf({ kind: "reply", reply }));
      return reply;
    },
    transcript: () => lines.join(""),
  };
}
