import { z } from "zod";
import type { Locate } from "../finding.ts";
import { Glob } from "../glob.ts";
import { AgentName, TaskId } from "../id.ts";
import { Schedule } from "../time/schedule.ts";

export const Priority = z.enum(["urgent", "high", "normal", "low"]);
export type Priority = z.infer<typeof Priority>;

/** What the doer's `finish` said of its own work. */
export const Result = z.enum(["pass", "fail"]);
export type Result = z.infer<typeof Result>;

/** Something that must be done first; with `result`, done with that result. */
export const Need = z.union([TaskId, z.strictObject({ task: TaskId, result: Result.exactOptional() })]);
export type Need = z.infer<typeof Need>;

/** The front matter of `board/<id>-<slug>.md`. With `every` it is a duty: each slot is an occurrence. */
export const Task = z.strictObject({
  id: TaskId.describe("The first part of the file's name. It never changes."),
  title: z.string().min(1).max(200),
  status: z
    .enum(["todo", "done", "dropped"])
    .default("todo")
    .describe("All other states follow from claims, pulls and reviews."),
  agent: AgentName.describe("Who is to do it."),
  priority: Priority.default("normal"),
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "expected a lower-case word such as grade")
    .exactOptional(),
  needs: z
    .array(Need)
    .default([])
    .describe("Tasks that must be done first; with `result`, done with that result."),
  due: z.iso.date().exactOptional().describe("A calendar day."),
  created_by: z.string().min(1).exactOptional(),
  depth: z
    .int()
    .nonnegative()
    .default(0)
    .describe("How many tasks stand above this one: made by a person 0, made by the task of depth n, n + 1."),
  produces: z.array(Glob).default([]).describe("Done without these artifacts is a failed attempt."),
  result: Result.exactOptional().describe("Written together with `status: done`."),
  every: Schedule.exactOptional(),
  overlap: z
    .enum(["wait", "replace"])
    .default("wait")
    .describe("For a duty whose last occurrence is still open: wait for it, or close it."),
});
export type Task = z.infer<typeof Task>;

/** A task as it stands in a tree. */
export interface TaskFile {
  task: Task;
  body: string;
  path: string;
  blob: string;
  /** Whom the file names, where a person gave the task to another agent: then `task.agent` is that one. */
  writtenFor?: AgentName;
  /** For findings about one of its keys. */
  at: Locate;
}

export const needsOf = (task: Task): { task: TaskId; result?: Result }[] =>
  task.needs.map((n) => (typeof n === "string" ? { task: n } : n));

export const isDuty = (task: Task): boolean => task.every !== undefined;

/** True when a file of the board is named after a task's id: people and links find it by that. */
export const isNamedFor = (path: string, id: string): boolean =>
  path === `board/${id}.md` || (path.startsWith(`board/${id}-`) && /^board\/[^/]+\.md$/.test(path));
