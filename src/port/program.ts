import type { TextChange } from "../domain/change.ts";
import type { Config } from "../domain/config.ts";
import type { DirectiveFile } from "../domain/board/directive.ts";
import type { CommandGate, GraderGate } from "../domain/verdict/gates.ts";
import type { GradedWork, Judgement } from "../domain/verdict/hearing.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { TaskFile } from "../domain/board/task.ts";
import type { Tree } from "./engine.ts";

/** What every gate that judges elsewhere is given. */
interface Given {
  gate: string;
  /** The tree that it judges. */
  judged: Tree;
  /** The tree that a program's own files, or a grader's script, come from. */
  tip: Tree;
  now: Date;
}

/** What a program is to judge. */
export interface ProgramTrial extends Given {
  kind: "command";
  settings: CommandGate;
  /** Paths that the pull changes. */
  changed: readonly string[];
}

/** What a grader is to judge. */
export interface GraderTrial extends Given {
  kind: "grader";
  settings: GraderGate;
  config: Config;
  grader: AgentFile;
  /** The task that the work was done for, as the tip has it. */
  task: TaskFile;
  work: GradedWork;
  /** The spec of the agent that did it; undefined when the tip has it no more. */
  author: AgentFile | undefined;
  changes: readonly TextChange[];
  directives: readonly DirectiveFile[];
  /** Ends it early; then it could not tell. */
  stop?: AbortSignal;
}

export type Trial = ProgramTrial | GraderTrial;

/**
 * Has a gate judge. Whatever goes wrong is inconclusive; it never throws for what a program or a model did. Null: this kind
 * cannot judge here (no key is set, say), so it has not been asked.
 */
export type Judge = (trial: Trial) => Promise<Judgement | null>;
