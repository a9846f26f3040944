import { requiredGates } from "../../domain/verdict/gates.ts";
import { Fault } from "../../domain/fault.ts";
import { breaksOf, type Accepted } from "../../domain/grading/questions.ts";
import { materialOf } from "../../domain/grading/material.ts";
import type { GradedWork } from "../../domain/verdict/hearing.ts";
import type { PullNumber } from "../../domain/id.ts";
import type { Merge } from "../../domain/record.ts";
import type { Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { TaskFile } from "../../domain/board/task.ts";
import type { Tree } from "../../port/engine.ts";
import { treeOf, withTexts } from "../verdict/collect.ts";
import { recordedOn } from "../beat/draft.ts";
import { known } from "../verdict/past.ts";
import type { World } from "../world.ts";

/** Accepted work, and all that a grader is given to judge it. */
export interface AcceptedWork extends Accepted {
  tree: Tree;
  file: TaskFile;
  work: GradedWork;
  author: AgentFile | undefined;
}

/** Which merges to look for. */
export interface Wanted {
  grader: AgentFile;
  /** The gates that ask it. */
  gates: readonly string[];
  /** These pulls only; without any, those that the gates judged or would. */
  from: readonly PullNumber[];
  most: number;
}

/** Merged work of others that this grader would be asked about, newest first. Its own it never judges. */
export async function acceptedFor(world: World, snapshot: Snapshot, wanted: Wanted): Promise<AcceptedWork[]> {
  const { grader, from, most } = wanted;
  const merges = snapshot.journal.merges
    .filter((m) => m.kind === "work" && !madeBy(snapshot, m).includes(grader.spec.name))
    .filter((m) => from.length === 0 || from.includes(m.pull))
    .toReversed();
  const found: AcceptedWork[] = [];
  for (const merge of merges) {
    if (found.length === most) break;
    const work = await workOf(world, snapshot, { merge, wanted });
    if (work !== null) found.push(work);
  }
  return found;
}

const madeBy = (snapshot: Snapshot, merge: Merge): string[] => [
  ...(merge.agent === null ? [] : [merge.agent]),
  ...recordedOn(snapshot, merge).map((r) => r.record.agent),
];

/** A merge as a grader would have been shown it; null where it would not have been, or cannot be any more. */
async function workOf(
  world: World,
  snapshot: Snapshot,
  { merge, wanted }: { merge: Merge; wanted: Wanted },
): Promise<AcceptedWork | null> {
  const { repo } = world;
  const { pull, agent, unit, task } = merge;
  if (agent === null || unit === null || task === null) return null;
  const [raw] = (await known(() => repo.diffs([{ from: merge.base, to: merge.merge }]))) ?? [];
  const file = raw === undefined ? undefined : await taskThen(world, snapshot, merge);
  if (raw === undefined || file === undefined) return null;
  const author = snapshot.fleet.agents.get(agent);
  const paths = raw.map((c) => c.path);
  if (wanted.from.length === 0 && !isAsked(snapshot, { merge, paths, file, author, wanted })) return null;
  const changes = await withTexts(repo, raw);
  if ("unfit" in materialOf(changes)) return null;
  const models = [...new Set(recordedOn(snapshot, merge).map((r) => r.attempt.engine.model))];
  return {
    pull,
    changes,
    task: file.path,
    breaks: breaksOf(wanted.grader.spec, author?.spec),
    tree: treeOf(repo, await repo.entries(merge.merge)),
    file,
    work: { agent, unit, task, models, round: 1 },
    author,
  };
}

/** Its task as it was when the work was merged: by now it may be archived. */
async function taskThen(
  world: World,
  { fleet }: Snapshot,
  { task, base }: Merge,
): Promise<TaskFile | undefined> {
  if (task === null) return undefined;
  const now = fleet.tasks.get(task);
  if (now !== undefined) return now;
  try {
    return (await world.records.fleet(base)).tasks.get(task);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

interface Asking {
  merge: Merge;
  paths: readonly string[];
  file: TaskFile;
  author: AgentFile | undefined;
  wanted: Wanted;
}

/** True for work that one of the gates has judged, or would be asked about now. */
function isAsked({ fleet }: Snapshot, { merge, paths, file, author, wanted }: Asking): boolean {
  const required = requiredGates(fleet.config, {
    taskKind: file.task.kind ?? null,
    paths,
    spec: author?.spec.gates ?? [],
  });
  const spoke = merge.verdict.gates.map((g) => g.gate);
  return wanted.gates.some((gate) => required.includes(gate) || spoke.includes(gate));
}
