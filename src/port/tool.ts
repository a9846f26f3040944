import type { z } from "zod";
import type { Grade } from "../domain/grading/grade.ts";
import type { Rubric } from "../domain/grading/rubric.ts";
import type { OfferedTool } from "../domain/prompt/message.ts";
import type { Note } from "../domain/record.ts";
import type { Spec, ToolName } from "../domain/spec.ts";
import type { Edits, End, Job, Shown } from "./engine.ts";

/** What a tool may touch: the overlay over the job's tree, inside the fence, and what the attempt has gathered. */
export interface Desk {
  readonly job: Job;
  /** Paths that the agent may see, in order. */
  visible(): string[];
  /**
   * The text of a visible path as it stands in the overlay, and a line in the lineage: it counts as shown.
   * A `ToolError` when there is no such file, when it may not be seen (in the same words), or when it is not text.
   */
  read(path: string): Promise<string>;
  /** As `read`, but nothing of it is shown: for searching. Null instead of every `ToolError`. */
  scan(path: string): Promise<string | null>;
  /** Puts text in the overlay; a `ToolError` when the path or the text is outside the fence. */
  write(path: string, text: string): Promise<void>;
  /** Paths that were asked for in this attempt and are not among those the agent may see. */
  readonly missed: Set<string>;
  /** Ids of the tasks that this attempt has made. */
  readonly made: ReadonlySet<string>;
  /** Adds a task file; fenced by number, not by `produces`. */
  addTask(id: string, path: string, text: string): void;
  readonly notes: readonly Note[];
  note(note: Note): void;
  /** Ends the attempt with this call. */
  end(end: End): void;
}

/** The desk as the engine holds it: what the tools left there. */
export interface OpenDesk extends Desk {
  readonly edits: Edits;
  readonly saw: readonly Shown[];
  /** Hands over the end that a tool asked for, once. */
  takeEnd(): End | null;
}

/** Thrown by tools and the desk; its message is the tool's answer to the model, and nothing was changed. */
export class ToolError extends Error {}

/** A tool that an agent may have. One file each in `src/tool/`. */
export interface Tool<Arguments extends z.ZodType = z.ZodType> {
  name: ToolName | "grade";
  /** For the model: what it does, and when to use it. */
  description: string;
  arguments: Arguments;
  run(args: z.infer<Arguments>, desk: Desk): Promise<string>;
}

/** Every tool there is, and the desk they work at. Handed to the engine, which knows neither. */
export interface Toolbox {
  readonly tools: Readonly<Record<string, Tool>>;
  /** What an agent is told it has: the tools of its spec that it can use at all, always in the same order; its end last. */
  offer(spec: Spec): OfferedTool[];
  open(job: Job): OpenDesk;
}

/** A grader's tools: those that only look, and `grade`, which takes its answer. */
export interface GradingTable {
  readonly toolbox: Toolbox;
  /** The answer that was taken; null while there is none. */
  taken(): Grade | null;
}

/** Lays a table for one judgement. `deleted`: texts of files that the proposal deletes, which may be cited as well. */
export type LayTable = (order: {
  nonce: string;
  rubric: Rubric;
  deleted: ReadonlyMap<string, string>;
}) => GradingTable;
