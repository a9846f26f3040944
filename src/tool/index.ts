import { z } from "zod";
import type { OfferedTool } from "../domain/prompt/message.ts";
import { ToolName, type Spec } from "../domain/spec.ts";
import type { Tool, Toolbox } from "../port/tool.ts";
import { createTask } from "./create-task.ts";
import { openDesk } from "./desk.ts";
import { edit } from "./edit.ts";
import { escalate } from "./escalate.ts";
import { finish } from "./finish.ts";
import { list } from "./list.ts";
import { note } from "./note.ts";
import { query } from "./query.ts";
import { read } from "./read.ts";
import { search } from "./search.ts";
import { write } from "./write.ts";

/** The tools that there are. Adding one is a file, a line here, and its name in domain/spec.ts. */
const tools = {
  read,
  list,
  search,
  query,
  write,
  edit,
  create_task: createTask,
  note,
  escalate,
  finish,
} satisfies Record<ToolName, Tool>;

/** An agent has the tools of its spec, less those it could never use; without `finish` no work could end. */
function usable(name: ToolName, spec: Spec): boolean {
  if (name === "finish") return true;
  if (name === "escalate" && spec.escalates.length === 0) return false;
  if (name === "create_task" && spec.budget.attempt.tasks === 0) return false;
  return spec.tools.includes(name);
}

/** Patterns are held when the call is read; servers that build a grammar from the schema fail on some of them. */
export function offered({ name, description, arguments: schema }: Tool): OfferedTool {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
    io: "input",
    override({ jsonSchema }) {
      delete jsonSchema.pattern;
      delete jsonSchema.format;
    },
  });
  return { type: "function", function: { name, description, parameters } };
}

/** Every tool, and the desk they work at. */
export const toolbox: Toolbox & { readonly tools: Readonly<Record<ToolName, Tool>> } = {
  tools,
  offer: (spec) => ToolName.options.filter((name) => usable(name, spec)).map((name) => offered(tools[name])),
  open: openDesk,
};
