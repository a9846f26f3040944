import { faultsIn, Grade } from "../domain/grading/grade.ts";
import { splitLines } from "../domain/grading/material.ts";
import type { Spec } from "../domain/spec.ts";
import { ToolError, type Desk, type GradingTable, type LayTable, type Tool } from "../port/tool.ts";
import { openDesk } from "./desk.ts";
import { offered, toolbox } from "./index.ts";

/** Answers that are no verdict, after which nobody asks once more. */
const TRIES = 3;

/** What a grader may look with. It has no other tool, whatever its spec lists. */
const LOOKING = ["read", "list", "search", "query"] as const;

const looking = (spec: Spec): string[] => LOOKING.filter((name) => spec.tools.includes(name));

/** A table for one judgement: what can be written down at it is one answer that fits its order, and nothing else. */
export const layTable: LayTable = (order): GradingTable => {
  let taken: Grade | null = null;
  let refused = 0;
  const grade: Tool<typeof Grade> = {
    name: "grade",
    description: "Hands in your verdict. What is wrong with it is told to you; then call it once more.",
    arguments: Grade,
    async run(answer, desk) {
      const lines = await linesCited(answer, desk, order.deleted);
      const faults = faultsIn(answer, { ...order, lines });
      if (faults.length > 0) {
        refused++;
        if (refused === TRIES)
          desk.end({
            kind: "failed",
            failure: "grade/refused",
            reason: `${TRIES} answers were no verdict; of the last one: ${faults.join("; ")}`,
          });
        throw new ToolError(`This is no verdict yet. ${faults.join("; ")}.`);
      }
      taken = answer;
      desk.end({ kind: "finished", summary: answer.summary, result: null });
      return "Taken.";
    },
  };
  return {
    taken: () => taken,
    toolbox: {
      tools: { ...toolbox.tools, grade },
      offer: (spec) => [
        ...toolbox.offer(spec).filter((t) => looking(spec).includes(t.function.name)),
        offered(grade),
      ],
      open: openDesk,
    },
  };
};

/** Lines of each cited file, as the grader could see them; null for a file that it could not. */
async function linesCited(
  { criticism }: Grade,
  desk: Desk,
  deleted: ReadonlyMap<string, string>,
): Promise<Map<string, number | null>> {
  const lines = new Map<string, number | null>();
  for (const { path } of criticism) {
    const text = (await desk.scan(path)) ?? deleted.get(path) ?? null;
    lines.set(path, text === null ? null : splitLines(text).length);
  }
  return lines;
}
