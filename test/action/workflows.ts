import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { parse } from "yaml";
import { z } from "zod";

const Values = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});

const Step = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: Values,
  env: Values,
});
export type Step = z.infer<typeof Step>;

const Job = z.object({
  needs: z.union([z.string().transform((s) => [s]), z.array(z.string())]).default([]),
  if: z.string().optional(),
  "timeout-minutes": z.number(),
  permissions: z.record(z.string(), z.string()),
  outputs: Values,
  strategy: z.object({ matrix: z.object({ include: z.string().optional() }) }).optional(),
  steps: z.array(Step),
});
export type Job = z.infer<typeof Job>;

/** A workflow as its YAML says it. */
export const Workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), Job),
});

/** What GitHub's own parser has against a workflow, and the conditions of its jobs and steps as it completes them. */
export async function official(
  name: string,
  content: string,
): Promise<{ errors: string[]; conditions: Map<string, string[]> }> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value === undefined)
    return { errors: context.errors.getErrors().map((e) => e.message), conditions: new Map() };
  const template = await convertWorkflowTemplate(context, value);
  const conditions = template.jobs.map((job): [string, string[]] => [
    job.id.value,
    [job.if.expression, ...("steps" in job ? job.steps.map((s) => s.if?.expression ?? "success()") : [])],
  ]);
  return {
    errors: [
      ...context.errors.getErrors().map((e) => e.message),
      ...(template.errors ?? []).map((e) => e.Message),
    ],
    conditions: new Map(conditions),
  };
}

export const read = (text: string): z.infer<typeof Workflow> => Workflow.parse(parse(text));
