import type { World as FlowWorld } from "../../src/flow/world.ts";
import { GithubConfig } from "../../src/domain/config.ts";
import { githubForge } from "../../src/forge/github.ts";
import type { Forge } from "../../src/port/forge.ts";
import { flowWorld, type Scripts } from "../fleet.ts";
import { makeWorld, type World, type WorldOptions } from "../world.ts";
import { githubDouble, type Double } from "./double.ts";
import { actions, app, person, type Account, type Settings } from "./state.ts";

export const bot = actions();
const gatekeeper = app("gatekeeper", 77);
export const ann = person("ann", "admin");
export const bob = person("bob");
const people = ["cy", "dee", "eve", "flo"].map((login) => person(login));
/** Somebody from outside. */
const mallory = person("mallory", "read");

export interface HubOptions extends WorldOptions {
  settings?: Partial<Settings>;
  scripts?: Scripts;
  /** Reviews come from a second account. */
  reviewer?: boolean;
}

/** A fleet whose pulls lie on the double of GitHub. */
export interface HubWorld extends World {
  hub: Double;
  flow: FlowWorld;
  /** What was said to people who watch. */
  said: string[];
  /** The forge as somebody's token reaches it, in a process of its own. */
  forgeAs: (who: Account) => Forge;
  /** A process of its own: another machine, or the next tick. */
  elsewhere: () => Promise<FlowWorld>;
}

export async function makeHub(options: HubOptions = {}): Promise<HubWorld> {
  const when = { now: new Date(options.at ?? "2026-11-22T07:00:00Z") };
  const accounts = [bot, gatekeeper, ann, bob, ...people, mallory];
  const hub = githubDouble(() => when.now, { accounts, ...options.settings });
  const world = await makeWorld({ ...options, serve: hub.serve });
  const { clock } = world;
  Object.defineProperty(when, "now", { get: () => clock.now() });
  const said: string[] = [];
  const forgeAs = (who: Account): Forge =>
    githubForge({
      config: GithubConfig.parse({
        kind: "github",
        account: bot.login,
        api: hub.api(),
        ...(options.reviewer === true
          ? { reviewer: { account: gatekeeper.login, token: "GATEKEEPER_TOKEN" } }
          : {}),
      }),
      repository: { owner: "acme", name: "fleet" },
      branch: "main",
      env: { GITHUB_TOKEN: who.token, GATEKEEPER_TOKEN: gatekeeper.token },
      clock,
      version: "0.0.0-test",
      warn: (line) => void said.push(line),
      second: 1,
    });
  const parts = { clock, said, ...(options.scripts === undefined ? {} : { scripts: options.scripts }) };
  return {
    ...world,
    hub,
    said,
    forgeAs,
    flow: { ...flowWorld({ repo: world.repo, ...parts }), forge: forgeAs(bot) },
    elsewhere: async () => ({
      ...flowWorld({ repo: await world.another(), ...parts }),
      forge: forgeAs(bot),
    }),
  };
}
