import { z } from "zod";
import { Result } from "../domain/task.ts";
import type { Tool } from "../port/tool.ts";

const Arguments = z.strictObject({
  summary: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .describe("for the person who reviews it: what you did and what you found"),
  result: Result.exactOptional().describe(
    "only where the task is a check: pass or fail, what you say of the thing you checked",
  ),
});

/** Hands the work in. The engine has it judged; problems that can be mended come back as this call's answer. */
export const finish: Tool<typeof Arguments> = {
  name: "finish",
  description:
    "Hands in your work on this task. It is checked at once; what has to be mended is told to you.",
  arguments: Arguments,
  run({ summary, result }, desk) {
    desk.end({ kind: "finished", summary, result: result ?? null });
    return Promise.resolve("Handed in.");
  },
};
