import type { CommandGate } from "../domain/gates.ts";
import type { GateVerdict } from "../domain/verdict.ts";
import type { Tree } from "./engine.ts";

/** What a program is to judge. */
export interface Trial {
  gate: string;
  settings: CommandGate;
  /** The tree that it judges. */
  judged: Tree;
  /** The tree that its own files come from. */
  tip: Tree;
  /** Paths that the pull changes. */
  changed: readonly string[];
  now: Date;
}

/** Runs a gate's program. Whatever goes wrong is inconclusive; it never throws for what the program did. */
export type Judge = (trial: Trial) => Promise<GateVerdict>;
