import { createHash } from "node:crypto";
import type { Message } from "../domain/message.ts";
import { lineOf, requestOf, type Opening } from "../domain/transcript.ts";
import type { Job } from "../port/engine.ts";
import type { Model, Reply } from "../port/model.ts";

/** A conversation that only grows, and its transcript. */
export interface Talk {
  /** The bytes of the next request, as a string. */
  next(): string;
  /** Sends it. */
  ask(model: Model, signal: AbortSignal): Promise<Reply>;
  say(...messages: Message[]): void;
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
