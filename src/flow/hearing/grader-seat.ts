import { createHash } from "node:crypto";
import { identity } from "../../domain/change.ts";
import type { GraderGate } from "../../domain/verdict/gates.ts";
import { gradedOf, graderFor } from "../../domain/grading/asking.ts";
import { modelOf } from "../../domain/grading/calibration.ts";
import type { Sha } from "../../domain/id.ts";
import { allowance, ledgerOf } from "../../domain/plan/ledger.ts";
import type { Pull } from "../../domain/pull/pull.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import { inconclusive } from "../../gate/gate.ts";
import { recordedOn, type Recorded } from "../beat/draft.ts";
import type { Seat } from "./matter.ts";

interface Order {
  pull: Pull;
  gate: string;
  settings: GraderGate;
  head: Sha;
}

/** Where a grader stands on a pull. It is asked once about the same change, wherever the base branch is by now. */
export function graderSeat(snapshot: Snapshot, order: Order): Seat {
  const { pull, gate, settings, head } = order;
  const works = recordedOn(snapshot, pull);
  const models = [...new Set(works.map((r) => r.attempt.engine.model))];
  const agents = [...(pull.agent === null ? [] : [pull.agent]), ...works.map((r) => r.record.agent)];
  const grader = graderFor(settings, { agents, models: [...models, ...declared(snapshot, works)] }, snapshot);
  if ("why" in grader) return { verdict: inconclusive(gate, grader.why) };
  const of = nameOf(snapshot, order, grader.file);
  if (of === null || pull.agent === null || pull.unit === null || pull.task === null)
    return { verdict: inconclusive(gate, "whose work it is, or what it changes, cannot be told") };
  const { hearings } = snapshot.journal;
  const { branch } = pull;
  const heard = gradedOf(hearings, { branch, gate, of, grader: grader.file }, snapshot.now);
  if (heard.kind === "said") return { verdict: heard.verdict };
  const broke = broken(snapshot, grader.file);
  if (broke !== null) return { verdict: inconclusive(gate, `it has not judged yet: ${broke}`) };
  const round = 1 + hearings.filter((h) => h.branch === branch && h.gate === gate && h.grading).length;
  const work = { agent: pull.agent, unit: pull.unit, task: pull.task, models, round };
  return {
    verdict: inconclusive(gate, "it has not judged yet"),
    ask: { as: "unheard", matter: { kind: "grader", gate, settings, head, judged: head, of, work } },
  };
}

/** What specs say of those models: a job that worked elsewhere could tell another one for its record than it asked. */
const declared = ({ fleet }: Snapshot, works: readonly Recorded[]): string[] =>
  works.flatMap(({ record }) => {
    const spec = fleet.agents.get(record.agent)?.spec;
    return spec === undefined ? [] : [modelOf(spec, fleet.config)];
  });

/** Why a grader's day, or the fleet's, pays for no further judgement; null when it does. */
function broken(snapshot: Snapshot, { spec }: AgentFile): string | null {
  const { fleet, now } = snapshot;
  const allowed = allowance(spec, ledgerOf(snapshot), { config: fleet.config, now });
  return "reason" in allowed ? `${spec.name} rests, for ${allowed.reason}` : null;
}

/** The same for the same change, for the same order, under the same policy, by the same spec. Null: it cannot be told. */
function nameOf(
  { fleet, changes }: Snapshot,
  { pull, gate, settings }: Order,
  { blob }: AgentFile,
): string | null {
  const change = changes.get(pull.branch);
  const file = pull.task === null ? undefined : fleet.tasks.get(pull.task);
  if (change === undefined || file === undefined) return null;
  const order = [file.task.title, file.body];
  return createHash("sha256")
    .update(JSON.stringify([gate, settings, fleet.config.policy, blob, order, identity(change)]))
    .digest("hex");
}
