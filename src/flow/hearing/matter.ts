import type { CommandGate, GraderGate } from "../../domain/verdict/gates.ts";
import type { GradedWork } from "../../domain/verdict/hearing.ts";
import type { Sha } from "../../domain/id.ts";
import type { GateVerdict } from "../../domain/verdict/verdict.ts";

/** What is to be judged, and how that is called in the journal. */
interface Asked {
  gate: string;
  head: Sha;
  /** The tree that is judged: the head's, or what the base branch would become. */
  judged: Sha;
  of: string;
}

/** A program that is to judge a pull. */
interface CommandMatter extends Asked {
  kind: "command";
  settings: CommandGate;
}

/** A grader that is to judge a pull. */
interface GraderMatter extends Asked {
  kind: "grader";
  settings: GraderGate;
  work: GradedWork;
}

/** A gate that is to judge a pull elsewhere: plain data, which can cross to a job. */
export type Matter = CommandMatter | GraderMatter;

/** Where one such gate stands on a pull. */
export interface Seat {
  /** What it says now: its word on exactly this, or why there is none. */
  verdict: GateVerdict;
  /** What to ask it; missing where there is nothing to ask. */
  ask?: { as: "moved" | "unheard"; matter: Matter };
}
