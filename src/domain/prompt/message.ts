/** A tool call as it stands in a message that goes back to the model: always sanitised, so that history stays valid. */
export interface EchoedCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** Messages in the shape of the Chat Completions API (https://platform.openai.com/docs/api-reference/chat). */
export type Message =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string | null; tool_calls?: EchoedCall[] }
  | { role: "tool"; tool_call_id: string; content: string };

/** A tool as the model is told of it; `parameters` is a JSON Schema. */
export interface OfferedTool {
  type: "function";
  function: { name: string; description: string; parameters: unknown };
}

/** The request's body. Its bytes are `JSON.stringify` of this object, and their SHA-256 stands in the record. */
export interface ChatRequest {
  model: string;
  temperature?: number;
  tools: readonly OfferedTool[];
  messages: readonly Message[];
}
