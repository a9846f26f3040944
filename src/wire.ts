import { randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Config } from "./domain/config.ts";
import { Fault } from "./domain/fault.ts";
import { Login } from "./domain/id.ts";
import type { AgentFile } from "./domain/spec.ts";
import { answersIn } from "./domain/answer.ts";
import { repositoryOf } from "./domain/repository.ts";
import { textOf } from "./domain/text.ts";
import { VERSION } from "./domain/version.ts";
import { commandEngine } from "./engine/command.ts";
import { loopEngine } from "./engine/loop.ts";
import type { Host } from "./engine/program.ts";
import type { World } from "./flow/world.ts";
import { githubForge } from "./forge/github.ts";
import { localForge } from "./forge/local.ts";
import { openaiModel } from "./model/openai.ts";
import { readScript } from "./model/script.ts";
import { scriptedModel } from "./model/scripted.ts";
import type { Clock } from "./port/clock.ts";
import type { Engine, Job, Tree } from "./port/engine.ts";
import type { Forge } from "./port/forge.ts";
import type { Model } from "./port/model.ts";
import type { Repo } from "./port/repo.ts";
import type { Kit } from "./port/starter.ts";
import type { Gathered } from "./store/fleet.ts";
import type { Shelf } from "./port/shelf.ts";
import { shelfIn } from "./store/adopt.ts";
import { gitIn } from "./store/git.ts";
import { lastConfig, remoteUrl } from "./store/last.ts";
import { recordsOf } from "./store/records.ts";
import { openRepo } from "./store/repo.ts";
import { makeSandbox } from "./store/sandbox.ts";
import { kitIn } from "./store/starter.ts";
import { lastTip, unseen, worktreeFleet, type Unseen } from "./store/worktree.ts";
import { toolbox } from "./tool/index.ts";

export interface Opening {
  /** A folder of the clone. */
  dir: string;
  /** What the clock says; null for the wall. */
  now: Date | null;
  /** A folder at the tip that holds `<agent>.jsonl` for each agent whose model is played instead of called. */
  scripts?: string;
  /** Told what happens as it happens. */
  watch: (line: string) => void;
}

/** The account that the fleet uses on the local forge; no person of a roster can be called that. */
const ACCOUNT = Login.parse("pullbeat");

/** The remote that pullbeat works with. */
const REMOTE = "origin";

/** The real world: git in a folder, pulls in its remote, models behind their endpoints. */
export async function openWorld({ dir, now, scripts, watch }: Opening): Promise<World> {
  const clock = clockAt(now);
  const repo = await openRepo({ dir, remote: REMOTE, env: process.env });
  return {
    repo,
    clock,
    watch,
    records: recordsOf(repo),
    forge: await forgeIn(dir, { repo, clock, warn: watch }),
    engine: (agent, config, tip) => engineOf({ agent, config, tip, scripts }),
    version: VERSION,
  };
}

/** The forge that the base branch's config names, as far as this clone has seen it; reading the world looks again. */
async function forgeIn(
  dir: string,
  parts: { repo: Repo; clock: Clock; warn: (line: string) => void },
): Promise<Forge> {
  const checkout = { dir, env: process.env };
  const forge = (await lastConfig(checkout, REMOTE))?.forge ?? { kind: "local" };
  switch (forge.kind) {
    case "local":
      return localForge({
        ...parts,
        account: ACCOUNT,
        who: { name: ACCOUNT, email: "pullbeat@users.noreply.github.com" },
      });
    case "github":
      return githubForge({
        ...parts,
        config: forge,
        repository: repositoryOf(forge.repository, await remoteUrl(checkout, REMOTE)),
        branch: await parts.repo.defaultBranch(),
        env: process.env,
        version: VERSION,
      });
    default:
      return forge satisfies never;
  }
}

/** The wall clock, or one that stands still; chance that nobody can foresee. */
const clockAt = (fixed: Date | null): Clock => ({
  now: () => fixed ?? new Date(),
  tick: () => performance.now(),
  sleep: (ms) => sleep(ms),
  chance: (below) => randomInt(below),
});

interface EngineParts {
  agent: AgentFile;
  config: Config;
  tip: Tree;
  scripts: string | undefined;
}

const loop = (model: (job: Job) => Model | Promise<Model>): Engine =>
  loopEngine({ model, toolbox, pullbeat: VERSION });

function engineOf({ agent, config, tip, scripts }: EngineParts): Engine {
  const { engine, name } = agent.spec;
  const played = (path: string): Engine => loop((job) => play(tip, path, job));
  switch (engine.kind) {
    case "command":
      return commandEngine({ program: engine, tip, host });
    case "scripted":
      return played(engine.script);
    case "openai": {
      const { model, temperature } = engine;
      if (scripts !== undefined) return played(`${scripts}/${name}.jsonl`);
      return loop(() => openaiModel({ config: config.engines.openai, model, temperature, env: process.env }));
    }
    default:
      return engine satisfies never;
  }
}

/** A script's parts follow each other: a further round, or the attempt after a person's answer, plays the next one. */
async function play(tip: Tree, path: string, job: Job): Promise<Model> {
  const bytes = await tip.read(path);
  const text = bytes === null ? null : textOf(bytes);
  if (text === null)
    throw new Fault("config", `there is no script ${path} at the tip`, { expected: "JSON Lines" });
  const round = job.round + answersIn(job.task.body);
  return scriptedModel(readScript(text, path), { unit: job.unit, task: job.task.task.id, round });
}

const host: Host = {
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

/** The work tree's fleet, and its files that the next tick will not see. Needs no remote. `tip`: the base branch's, if known. */
export async function worktree(dir: string, tip?: string): Promise<{ fleet: Gathered; unseen: Unseen[] }> {
  const checkout = { dir, env: process.env };
  const fleet = await worktreeFleet(checkout);
  return { fleet, unseen: await unseen(checkout, tip ?? (await lastTip(checkout, REMOTE))) };
}

/** Where files move in from, and where they go. Needs no remote. */
export const openShelf = (dir: string): Promise<Shelf> => shelfIn({ dir, env: process.env });

/** The git e-mail of whoever works in a folder. */
export const gitEmail = async (dir: string): Promise<string | null> =>
  (await gitIn(dir, process.env).run(["config", "user.email"], { ok: [0, 1] })).out.toString().trim() || null;

/** A sandbox of the repository in `from`, and what the demo must know of its fleet. */
export async function openSandbox(what: { from: string; to: string; at: Date }): Promise<{
  clone: string;
  person: Login;
  /** The name of the variable that holds the model's key, and whether it is set. */
  key: string;
  hasKey: boolean;
}> {
  const { fleet } = await worktree(what.from);
  const [person] = fleet.config?.roster ?? [];
  const [email] = person?.emails ?? [];
  if (fleet.config === null || person === undefined || email === undefined)
    throw new Fault("config", "a sandbox needs somebody who decides", {
      expected: "a person with an e-mail on the roster of .github/pullbeat.yml",
    });
  const { key } = fleet.config.engines.openai;
  const { clone } = await makeSandbox({ ...what, person: { name: person.login, email }, env: process.env });
  return { clone, person: person.login, key, hasKey: (process.env[key] ?? "") !== "" };
}

/** A folder in which a fleet is to begin; what it begins with lies beside this very pullbeat. */
export const openKit = (dir: string): Kit =>
  kitIn({
    dir,
    env: process.env,
    templates: shipped("../templates"),
    schema: shipped("../docs/schema/config.json"),
  });

const shipped = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The command line that runs this very pullbeat. */
export const startCommand = (): string[] => [process.execPath, process.argv[1] ?? ""];

export { writeLauncher } from "./store/sandbox.ts";
