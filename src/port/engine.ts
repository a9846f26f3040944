import type { Claims, Said } from "../domain/verdict/claims.ts";
import type { Entry } from "../domain/change.ts";
import type { Chance } from "../domain/id.ts";
import type { Note, Question, Spent } from "../domain/record.ts";
import type { Config } from "../domain/config.ts";
import type { AgentFile } from "../domain/spec.ts";
import type { Result, TaskFile } from "../domain/board/task.ts";
import type { Verdict } from "../domain/verdict/verdict.ts";
import type { Unit } from "../domain/id.ts";
import type { Message } from "../domain/prompt/message.ts";

/** A tree that can be read. */
export interface Tree {
  readonly entries: readonly Entry[];
  /** The bytes of a file; null when the tree does not have it. */
  read(path: string): Promise<Uint8Array | null>;
}

/** What an attempt changed: new content by path, null for a deletion. */
export type Edits = ReadonlyMap<string, string | Uint8Array | null>;

/** A file whose content was shown to the agent. */
export interface Shown {
  path: string;
  blob: string;
}

/**
 * A step of an attempt, told as it happens. What a model, a program or a file said stands in it as it was said: whoever
 * shows it makes it harmless.
 */
export type Step =
  /** A conversation begins, with these messages and tools. */
  | {
      kind: "opens";
      model: string;
      scripted: boolean;
      messages: readonly Message[];
      tools: readonly string[];
    }
  /** The model is asked; `spent` before this call. */
  | { kind: "asks"; spent: Spent }
  /** Text of the model beside its calls, or instead of any. */
  | { kind: "says"; text: string }
  /** A tool is called; `arguments` as the model wrote them. */
  | { kind: "calls"; tool: string; arguments: string }
  /** What the tool answered; `refused`: nothing was done. */
  | { kind: "answers"; tool: string; text: string; refused: boolean }
  /** A reply that called no tool, or whose calls could not be read, is answered by the engine. */
  | { kind: "nudges"; text: string }
  /** The conversation was getting too long: so many older answers of tools were shortened. */
  | { kind: "shortens"; answers: number }
  /** What gates sent back to be mended. */
  | { kind: "sends-back"; problems: readonly string[] }
  /** A program is started. */
  | { kind: "runs"; program: string }
  /** It has ended; the last part of what it wrote. */
  | { kind: "ran"; how: string; stdout: string; stderr: string };

/** One attempt's work order. */
export interface Job {
  unit: Unit;
  attempt: number;
  /** 1 for the attempt that opens the pull. */
  round: number;
  task: TaskFile;
  agent: AgentFile;
  config: Config;
  /** Names of the agents that a new task may be given to. */
  colleagues: readonly string[];
  /** Ids in use, so that new tasks get others. */
  taken: ReadonlySet<string>;
  /** The base tree, or the branch's head in a later round. */
  tree: Tree;
  /** The tree that the pull's diff starts from; `tree` itself in the first round. Files in mode `append` keep its content. */
  base: Tree;
  /** Paths of `tree` that the agent may see besides those of its spec. */
  also?: ReadonlySet<string>;
  /** System and user messages, ready to send. */
  prompt: readonly Message[];
  /** Files that the prompt quotes. */
  shown: readonly Shown[];
  /** Sentences that started this round: reviews and failed gates. */
  asked: readonly string[];
  now: Date;
  chance: Chance;
  /** Milliseconds of a clock that only moves forward. */
  clock: () => number;
  /** Front matter and body as one text; it is the records' writer. */
  compose(fields: Readonly<Record<string, unknown>>, body: string): string;
  /** Why no question may be asked under a condition of the spec now; null when one may. */
  barred(condition: string): string | null;
  /** Judges what stands now; the engine tells the agent what it can mend. */
  judge(edits: Edits, said: Said): Promise<Verdict>;
  /** The same of a question, before it is asked. */
  judgeQuestion(question: Question): Promise<Verdict>;
  /** Told each step, for people who watch. */
  watch(step: Step): void;
  signal: AbortSignal;
}

/** How an attempt's work ended. Failure codes are stable; two equal ones in a row park the task. */
export type End =
  | { kind: "finished"; result: Result | null; summary: string; claims?: Claims }
  | { kind: "asked"; question: Question }
  | { kind: "failed"; failure: string; reason: string };

export interface Work {
  end: End;
  edits: Edits;
  spent: Spent;
  engine: { kind: string; model: string; scripted: boolean };
  /** SHA-256 of each request's bytes. */
  requests: string[];
  /** JSON Lines; empty when there was no conversation. */
  transcript: string;
  saw: Shown[];
  notes: Note[];
  feedback: string[];
  /** Older answers of tools that were shortened to make room. */
  shortened: number;
}

/** A way to work an attempt. Never throws for what the agent did; an abort or a limit is a failed end. */
export interface Engine {
  /** Why it cannot work now, and what to do about it; null when it can. Asks nobody outside. */
  unable?(): string | null;
  work(job: Job): Promise<Work>;
}
