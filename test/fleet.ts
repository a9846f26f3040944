import { Login, TaskId, Unit } from "../src/domain/id.ts";
import { textOf } from "../src/domain/text/text.ts";
import { commandEngine } from "../src/engine/command.ts";
import { loopEngine } from "../src/engine/loop.ts";
import type { Host } from "../src/engine/program.ts";
import type { Happening, World as FlowWorld } from "../src/flow/world.ts";
import { localForge } from "../src/forge/local.ts";
import { readScript } from "../src/model/script.ts";
import { scriptedModel } from "../src/model/scripted.ts";
import type { Clock } from "../src/port/clock.ts";
import type { Model } from "../src/port/model.ts";
import type { Repo } from "../src/port/repo.ts";
import { recordsOf } from "../src/store/records.ts";
import { toolbox } from "../src/tool/index.ts";
import { makeWorld, type World, type WorldOptions } from "./world.ts";

/** Model replies by agent, in the format of `src/model/script.ts`; or a model of the test's own. */
export type Scripts = Readonly<Record<string, string | Model>>;

/** Real git, a real local forge, real tools; the model alone is scripted. */
export function flowWorld(parts: {
  repo: Repo;
  clock: Clock;
  scripts?: Scripts;
  said?: Happening[];
}): FlowWorld {
  const { repo, clock, scripts = {}, said = [] } = parts;
  const account = Login.parse("pullbeat");
  const watch = (happening: Happening): void => void said.push(happening);
  return {
    repo,
    clock,
    watch,
    records: recordsOf(repo),
    forge: localForge({
      repo,
      clock,
      account,
      who: { name: "pullbeat", email: "fleet@example.com" },
      warn: (text) => watch({ kind: "note", text }),
    }),
    engine: ({ spec }, _config, tip) => {
      const { engine, name } = spec;
      if (engine.kind === "command") return commandEngine({ program: engine, tip, host });
      return loopEngine({
        toolbox,
        pullbeat: "0.0.0-test",
        model: async ({ unit, task, round }) => {
          if (engine.kind === "scripted") {
            const played = textOf((await tip.read(engine.script)) ?? new Uint8Array()) ?? "";
            return scriptedModel(readScript(played, engine.script), { unit, task: task.task.id, round });
          }
          const script = scripts[name] ?? "";
          if (typeof script !== "string") return script;
          return scriptedModel(readScript(script, `${name}.jsonl`), { unit, task: task.task.id, round });
        },
      });
    },
    version: "0.0.0-test",
  };
}

const host: Host = {
  // All of it, so that a test sees what a program is not given.
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

export interface FleetWorld extends World {
  flow: FlowWorld;
  /** What was said to people who watch. */
  said: Happening[];
  /** The same fleet as another machine sees it. */
  elsewhere(clock?: Clock): Promise<FlowWorld>;
}

/** A world with a fleet in it, ready for `tick(flow)`. */
export async function makeFleet(options: WorldOptions & { scripts?: Scripts } = {}): Promise<FleetWorld> {
  const world = await makeWorld(options);
  const said: Happening[] = [];
  const parts = {
    clock: world.clock,
    said,
    ...(options.scripts === undefined ? {} : { scripts: options.scripts }),
  };
  return {
    ...world,
    said,
    flow: flowWorld({ repo: world.repo, ...parts }),
    elsewhere: async (clock = world.clock) => flowWorld({ repo: await world.another(), ...parts, clock }),
  };
}

/** A model that does the same in every attempt, and counts how often it was asked. */
export function counted(reply: string): Model & { asked: number } {
  const script = readScript(reply, "reply.jsonl");
  const model = {
    name: "counted",
    scripted: true,
    asked: 0,
    cost: () => 0,
    complete: (...call: Parameters<Model["complete"]>) => {
      model.asked++;
      const part = { unit: Unit.parse("any"), task: TaskId.parse("any"), round: 1 };
      return scriptedModel(script, part).complete(...call);
    },
  };
  return model;
}

/** A reply that writes files and hands in the work, as a script line. */
export const writes = (files: Readonly<Record<string, string>>, summary = "Done."): string =>
  JSON.stringify({
    calls: [
      ...Object.entries(files).map(([path, text]) => ({ name: "write", arguments: { path, text } })),
      { name: "finish", arguments: { summary } },
    ],
    tokens: { input: 100, output: 20 },
  });

/** A spec of an agent that a script plays. `more`: further front matter lines. */
export const specText = (name: string, more = ""): string =>
  `---\nname: ${name}\ndescription: Works in tests\nengine: { kind: openai, model: scripted }\n${more}---\nWork well.\n`;

/** A task file's text. */
export const taskText = (id: string, agent: string, more = ""): string =>
  `---\nid: ${id}\ntitle: Do ${id}\nagent: ${agent}\n${more}---\n## Brief\nDo it.\n`;
