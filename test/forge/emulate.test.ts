import { createEmulator } from "emulate";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { GithubConfig } from "../../src/domain/config.ts";
import { Sha, type Login } from "../../src/domain/id.ts";
import { githubForge } from "../../src/forge/github.ts";
import type { Forge } from "../../src/port/forge.ts";
import { testClock } from "../clock.ts";
import { actions, person } from "../github/state.ts";
import { forgeContract, type Bench } from "./contract.ts";

const bot = actions();
const people = ["ann", "bob", "cy", "dee", "eve", "flo"].map((login) => person(login));
/** Only a repository's owner may write there. */
const owner = person("acme");
const all = [bot, owner, ...people];

/** Where it is not GitHub; test/github/README.md has more. */
const NO_EVENTS = "emulate has no events of a pull, so nobody can tell where it pointed when it was approved";
const UNFAITHFUL = {
  "a word about a head that the pull has left behind is refused": NO_EVENTS,
  "a review is about the head of its moment, and a later push does not move it": NO_EVENTS,
  "saying the same thing of the same head twice is saying it once": NO_EVENTS,
  "what a person answers to a question is an answer to the head that they saw": NO_EVENTS,
  "two machines that open one branch at once open one pull": "emulate opens a second pull of one branch",
  "a closed pull says who closed it and why, and takes no more reviews":
    "emulate has no issue of a pull's number",
  "a pull whose branch is gone has no head, and cannot be reviewed":
    "emulate leaves it open, with its old head",
};

const Made = z.object({ sha: Sha });
const Ref = z.object({ object: Made });
const Commit = z.object({ sha: Sha, tree: Made });

async function bench(): Promise<Bench> {
  const seed = {
    tokens: Object.fromEntries(all.map((a) => [a.token, { login: a.login, scopes: ["repo"] }])),
    github: {
      users: all.map(({ login, type }) => ({ login, type })),
      repos: [{ owner: "acme", name: "fleet", auto_init: true }],
    },
  };
  const hub = await createEmulator({ service: "github", port: 0, seed });
  onTestFinished(() => hub.close());
  const clock = testClock("2026-11-22T12:00:00Z");
  const ask = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> => {
    const said = await fetch(`${hub.url}/repos/acme/fleet/git${path}`, {
      method,
      headers: { authorization: `token ${owner.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return schema.parse(await said.json().catch(() => null));
  };
  const forgeAs = (token: string): Forge =>
    githubForge({
      config: GithubConfig.parse({ kind: "github", account: bot.login, api: hub.url }),
      repository: { owner: "acme", name: "fleet" },
      branch: "main",
      env: { GITHUB_TOKEN: token },
      clock,
      version: "0.0.0-test",
      warn: () => {},
      second: 1,
    });
  const { object: base } = await ask(Ref, "GET", "/ref/heads/main");
  return {
    forge: forgeAs(bot.token),
    another: async () => forgeAs(bot.token),
    as: async (login: Login) => forgeAs(all.find((a) => a.login === login)?.token ?? ""),
    base: base.sha,
    async push(branch) {
      const at = await ask(Ref, "GET", `/ref/heads/${branch}`).catch(() => null);
      const parent = at?.object.sha ?? base.sha;
      const { tree } = await ask(Commit, "GET", `/commits/${parent}`);
      const file = { path: "work.md", mode: "100644", type: "blob", content: `after ${parent}\n` };
      const made = await ask(Made, "POST", "/trees", { base_tree: tree.sha, tree: [file] });
      const body = { message: "work", tree: made.sha, parents: [parent] };
      const { sha } = await ask(Made, "POST", "/commits", body);
      if (at === null) await ask(Ref, "POST", "/refs", { ref: `refs/heads/${branch}`, sha });
      else await ask(Ref, "PATCH", `/refs/heads/${branch}`, { sha });
      return sha;
    },
    drop: (branch) => ask(z.null(), "DELETE", `/refs/heads/${branch}`).then(() => {}),
    journal: async () => {},
  };
}

forgeContract(bench, UNFAITHFUL);
