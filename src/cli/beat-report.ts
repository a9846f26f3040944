import type { AgentName } from "../domain/id.ts";
import type { Question, Spent } from "../domain/record.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { AgentFile, Spec } from "../domain/spec.ts";
import type { GateVerdict } from "../domain/verdict/verdict.ts";
import type { Rehearsal, Rehearsed } from "../flow/beat/dry-run.ts";
import type { Step } from "../port/engine.ts";
import { patchOf } from "./patch.ts";

/** A spec that is tried in place of the tip's, and how its file was named. */
export interface Trial {
  named: string;
  file: AgentFile;
}

type Opening = Extract<Step, { kind: "opens" }>;

/** One attempt of a dry run under `--json`. */
export interface DryAttempt {
  task: string;
  attempt: number;
  /** As in `tick`: what it would end as. */
  outcome: string;
  reason: string;
  failure: string | null;
  /** Why the task would be parked. */
  park: string | null;
  model: string;
  scripted: boolean;
  /** What is sent first; null where no model is asked. */
  request: Pick<Opening, "messages" | "tools"> | null;
  steps: Step[];
  patch: string;
  gates: GateVerdict[];
  summary: string;
  result: string | null;
  question: Question | null;
  spent: Spent;
  budget: Spec["budget"]["attempt"] | null;
}

export function attemptRow(
  { planned, attempt, changes, verdict, park }: Rehearsed,
  told: { snapshot: Snapshot; agent: AgentName; steps: readonly Step[] },
): DryAttempt {
  const opening = told.steps.find((s) => s.kind === "opens");
  const { outcome, reason, failure, engine, summary, result, question, spent } = attempt;
  return {
    task: planned.unit,
    attempt: planned.attempt,
    outcome,
    reason,
    failure,
    park,
    model: engine.model,
    scripted: engine.scripted,
    request: opening === undefined ? null : { messages: opening.messages, tools: opening.tools },
    steps: told.steps.filter((s) => s.kind !== "opens"),
    patch: patchOf(changes),
    gates: verdict?.gates ?? [],
    summary,
    result,
    question,
    spent,
    budget: told.snapshot.fleet.agents.get(told.agent)?.spec.budget.attempt ?? null,
  };
}

/** What `beat --dry-run` prints under `--json`. */
export function reportOf(
  { snapshot, unasked, beat, rest }: Rehearsal,
  { agent, trial, attempts }: { agent: AgentName; trial: Trial | null; attempts: readonly DryAttempt[] },
) {
  const spec = snapshot.fleet.agents.get(agent);
  return {
    agent,
    base: snapshot.base,
    spec: { file: trial?.named ?? spec?.path ?? null, blob: spec?.blob ?? null, merged: trial === null },
    plan: { outcome: unasked.isDue ? "due" : "rested", reason: unasked.reason },
    rest,
    forced: beat !== null && rest !== null,
    attempts,
  };
}
