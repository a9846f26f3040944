import { Refused } from "../../domain/airlock.ts";
import { cleanText } from "../../domain/text/clean.ts";
import type { Config } from "../../domain/config.ts";
import type { HandedWork } from "../../domain/plan/handover.ts";
import { cost } from "../../domain/plan/price.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { Edits, End, Work } from "../../port/engine.ts";

/** The work as an engine of ours would have told it. */
export function workOf(
  told: HandedWork,
  { edits, transcript, spec, config }: { edits: Edits; transcript: string; spec: AgentFile; config: Config },
): Work {
  return {
    end: endOf(told.end, spec),
    edits,
    transcript,
    ...billed(told, spec, config),
    requests: told.requests,
    saw: told.saw,
    notes: told.notes,
    shortened: told.shortened,
    feedback: told.feedback.map((f) => cleanText(f, 4000)),
  };
}

/** What engine and spec are: the same for work and for a grader's word. */
type Billed = Pick<HandedWork, "engine" | "spent">;

/** The spec says which model it was, and the config what it costs; a job tells only how much it took. */
export function billed(
  { engine, spent }: Billed,
  { spec }: AgentFile,
  { engines }: Config,
): Pick<Work, "engine" | "spent"> {
  const { kind } = spec.engine;
  if (spec.engine.kind !== "openai" || engine.scripted) return { engine: { ...engine, kind }, spent };
  const model = spec.engine.model ?? engines.openai.model;
  const { prices } = engines.openai;
  const usd = cost(spent.tokens, Object.hasOwn(prices, model) ? prices[model] : undefined);
  return { engine: { kind, model, scripted: false }, spent: { ...spent, usd } };
}

function endOf(end: HandedWork["end"], { spec }: AgentFile): End {
  switch (end.kind) {
    case "finished":
      return end;
    case "asked":
      if (spec.escalates.some((e) => e.id === end.question.condition)) return end;
      throw new Refused("question", "it asks under a condition that its spec does not list");
    case "failed":
      return { ...end, reason: cleanText(end.reason, 2000) };
    default:
      return end satisfies never;
  }
}
