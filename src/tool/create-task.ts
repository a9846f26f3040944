import { z } from "zod";
import { withoutAnswers } from "../domain/board/answer.ts";
import { cleanLine, cleanText } from "../domain/text/clean.ts";
import { mintTaskId, type TaskId } from "../domain/id.ts";
import { nearest } from "../domain/text/near.ts";
import { taskPath } from "../domain/board/slug.ts";
import { Need, Task } from "../domain/board/task.ts";
import { ToolError, type Desk, type Tool } from "../port/tool.ts";

const line = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "expected one line");

const Arguments = z.strictObject({
  title: line.max(200).describe("one line"),
  agent: z.string().min(1).describe("who is to do it: you, or a colleague by name"),
  brief: z.string().trim().min(1).max(8000).describe("what is wanted and why, with paths"),
  done_when: z.array(line.max(400)).min(1).max(20).describe("facts that can be checked, one line each"),
  priority: Task.shape.priority.unwrap().exactOptional(),
  kind: Task.shape.kind.describe("a lower-case word such as grade"),
  needs: z.array(Need).max(20).exactOptional().describe("ids of tasks that must be done first"),
  due: Task.shape.due.describe("yyyy-mm-dd"),
  produces: z
    .array(Task.shape.produces.unwrap().element)
    .max(10)
    .exactOptional()
    .describe("files without which it is not done"),
});

/** Proposes a task. It becomes real when the attempt's pull is merged. */
export const createTask: Tool<typeof Arguments> = {
  name: "create_task",
  description:
    "Proposes a new task for yourself or a colleague. It becomes real only when a person merges your work, so make one only where the work calls for it.",
  arguments: Arguments,
  run({ title: given, brief, done_when, ...rest }, desk) {
    const { job } = desk;
    const refusal = refusalOf(desk, rest);
    if (refusal !== null) throw new ToolError(`The task was not made: ${refusal}.`);
    const id = mintTaskId(job.chance, { has: (i) => job.taken.has(i) || desk.made.has(i) });
    const title = cleanLine(given, 200);
    const fields = {
      id,
      title,
      status: "todo",
      ...rest,
      created_by: job.agent.spec.name,
      depth: job.task.task.depth + 1,
    };
    const body = bodyOf(brief, done_when);
    desk.addTask(id, taskPath(id, title), job.compose(fields, body));
    return Promise.resolve(`Made ${id}. Other new tasks may need it by that id.`);
  },
};

/** Another agent takes it for its orders, so nothing in it is hidden from the person who merges it, or looks like theirs. */
function bodyOf(brief: string, doneWhen: readonly string[]): string {
  const facts = doneWhen.map((fact) => `- [ ] ${cleanLine(fact, 400)}\n`).join("");
  return `## Brief\n\n${withoutAnswers(cleanText(brief, 8000))}\n\n## Done when\n\n${facts}`;
}

/** Agents that could make work for each other without end are what these limits are for. */
function refusalOf({ job, made }: Desk, { agent, needs }: { agent: string; needs?: Need[] }): string | null {
  const { tasks } = job.agent.spec.budget.attempt;
  const { depth } = job.config.limits;
  if (made.size >= tasks) return `${tasks} new tasks are the most in one attempt`;
  if (job.task.task.depth + 1 > depth)
    return `your own task stands ${job.task.task.depth} below a person's, and ${depth} is the most; ask a person instead, or leave it`;
  if (agent !== job.agent.spec.name && !job.colleagues.includes(agent)) return noAgent(agent, job.colleagues);
  const missing = (needs ?? []).map(idOf).find((id) => !job.taken.has(id) && !made.has(id));
  return missing === undefined ? null : `it needs ${missing}, and there is no such task`;
}

const idOf = (need: Need): TaskId => (typeof need === "string" ? need : need.task);

function noAgent(agent: string, colleagues: readonly string[]): string {
  const meant = nearest(agent, colleagues);
  const who = colleagues.length === 0 ? "you have no colleagues" : `there are ${colleagues.join(", ")}`;
  return `there is no agent ${JSON.stringify(agent.slice(0, 60))}; ${who}${meant === null ? "" : `. Did you mean ${meant}?`}`;
}
