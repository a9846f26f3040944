import { z } from "zod";
import { nearest } from "../domain/text/near.ts";
import { ToolError, type Tool } from "../port/tool.ts";
import { unseenPlace } from "./evidence.ts";

const words = z.string().trim().min(1).max(4000);

const Arguments = z.strictObject({
  condition: z.string().min(1).describe("the id of a condition that your role lists"),
  question: words.describe("what the person has to decide, in one or two sentences"),
  evidence: words.describe(
    "what you saw that makes the condition true, with paths and lines; they must exist",
  ),
  recommendation: words.describe("what you would do, and why"),
  silence: words.describe("what happens if nobody answers"),
});

/** Ends the attempt with a question to a person. */
export const escalate: Tool<typeof Arguments> = {
  name: "escalate",
  description:
    "Asks a person, under a condition that your role lists, and ends your work on this task until they answer. For anything else, decide yourself and note why.",
  arguments: Arguments,
  async run(question, desk) {
    const ids = desk.job.agent.spec.escalates.map((e) => e.id);
    if (!ids.includes(question.condition)) throw new ToolError(unknown(question.condition, ids));
    const barred = desk.job.barred(question.condition);
    if (barred !== null)
      throw new ToolError(
        `Nothing was asked: ${barred}. Decide yourself, and note why; or finish, and say what is open.`,
      );
    const unseen = await unseenPlace(question.evidence, desk);
    if (unseen !== null)
      throw new ToolError(`Nothing was asked: your evidence cannot be followed. ${unseen}.`);
    desk.end({ kind: "asked", question });
    return "Asked. Your work on this task ends here.";
  },
};

function unknown(condition: string, ids: readonly string[]): string {
  if (ids.length === 0) return "Nothing was asked: your role lists no condition under which it may ask.";
  const meant = nearest(condition, ids);
  const hint = meant === null ? "" : ` Did you mean ${meant}?`;
  return `Nothing was asked: your role does not list that condition. It lists ${ids.join(", ")}.${hint}`;
}
