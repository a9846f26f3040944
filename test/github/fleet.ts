import { expect, onTestFinished } from "vitest";
import { settle, type Settled } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import type { Happening, World as FlowWorld } from "../../src/flow/world.ts";
import { GithubConfig } from "../../src/domain/config.ts";
import { githubForge } from "../../src/forge/github.ts";
import type { Forge } from "../../src/port/forge.ts";
import { flowWorld, specText, taskText, writes, type Scripts } from "../fleet.ts";
import { makeWorld, type World, type WorldOptions } from "../world.ts";
import { githubDouble, type Double } from "./double.ts";
import { actions, app, person, type Account, type PullRow, type Settings } from "./state.ts";

export const bot = actions();
export const gatekeeper = app("gatekeeper", 77);
export const ann = person("ann", "admin");
export const bob = person("bob");
const people = ["cy", "dee", "eve", "flo"].map((login) => person(login));
/** Somebody from outside. */
export const mallory = person("mallory", "read");

/** A config whose forge is the double. `more`: further lines. */
const configAt = (api: string, more = ""): string => `version: 1
forge: { kind: github, repository: acme/fleet, api: "${api}" }
roster:
  - { login: ann, emails: [ann@example.com] }
  - { login: bob, emails: [bob@example.com] }
${more}`;

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
  said: Happening[];
  /** The forge as somebody's token reaches it, in a process of its own. */
  forgeAs: (who: Account) => Forge;
  /** A process of its own: another machine, or the next tick. */
  elsewhere: () => Promise<FlowWorld>;
}

export async function makeHub(options: HubOptions = {}): Promise<HubWorld> {
  const when = { now: new Date(options.at ?? "2026-11-22T07:00:00Z") };
  const accounts = [bot, gatekeeper, ann, bob, ...people, mallory];
  const hub = githubDouble(() => when.now, { accounts, ...options.settings });
  onTestFinished(hub.close);
  const world = await makeWorld({ ...options, serve: hub.serve });
  await world.commit({ ".github/pullbeat.yml": configAt(hub.api()) }, "live on GitHub");
  const { clock } = world;
  Object.defineProperty(when, "now", { get: () => clock.now() });
  const said: Happening[] = [];
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
      warn: (text) => void said.push({ kind: "note", text }),
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

const FILES = {
  "agents/writer.md": specText("writer", "produces: ['reports/*.md']\n"),
  "board/first.md": taskText("first", "writer"),
  "board/second.md": taskText("second", "writer", "needs: [first]\n"),
};
const SCRIPTS = {
  writer: ["first", "second"]
    .flatMap((id) => [
      JSON.stringify({ attempt: id }),
      writes({ [`reports/${id}.md`]: `# By the writer of ${id}\n` }),
    ])
    .join("\n"),
};

/** A fleet whose writer works on `first`, and on `second` when that is merged. */
export async function makeStory(options: HubOptions = {}): Promise<HubWorld> {
  const world = await makeHub({ files: FILES, scripts: SCRIPTS, ...options });
  onTestFinished(() => expect(world.hub.faults).toEqual([]));
  return world;
}

/** The same with the writer's first pull open, and what a test does around it. */
export async function makeOpened(options: HubOptions = {}): Promise<HubWorld & Desk> {
  const world = await makeStory(options);
  await tick(world.flow);
  const [pull] = world.hub.state.pulls;
  if (pull === undefined) throw new Error("no pull");
  world.clock.pass(1);
  world.hub.since();
  return {
    ...world,
    pull,
    ask: (who, method, path, body) => askAs(world, who, { method, path, body }),
    review: (who, event, body = "") =>
      askAs(world, who, { method: "POST", path: "/pulls/1/reviews", body: { event, body } }),
    // A process of its own each time: nothing may rest on what one remembers.
    settle: async () => settle({ ...world.flow, forge: world.forgeAs(bot) }),
    isMerged: async () => (await world.file("reports/first.md")) !== null,
  };
}

export interface Desk {
  /** The pull as GitHub has it. */
  pull: PullRow;
  ask: (who: Account, method: string, path: string, body?: unknown) => Promise<Said>;
  review: (who: Account, event: string, body?: string) => Promise<Said>;
  settle: () => Promise<Settled>;
  isMerged: () => Promise<boolean>;
}

interface Said {
  status: number;
  body: unknown;
}

async function askAs(
  { hub, clock }: HubWorld,
  who: Account,
  { method, path, body }: { method: string; path: string; body?: unknown },
): Promise<Said> {
  // Nothing that people do happens in the same second.
  clock.pass(1);
  const response = await fetch(`${hub.api()}/repos/acme/fleet${path}`, {
    method,
    headers: { authorization: `token ${who.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}
