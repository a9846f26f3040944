import { z } from "zod";
import { Claims } from "../domain/verdict/claims.ts";
import { Result } from "../domain/board/task.ts";
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
  claims: Claims.exactOptional().describe("what you did, exactly; it is compared with what stands there"),
});

/** Hands the work in. The engine has it judged; problems that can be mended come back as this call's answer. */
export const finish: Tool<typeof Arguments> = {
  name: "finish",
  description:
    "Hands in your work on this task. It is checked at once; what has to be mended is told to you.",
  arguments: Arguments,
  run({ summary, result, claims }, desk) {
    const end = { kind: "finished", summary, result: result ?? null } as const;
    desk.end(claims === undefined ? end : { ...end, claims });
    return Promise.resolve("Handed in.");
  },
};
