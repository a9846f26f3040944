import { liveEnd, tallyOf, type Handed, type LiveTry, type Tally } from "../../domain/case/live.ts";
import type { Case } from "../../domain/case/case.ts";
import type { Config } from "../../domain/config.ts";
import { Fault } from "../../domain/fault.ts";
import type { Fleet } from "../../domain/snapshot.ts";
import type { AgentFile } from "../../domain/spec.ts";
import type { Engine } from "../../port/engine.ts";
import { treeOf } from "../verdict/collect.ts";
import { discreet, discreetVerdict } from "../beat/discreet.ts";
import type { World } from "../world.ts";
import { changesOf, judgeIn, perform } from "./play.ts";
import type { Scene } from "./scene.ts";

/** The model's own word on a case: with the spec that was in force, and with the one that is tried. */
export interface Lived {
  /** Null where the spec is still the same. */
  before: Tally | null;
  now: Tally;
}

interface Living {
  file: Case;
  /** Whose specs and gates. */
  against: Fleet;
  /** The tip's config: a proposal may not choose where the model's key is sent. */
  config: Config;
  times: number;
}

/** Lets the model work on a case, `times` with each spec. Nothing is claimed and nothing is published; it costs what a beat costs. */
export async function live(world: World, scene: Scene, living: Living): Promise<Lived> {
  const { file, against } = living;
  const agent = against.agents.get(file.agent);
  if (agent === undefined)
    throw new Fault("not-found", `there is no agent ${file.agent} any more that could be asked`);
  const before =
    agent.blob === file.spec ? null : await times(world, scene, { ...living, agent: scene.agent });
  return { before, now: await times(world, scene, { ...living, agent }) };
}

async function times(
  world: World,
  scene: Scene,
  { times: n, ...living }: Living & { agent: AgentFile },
): Promise<Tally> {
  const tries: LiveTry[] = [];
  for (let i = 0; i < n && world.stop?.aborted !== true; i++) tries.push(await once(world, scene, living));
  return tallyOf(living.file, tries);
}

async function once(
  world: World,
  scene: Scene,
  { file, against, config, agent }: Omit<Living, "times"> & { agent: AgentFile },
): Promise<LiveTry> {
  const engine = engineOf(world, { against, config, agent });
  const handed: Handed[] = [];
  const work = await perform(
    world,
    { ...scene, fleet: { ...scene.fleet, config } },
    {
      agent,
      engine,
      earlier: new Map(),
      round: 1,
      async judge(_, edits, said) {
        const verdict = await judgeIn(world, scene, { against, edits, said });
        const told = await discreetVerdict(verdict);
        handed.push({ changes: await changesOf(scene, edits), verdict: told });
        return verdict;
      },
    },
  );
  const { end, spent } = work;
  const { end: what, why } = liveEnd(file, {
    handed,
    finished: end.kind === "finished",
    failure: end.kind === "failed" ? end.failure : null,
    reason: end.kind === "failed" ? end.reason : end.kind === "asked" ? "it asked a person" : end.summary,
  });
  return { end: what, why: await discreet(why), usd: spent.usd };
}

/** The engine of the spec; a `Fault` says why there is none to be asked. */
function engineOf(
  world: World,
  { against, config, agent }: Pick<Living, "against" | "config"> & { agent: AgentFile },
): Engine {
  if (agent.spec.engine.kind === "command")
    throw new Fault("refused", `${agent.spec.name} is a program`, {
      expected: "an agent that a model works for; a program is tried by pullbeat beat --dry-run",
    });
  const engine = world.engine(agent, config, treeOf(world.repo, against.entries));
  const why = engine.unable?.() ?? null;
  if (why === null) return engine;
  throw new Fault("config", `no model can be asked: ${why}`, {
    next: "pullbeat case run without --live asks none",
  });
}
