import type { ChatRequest } from "../domain/prompt/message.ts";
import type { Tokens } from "../domain/record.ts";

/** A tool call as the model wrote it. Each part may be empty; `arguments` is not parsed yet and may be anything. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** A call's end. A failure is a value: the loop decides what it means. Retries have been used up by then. */
export type Reply =
  | {
      ok: true;
      content: string | null;
      calls: ToolCall[];
      finish: string;
      /** Null when the endpoint did not say. */
      tokens: Tokens | null;
    }
  | {
      ok: false;
      /** `auth`, `billing` and `request` will not get better by themselves; `context`: the request was too long. */
      failure:
        | "auth"
        | "billing"
        | "request"
        | "context"
        | "rate"
        | "server"
        | "network"
        | "timeout"
        | "malformed";
      reason: string;
    };

export interface Model {
  /** The name that goes into requests and trailers. */
  readonly name: string;
  readonly temperature?: number;
  /** True when replies come from a file. */
  readonly scripted: boolean;
  /** US dollars for the tokens; null when the price is not known. */
  cost(tokens: Tokens): number | null;
  /** Sends `JSON.stringify(request)`, byte for byte. Never throws: every end is a `Reply`. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<Reply>;
}
