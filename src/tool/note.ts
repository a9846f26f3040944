import { z } from "zod";
import { Note } from "../domain/record.ts";
import { ToolError, type Tool } from "../port/tool.ts";

const MOST = 20;

const Arguments = z.strictObject({
  kind: Note.shape.kind.describe(
    "observed: a fact you saw; believed: what you take from it; decided: what you do",
  ),
  text: z.string().trim().min(1).max(600),
});

/** Keeps a thought for the record; nobody is interrupted by it. */
export const note: Tool<typeof Arguments> = {
  name: "note",
  description:
    "Keeps one sentence for the record of this attempt: what you observed, believed or decided, and why. People read it when they ask why a line stands where it does.",
  arguments: Arguments,
  run(args, desk) {
    const taken = desk.notes.length;
    if (taken >= MOST)
      throw new ToolError(`${MOST} notes are the most in one attempt; this one was not kept.`);
    desk.note(args);
    return Promise.resolve("Noted.");
  },
};
