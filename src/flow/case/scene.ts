import { answersIn } from "../../domain/board/answer.ts";
import { readReplies, scriptOf, type Replies } from "../../domain/case/replies.ts";
import type { Case } from "../../domain/case/case.ts";
import { Fault } from "../../domain/fault.ts";
import type { Sha } from "../../domain/id.ts";
import type { Try } from "../../domain/plan/plan.ts";
import { branchOf } from "../../domain/pull/pull.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { TaskFile } from "../../domain/board/task.ts";
import { textOf } from "../../domain/text/text.ts";
import type { Engine, Tree } from "../../port/engine.ts";
import { treeOf } from "../verdict/collect.ts";
import { known } from "../verdict/past.ts";
import type { World } from "../world.ts";

/** What a case pins, found again: the moment at which the work began. */
export interface Scene {
  now: Date;
  base: Sha;
  /** Everything as it stood then. */
  fleet: Fleet;
  tree: Tree;
  task: TaskFile;
  /** The spec that was in force. */
  agent: AgentFile;
  /** A fresh attempt on the task. */
  planned: Try;
  /** The highest number of a pull that its agent could know of. */
  pulls: number;
}

type Pinned = Pick<Case, "agent" | "task" | "unit" | "base" | "spec" | "now" | "pull">;

/** The scene of a case, or the sentence that says why it is gone. */
export async function sceneOf(world: World, pinned: Pinned): Promise<Scene | string> {
  const { agent: name, base, unit } = pinned;
  const short = base.slice(0, 10);
  const fleet = await fleetAt(world, base);
  if (typeof fleet === "string") return fleet;
  const task = fleet.tasks.get(pinned.task);
  if (task === undefined) return `at ${short} the board has no task ${pinned.task} that can be read`;
  const agent = await specOf(world, fleet, pinned);
  if (agent === null) return `the spec of ${name} that was in force, ${pinned.spec.slice(0, 10)}, is gone`;
  return {
    now: new Date(pinned.now),
    base,
    fleet,
    tree: treeOf(world.repo, fleet.entries),
    task,
    agent,
    pulls: pinned.pull,
    planned: {
      unit,
      task: pinned.task,
      attempt: 1,
      why: "ready",
      branch: branchOf(unit, 1),
      base,
      parent: base,
      pull: null,
      round: 1,
    },
  };
}

async function fleetAt({ repo, records }: World, base: Sha): Promise<Fleet | string> {
  const there = await known(() => repo.commits([base]));
  if (there?.get(base) === undefined)
    return `its base commit ${base.slice(0, 10)} is gone: this clone cannot reach it any more`;
  try {
    return await records.fleet(base);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return `its base commit ${base.slice(0, 10)} cannot be read: ${thrown.message}`;
  }
}

async function specOf(
  { repo, records }: World,
  fleet: Fleet,
  { agent: name, spec }: Pinned,
): Promise<AgentFile | null> {
  const file = fleet.agents.get(name);
  if (file?.blob === spec) return file;
  const bytes = (await known(() => repo.blobs([spec])))?.get(spec);
  const text = bytes === undefined ? null : textOf(bytes);
  const read = text === null ? null : records.spec({ path: `agents/${name}.md`, blob: spec, text });
  return read?.spec.name === name ? read : null;
}

/** The path by which the engine asks for its script; no file of the repository is read by it. */
const SCRIPT = "replies.jsonl";

/** Limits that recorded replies cannot reach: what was done once is done again, whatever the budget says by now. */
const UNBOUND = { steps: 1_000_000, tokens: 1_000_000_000, usd: 1_000_000, minutes: 10, tasks: 1000 };

/** The spec of a scene with a player in its model's place. Its tools and its fence are as they were. */
export function playing({ agent }: Scene): AgentFile {
  const { spec } = agent;
  return {
    ...agent,
    spec: {
      ...spec,
      engine: { kind: "scripted", script: SCRIPT },
      budget: { ...spec.budget, attempt: { ...UNBOUND, tasks: spec.budget.attempt.tasks } },
    },
  };
}

/** The engine that plays one round of replies. */
export function player(
  world: World,
  scene: Scene,
  { replies, round }: { replies: Replies; round: number },
): Engine {
  const place = round - 1 + answersIn(scene.task.body);
  const script = new TextEncoder().encode(scriptOf(replies[round - 1] ?? [], place));
  const tip: Tree = { entries: [], read: (path) => Promise.resolve(path === SCRIPT ? script : null) };
  return world.engine(playing(scene), scene.fleet.config, tip);
}

/** The replies of a case; a sentence that names the line when they cannot be read. */
export function repliesIn(path: string, bytes: Uint8Array | null): Replies | string {
  const text = bytes === null ? null : textOf(bytes);
  if (text === null) return `its replies, ${path}, are ${bytes === null ? "not there" : "not text"}`;
  const read = readReplies(text);
  return "replies" in read ? read.replies : `${path}:${read.line}:1: ${read.fault}`;
}
