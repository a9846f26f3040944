import { randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Fault } from "./domain/fault.ts";
import { Login } from "./domain/id.ts";
import type { AgentFile } from "./domain/spec.ts";
import { repositoryOf } from "./domain/repository.ts";
import { VERSION } from "./domain/version.ts";
import type { Happening, World } from "./flow/world.ts";
import { localForge } from "./forge/local.ts";
import type { Airlock } from "./port/airlock.ts";
import type { Checkup } from "./port/checkup.ts";
import type { Clock } from "./port/clock.ts";
import type { Forge } from "./port/forge.ts";
import type { Repo } from "./port/repo.ts";
import type { Home } from "./port/home.ts";
import type { Kit } from "./port/starter.ts";
import type { Gathered } from "./store/fleet.ts";
import type { Glance } from "./port/glance.ts";
import type { Pages } from "./port/pages.ts";
import type { Shelf } from "./port/shelf.ts";
import type { Launcher } from "./store/sandbox.ts";
import { gitIn } from "./store/git.ts";
import { glanceAt } from "./store/glance.ts";
import { homeIn } from "./store/home.ts";
import { keptIn, lookOnly, stampOf } from "./store/kept.ts";
import { lastConfig, remoteUrl } from "./store/last.ts";
import { pagesIn } from "./store/pages.ts";
import { recordsOf } from "./store/records.ts";
import { openRepo } from "./store/repo.ts";
import { lastTip, unseen, worktreeFleet, type Unseen } from "./store/worktree.ts";
import { readTrial } from "./store/trial.ts";
import { engineOf } from "./wire/engines.ts";
import { judgeHere } from "./wire/judges.ts";

export interface Opening {
  /** A folder of the clone. */
  dir: string;
  /** What the clock says; null for the wall. */
  now: Date | null;
  /** A folder at the tip that holds `<agent>.jsonl` for each agent whose model is played instead of called. */
  scripts?: string;
  /** Another job has the model's key: that it is not set here keeps nobody from being planned. */
  keyElsewhere?: boolean;
  /** Told what happens as it happens. */
  watch: (happening: Happening) => void;
  /** Remembers what was parsed before, where anybody may have written: so nothing can be written from this world. */
  look?: boolean;
}

/** The account that the fleet uses on the local forge; no person of a roster can be called that. */
const ACCOUNT = Login.parse("pullbeat");

/** The remote that pullbeat works with. */
const REMOTE = "origin";

/** The real world: git in a folder, pulls in its remote, models behind their endpoints. */
export async function openWorld({
  dir,
  now,
  scripts,
  keyElsewhere = false,
  watch,
  look = false,
}: Opening): Promise<World & { airlock: Airlock }> {
  const clock = clockAt(now);
  const opened = await openRepo({ dir, remote: REMOTE, env: process.env });
  const repo = look ? lookOnly(opened) : opened;
  const kept = look ? keptIn(opened.gitDir, await stampOf(VERSION, SCHEMAS.map(shipped))) : undefined;
  return {
    repo,
    airlock: opened.airlock,
    clock,
    watch,
    records: recordsOf(repo, kept),
    forge: await forgeIn(dir, { repo, clock, warn: (text) => watch({ kind: "note", text }) }),
    engine: (agent, config, tip) => engineOf({ agent, config, tip, scripts, keyElsewhere }),
    judge: judgeHere({ scripts, chance }),
    version: VERSION,
  };
}

/** The forge that the base branch's config names, as far as this clone has seen it; reading the world looks again. */
async function forgeIn(
  dir: string,
  parts: { repo: Repo; clock: Clock; warn: (line: string) => void },
): Promise<Forge> {
  const checkout = { dir, env: process.env };
  const branch = await parts.repo.defaultBranch();
  const forge = (await lastConfig(checkout, { remote: REMOTE, branch }))?.forge ?? { kind: "local" };
  switch (forge.kind) {
    case "local":
      return localForge({
        ...parts,
        account: ACCOUNT,
        who: { name: ACCOUNT, email: "pullbeat@users.noreply.github.com" },
      });
    case "github": {
      const { githubForge } = await import("./forge/github.ts");
      return githubForge({
        ...parts,
        config: forge,
        repository: repositoryOf(forge.repository, await remoteUrl(checkout, REMOTE)),
        branch,
        env: process.env,
        version: VERSION,
      });
    }
    default:
      return forge satisfies never;
  }
}

const SCHEMAS = ["spec", "task", "directive", "effect", "config"].map(
  (name) => `../docs/schema/${name}.json`,
);

/** The wall clock, or one that stands still; chance that nobody can foresee. */
export const clockAt = (fixed: Date | null): Clock => ({
  now: () => fixed ?? new Date(),
  tick: () => performance.now(),
  sleep: (ms) => sleep(ms),
  chance,
});

/** Chance for what needs no world. */
export const chance = (below: number): number => randomInt(below);

/** The work tree's fleet, and its files that the next tick will not see. Needs no remote. `tip`: the base branch's, if known. */
export async function worktree(dir: string, tip?: string): Promise<{ fleet: Gathered; unseen: Unseen[] }> {
  const checkout = { dir, env: process.env };
  const fleet = await worktreeFleet(checkout);
  return { fleet, unseen: await unseen(checkout, tip ?? (await lastTip(checkout, REMOTE))) };
}

/** A spec as it lies on the disk. Needs no remote. */
export const trialSpec = (dir: string, wanted: { file: string; name: string }): Promise<AgentFile> =>
  readTrial({ dir, env: process.env }, wanted);

/** Files that state something, and their sources. Needs no fleet and no remote. */
export const openPages = (dir: string, base?: string): Promise<Pages> =>
  pagesIn({ dir, env: process.env }, base);

/** Where files move in from, and where they go. Needs no remote. */
export async function openShelf(dir: string): Promise<Shelf> {
  const { shelfIn } = await import("./store/adopt.ts");
  return shelfIn({ dir, env: process.env });
}

/** A person's own clone. Needs no remote. */
export const openHome = (dir: string): Promise<Home> => homeIn({ dir, env: process.env });

/** What a clone knows without asking anybody, for those who type. */
export const openGlance = (dir: string): Promise<Glance> => glanceAt(dir, process.env, REMOTE);

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
  const { makeSandbox } = await import("./store/sandbox.ts");
  const { clone } = await makeSandbox({ ...what, person: { name: person.login, email }, env: process.env });
  return { clone, person: person.login, key, hasKey: (process.env[key] ?? "") !== "" };
}

/** A folder in which a fleet is to begin; what it begins with lies beside this very pullbeat. */
export async function openKit(dir: string): Promise<Kit> {
  const { kitIn } = await import("./store/starter.ts");
  return kitIn({
    dir,
    env: process.env,
    templates: shipped("../templates"),
    schemas: shipped("../docs/schema"),
  });
}

/** What the doctor may look at. Whatever does not stand it meets when it looks. */
export async function openCheckup({ dir, now }: Pick<Opening, "dir" | "now">): Promise<Checkup> {
  const [clock, env] = [clockAt(now), process.env];
  const { groundAt, shippedSchemas } = await import("./store/ground.ts");
  return {
    clock,
    version: VERSION,
    ground: () => groundAt({ dir, env }, process.versions.node),
    async open() {
      const repo = await openRepo({ dir, remote: REMOTE, env });
      return { repo, records: recordsOf(repo) };
    },
    engine: (agent, config, tip) => engineOf({ agent, config, tip, scripts: env["PULLBEAT_SCRIPTS"] }),
    schemas: () => shippedSchemas(shipped("../docs/schema")),
    github: async (where) =>
      (await import("./forge/github/settings.ts")).readSettings({ ...where, clock, env, version: VERSION }),
  };
}

const shipped = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The command line that runs this very pullbeat. */
export const startCommand = (): string[] => [process.execPath, process.argv[1] ?? ""];

export async function writeLauncher(path: string, launcher: Launcher): Promise<void> {
  await (await import("./store/sandbox.ts")).writeLauncher(path, launcher);
}
