import { createHash } from "node:crypto";
import type { Replies } from "../../domain/case/replies.ts";
import type { TextChange } from "../../domain/change.ts";
import type { Said } from "../../domain/verdict/claims.ts";
import { chanceOf, type TaskId } from "../../domain/id.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import { combine, type Verdict } from "../../domain/verdict/verdict.ts";
import type { Edits, Engine, Job, Work } from "../../port/engine.ts";
import { withStatus } from "../beat/attempt.ts";
import { collectEdits, laidOver } from "../verdict/collect.ts";
import { judgeEdits, type Stand } from "../beat/stand.ts";
import { jobOf } from "../beat/toil.ts";
import type { World } from "../world.ts";
import { player, playing, type Scene } from "./scene.ts";

/** Work as it was handed in. */
export interface HandIn {
  /** The whole change from the base, earlier rounds and the task's own end included. */
  edits: Edits;
  said: Said;
  /** Replies of its round that had been used by then. */
  replies: number;
}

/** Where an attempt stands in a scene, on what earlier rounds left. */
interface Performance {
  agent: AgentFile;
  engine: Engine;
  earlier: Edits;
  round: number;
  judge: (stand: Stand, edits: Edits, said: Said) => Promise<Verdict>;
  /** Questions are handed back, whatever gates say of them. */
  deaf?: boolean;
}

/** Lets an engine work in a scene. It is told what a fresh attempt would be told, and nothing that people said since. */
export function perform(world: World, scene: Scene, turn: Performance): Promise<Work> {
  const { agent, engine, earlier, round } = turn;
  const { tree: base, task, fleet, pulls } = scene;
  const planned = { ...scene.planned, round };
  const stand: Stand = { planned, tree: laidOver(base, earlier), base, earlier };
  const place = { world, moment: { now: scene.now, base: scene.base, fleet }, stand, task, agent, pulls };
  const job = jobOf({ ...place, told: { said: [], asked: [] }, barred: () => null });
  const judge: Job["judge"] = async (edits, said) =>
    turn.judge(stand, await withStatus(world, stand, edits, { task, result: null }), said);
  return engine.work({ ...job, judge, ...(turn.deaf === true ? { judgeQuestion: handBack } : {}) });
}

/** What every piece of played work is answered, so that the replies go on as they did. */
const AGAIN: Verdict = combine([
  { gate: "play", ruling: "fail", sentence: "the replies go on", details: [], mendable: true },
]);

const handBack = (): Promise<Verdict> => Promise.resolve(AGAIN);

/** Plays all rounds of a case; every piece of work that was handed in, round by round. No gate has judged it yet. */
export async function replay(
  world: World,
  scene: Scene,
  { replies, made }: { replies: Replies; made: readonly TaskId[] },
): Promise<HandIn[][]> {
  const clock = { ...world.clock, chance: chanceOf(made) };
  const rounds: HandIn[][] = [];
  let earlier: Edits = new Map();
  for (let round = 1; round <= replies.length; round++) {
    const handed: HandIn[] = [];
    let used = 0;
    const counting: World = {
      ...world,
      clock,
      watch: (happening) => {
        if (happening.kind === "step" && happening.step.kind === "asks") used++;
      },
    };
    await perform(counting, scene, {
      agent: playing(scene),
      engine: player(world, scene, { replies, round }),
      earlier,
      round,
      judge: (stand, edits, said) => {
        handed.push({ edits: new Map([...stand.earlier, ...edits]), said, replies: used });
        return handBack();
      },
      deaf: true,
    });
    rounds.push(handed);
    earlier = handed.at(-1)?.edits ?? earlier;
  }
  return rounds;
}

/** Judges played work by the specs, gates and config of a fleet, such as today's; its task is as it was. */
export function judgeIn(
  world: World,
  scene: Scene,
  { against, edits, said }: { against: Fleet; edits: Edits; said: Said },
): Promise<Verdict> {
  const stand: Stand = { planned: scene.planned, tree: scene.tree, base: scene.tree, earlier: new Map() };
  return judgeEdits(world, stand, edits, {
    fleet: { ...against, tasks: scene.fleet.tasks },
    agent: scene.agent.spec.name,
    kind: "work",
    said,
    pulls: scene.pulls,
    // What a source says today is not what it said when the work was done.
    tip: scene.tree,
  });
}

/** What work changes, its task's own end left out. */
export async function changesOf(scene: Scene, edits: Edits): Promise<TextChange[]> {
  const changes = await collectEdits(scene.tree, edits);
  return changes.filter((c) => c.path !== scene.task.path);
}

/** The name of a change: paths and contents, and nothing else. */
export function printOf(changes: readonly TextChange[]): string {
  const lines = changes.map((c) => [c.path, c.after ?? (c.raw === undefined ? null : ["raw", c.raw])]);
  return createHash("sha256").update(JSON.stringify(lines)).digest("hex");
}
