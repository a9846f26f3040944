import { Sha, taskOf, type Unit } from "../../domain/id.ts";
import type { Attempt } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";

/**
 * A failed attempt of which nothing is known but its end: neither what it did nor what it cost. It stands in the
 * record so that its failure counts. None when the task is gone from the board.
 */
export function unworked(
  { fleet }: Snapshot,
  { unit, attempt }: { unit: Unit; attempt: number },
  { failure, reason }: { failure: string; reason: string },
): Attempt[] {
  const file = fleet.tasks.get(taskOf(unit));
  if (file === undefined) return [];
  return [
    {
      unit,
      task: file.task.id,
      attempt,
      outcome: "failed",
      reason,
      failure,
      taskBlob: Sha.parse(file.blob),
      proposal: null,
      question: null,
      result: null,
      summary: "",
      engine: { kind: "unknown", model: "unknown", scripted: false },
      spent: { steps: 0, tokens: { input: 0, cached: 0, output: 0 }, usd: null, ms: 0 },
      requests: [],
      transcript: null,
      saw: [],
      wrote: [],
      notes: [],
      feedback: [],
      verdict: null,
    },
  ];
}
