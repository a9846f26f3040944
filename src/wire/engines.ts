import { answersIn } from "../domain/board/answer.ts";
import type { Config } from "../domain/config.ts";
import { Fault } from "../domain/fault.ts";
import type { AgentFile } from "../domain/spec.ts";
import { textOf } from "../domain/text/text.ts";
import { VERSION } from "../domain/version.ts";
import { commandEngine } from "../engine/command.ts";
import { loopEngine } from "../engine/loop.ts";
import type { Host } from "../engine/program.ts";
import { missingKey, openaiModel } from "../model/openai.ts";
import { readScript } from "../model/script.ts";
import { scriptedModel, type Part } from "../model/scripted.ts";
import type { Engine, Job, Tree } from "../port/engine.ts";
import type { GraderTrial } from "../port/program.ts";
import type { Model } from "../port/model.ts";
import { toolbox } from "../tool/index.ts";

interface EngineParts {
  agent: AgentFile;
  config: Config;
  tip: Tree;
  scripts: string | undefined;
  /** Another job has the model's key. */
  keyElsewhere?: boolean;
}

const loop = (model: (job: Job) => Model | Promise<Model>, unable = (): string | null => null): Engine =>
  loopEngine({ model, unable, toolbox, pullbeat: VERSION });

/** The engine that a spec asks for, with its model behind it. */
export function engineOf({ agent, config, tip, scripts, keyElsewhere = false }: EngineParts): Engine {
  const { engine, name } = agent.spec;
  const played = (path: string): Engine =>
    loop(({ unit, task, round }) =>
      play(tip, path, { unit, task: task.task.id, round: round + answersIn(task.body) }),
    );
  switch (engine.kind) {
    case "command":
      return commandEngine({ program: engine, tip, host });
    case "scripted":
      return played(engine.script);
    case "openai": {
      const { model, temperature } = engine;
      if (scripts !== undefined) return played(`${scripts}/${name}.jsonl`);
      const at = { config: config.engines.openai, env: process.env };
      return loop(
        () => openaiModel({ ...at, model, temperature }),
        () => (keyElsewhere ? null : missingKey(at)),
      );
    }
    default:
      return engine satisfies never;
  }
}

/** A script's parts follow each other: a further round, or the attempt after a person's answer, plays the next one. */
async function play(tip: Tree, path: string, part: Part): Promise<Model> {
  const bytes = await tip.read(path);
  const text = bytes === null ? null : textOf(bytes);
  if (text === null)
    throw new Fault("config", `there is no script ${path} at the tip`, { expected: "JSON Lines" });
  return scriptedModel(readScript(text, path), part);
}

interface Grading {
  nonce: string;
  scripts: string | undefined;
}

/** The model that a grader judges with. Of its script, each judgement of a pull plays the next part. */
export function graderModel(trial: GraderTrial, { nonce, scripts }: Grading): Model | Promise<Model> {
  const { grader, config, tip, work } = trial;
  const { engine, name } = grader.spec;
  const played = (path: string): Promise<Model> => play(tip, path, { ...work, fill: { nonce } });
  switch (engine.kind) {
    case "scripted":
      return played(engine.script);
    case "openai": {
      if (scripts !== undefined) return played(`${scripts}/${name}.jsonl`);
      const { model, temperature } = engine;
      return openaiModel({ config: config.engines.openai, env: process.env, model, temperature });
    }
    case "command":
      throw new Fault("config", `${name} is a program (engine.kind command), and a grader is a model`);
    default:
      return engine satisfies never;
  }
}

/** Why a grader's model cannot be asked from here; null when it can. */
export const unableToGrade = ({ grader, config }: GraderTrial, scripts: string | undefined): string | null =>
  grader.spec.engine.kind === "openai" && scripts === undefined
    ? missingKey({ config: config.engines.openai, env: process.env })
    : null;

/** The machine as programs see it. */
export const host: Host = {
  env: process.env,
  node: process.execPath,
  killGroup(leader) {
    try {
      process.kill(-leader, "SIGKILL");
    } catch {
      // It has gone already.
    }
  },
};
