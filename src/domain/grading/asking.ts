import { byTarget } from "../control/control.ts";
import type { Facts } from "../plan/facts.ts";
import type { GraderGate } from "../verdict/gates.ts";
import { agentOf } from "../plan/halt.ts";
import type { Heard, Hearing } from "../verdict/hearing.ts";
import type { Snapshot } from "../snapshot.ts";
import type { AgentFile } from "../spec.ts";
import { modelOf } from "./calibration.ts";

/** What is known of a pull's author before a grader is asked. */
export interface Author {
  /** Whoever made one of its attempts: a task can be given to somebody else between two rounds. */
  agents: readonly string[];
  /** The models of its attempts: as records say, and as specs do. */
  models: readonly string[];
}

/** A grader that may judge a pull; or why it has no word on it, whatever it has said before. */
export function graderFor(
  { grader, other_model }: GraderGate,
  author: Author,
  snapshot: Snapshot,
): { file: AgentFile } | { why: string } {
  const { fleet, journal } = snapshot;
  const errors = fleet.findings.flatMap((f) => (f.level === "error" ? [[f.file, f] as const] : []));
  const facts: Pick<Facts, "snapshot" | "errors" | "controls"> = {
    snapshot,
    errors: new Map(errors.toReversed()),
    controls: byTarget(journal.controls),
  };
  const able = agentOf(grader, facts);
  if ("halt" in able) return { why: `${grader} ${able.halt.reason}` };
  const { spec } = able.file;
  if (spec.grades === undefined) return { why: `${grader} is no grader: its spec has no rubric (grades)` };
  if (spec.engine.kind === "command")
    return { why: `${grader} is a program, and a grader is a model; a program is a gate of kind command` };
  if (author.agents.includes(grader)) return { why: `${grader} made it, and nobody grades their own work` };
  const own = modelOf(spec, fleet.config);
  const same = other_model ? author.models.find((m) => isSame(m, own)) : undefined;
  if (other_model && author.models.length === 0)
    return { why: "no record tells which model made it, and its grader must be another" };
  return same === undefined
    ? able
    : { why: `${same} made it, and ${grader} is ${own}: another model must judge it (other_model)` };
}

/** `gpt-5-mini` and `gpt-5-mini-2025-08-07` are one model. */
const isSame = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}-20`) || b.startsWith(`${a}-20`);

/** Minutes until a grader that could not tell is asked about the same again: longer each time, for each time costs. */
const PATIENCE = 60;
const LONGEST = 24 * 60;

/**
 * A grader's newest word on a change, if it is of exactly this: the same change, asked by the same policy, judged by the
 * same spec. Which head holds the change, and where the base branch is by now, does not matter.
 */
export function gradedOf(
  hearings: readonly Hearing[],
  { branch, gate, of, grader }: { branch: string; gate: string; of: string; grader: AgentFile },
  now: Date,
): Exclude<Heard, { kind: "moved" }> {
  const same = hearings.filter(
    (h) => h.branch === branch && h.gate === gate && h.of === of && isBy(h, grader),
  );
  const last = same.at(-1);
  if (last === undefined) return { kind: "unheard" };
  if (last.verdict.ruling !== "inconclusive") return { kind: "said", verdict: last.verdict };
  const vain = same.length - 1 - same.findLastIndex((h) => h.verdict.ruling !== "inconclusive");
  const wait = Math.min(LONGEST, PATIENCE * 2 ** (vain - 1));
  const tired = now.getTime() - Date.parse(last.at) >= wait * 60_000;
  return tired ? { kind: "unheard" } : { kind: "said", verdict: last.verdict };
}

/** A ruling needs the grader who made it, in its present version. That nobody could tell, anybody may say. */
const isBy = ({ verdict, grading }: Hearing, { spec, blob }: AgentFile): boolean =>
  grading === undefined
    ? verdict.ruling === "inconclusive"
    : grading.agent === spec.name && grading.spec === blob;
