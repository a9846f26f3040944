import { nearest } from "../domain/text/near.ts";
import { ToolError, type Desk, type Toolbox } from "../port/tool.ts";
import type { ReadCall } from "./echo.ts";

/** Which tools the agent has, and the desk they work at. */
export interface Hands {
  toolbox: Toolbox;
  offered: readonly string[];
  desk: Desk;
}

/** What the model is told of a call. */
export interface Answer {
  text: string;
  /** It was wrong, and nothing was done. */
  refused: boolean;
  /** It was no call of a tool at all: a name or arguments that nothing could be done with. */
  malformed: boolean;
}

const refuse = (why: string, malformed: boolean): Answer => ({
  text: `Error: ${why}`,
  refused: true,
  malformed,
});

/** Runs one call. Whatever is wrong with it is told to the model in the answer, and then nothing was done. */
export async function answer(call: ReadCall, hands: Hands): Promise<Answer> {
  const { toolbox, offered } = hands;
  const has = offered.includes(call.name) && Object.hasOwn(toolbox.tools, call.name);
  const tool = has ? toolbox.tools[call.name] : undefined;
  if (tool === undefined) return refuse(noTool(call.name, offered), true);
  if ("fault" in call.arguments)
    return refuse(
      `nothing was done. The arguments of ${call.name} are ${call.arguments.fault}. Send one complete JSON object.`,
      true,
    );
  const args = tool.arguments.safeParse(call.arguments.value);
  if (!args.success)
    return refuse(`nothing was done. ${call.name}: ${args.error.issues.map(issueLine).join("; ")}.`, true);
  try {
    return { text: await tool.run(args.data, hands.desk), refused: false, malformed: false };
  } catch (error) {
    if (error instanceof ToolError) return refuse(error.message, false);
    throw error;
  }
}

function noTool(name: string, offered: readonly string[]): string {
  const meant = nearest(name, offered);
  return `there is no tool ${name}. You have ${offered.join(", ")}.${meant === null ? "" : ` Did you mean ${meant}?`}`;
}

const issueLine = ({ path, message }: { path: PropertyKey[]; message: string }): string =>
  path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
