import type { Said } from "../../domain/verdict/claims.ts";
import type { AgentName, Sha } from "../../domain/id.ts";
import type { Try } from "../../domain/plan/plan.ts";
import { prompt, quoted, type PromptInput } from "../../domain/prompt/prompt.ts";
import type { Question } from "../../domain/record.ts";
import type { Fleet, Snapshot } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { TaskFile } from "../../domain/board/task.ts";
import type { Verdict } from "../../domain/verdict/verdict.ts";
import type { Edits, Job, Work } from "../../port/engine.ts";
import { withAsked, withStatus } from "./attempt.ts";
import { treeOf } from "../verdict/collect.ts";
import { discreetQuestion } from "./discreet.ts";
import { judgeEdits, standOn, type Defendant, type Stand } from "./stand.ts";
import type { Workshop } from "../world.ts";

/** One try of a beat, and what its agent is told beside the base. */
export interface Turn {
  agent: AgentFile;
  t: Try;
  told: Pick<PromptInput, "said" | "asked">;
  /**
   * Why nothing may be asked under a condition now; null where it may be. Without the journal nobody can tell: then the
   * question is refused when it is taken in.
   */
  barred?: (condition: string) => string | null;
  /** The highest number of a pull that it can know of. */
  pulls: number;
}

/** What an engine made of a try; nothing is concluded from it yet. */
export interface Toiled {
  stand: Stand;
  task: TaskFile;
  work: Work;
}

/** What an attempt may know of the moment it was planned at. */
export type Moment = Pick<Snapshot, "now" | "base" | "fleet">;

/** Lets an engine work a try. Null when its task is not on the board. */
export async function toil(
  world: Workshop,
  moment: Moment,
  { agent, t, told, pulls, barred = () => null }: Turn,
): Promise<Toiled | null> {
  const task = moment.fleet.tasks.get(t.task);
  if (task === undefined) return null;
  const stand = await standAt(world, moment, t);
  world.watch({ kind: "attempt", agent: agent.spec.name, unit: t.unit, title: task.task.title });
  const engine = world.engine(agent, moment.fleet.config, treeOf(world.repo, moment.fleet.entries));
  const work = await engine.work(jobOf({ world, moment, stand, task, agent, told, barred, pulls }));
  return { stand, task, work };
}

/** Where a try of this moment stands. */
export const standAt = (
  world: Pick<Workshop, "repo">,
  { base, fleet }: { base: Sha; fleet: Fleet },
  t: Try,
): Promise<Stand> => standOn(world, t, { commit: base, tree: treeOf(world.repo, fleet.entries) });

/** What an attempt is worked with. */
export interface Place {
  world: Workshop;
  moment: Moment;
  stand: Stand;
  task: TaskFile;
  agent: AgentFile;
  told: Turn["told"];
  barred: Job["barred"];
  pulls: number;
}

/** Ids in use: on the board, and by the names of files in the archive. */
function takenIds({ tasks, entries }: Fleet): Set<string> {
  const archived = entries.flatMap(
    (e) => /^board\/archive\/.*\/(T-[a-z0-9]+)[^/]*\.md$/.exec(e.path)?.[1] ?? [],
  );
  return new Set([...tasks.keys(), ...archived]);
}

/** The gates' word on work that is not handed over yet. */
async function judgeNow(place: Place, edits: Edits, said: Said): Promise<Verdict> {
  const { world, stand, task } = place;
  const all = await withStatus(world, stand, edits, { task, result: null });
  return heard(place, all, { kind: "work", said });
}

/** The gates' word on a question that is not asked yet. */
const judgeAsked = async (place: Place, question: Question): Promise<Verdict> =>
  heard(place, await withAsked(place.stand, place.task, await discreetQuestion(question)), {
    kind: "question",
  });

async function heard(
  { world, moment: { fleet }, stand, agent: { spec }, pulls }: Place,
  edits: Edits,
  what: Pick<Defendant, "kind" | "said">,
): Promise<Verdict> {
  const agent: AgentName = spec.name;
  const verdict = await judgeEdits(world, stand, edits, { fleet, agent, pulls, ...what });
  world.watch({ kind: "judged", agent, unit: stand.planned.unit, verdict, edits: new Map(edits) });
  return verdict;
}

/** Milliseconds, whole ones; a longer timer would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** The work order of an attempt. */
export function jobOf(place: Place): Job {
  const { world, moment, stand, task, agent, told } = place;
  const { planned } = stand;
  const { fleet, now } = moment;
  const input: PromptInput = { agent, task, snapshot: moment, planned, ...told };
  return {
    unit: planned.unit,
    attempt: planned.attempt,
    round: planned.round,
    task,
    agent,
    config: fleet.config,
    colleagues: [...fleet.agents.values()].filter((a) => a.spec.status === "active").map((a) => a.spec.name),
    taken: takenIds(fleet),
    tree: stand.tree,
    base: stand.base,
    prompt: prompt(input),
    shown: quoted(input),
    asked: told.asked,
    now,
    chance: world.clock.chance,
    clock: () => world.clock.tick(),
    compose: (fields, body) => world.records.compose(fields, body),
    barred: place.barred,
    judge: (edits, said) => judgeNow(place, edits, said),
    judgeQuestion: (question) => judgeAsked(place, question),
    watch: (step) => world.watch({ kind: "step", agent: agent.spec.name, unit: planned.unit, step }),
    signal: AbortSignal.any([
      AbortSignal.timeout(Math.min(LONGEST, Math.ceil(agent.spec.budget.attempt.minutes * 60_000))),
      ...(world.stop === undefined ? [] : [world.stop]),
    ]),
  };
}
