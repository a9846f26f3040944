import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { GithubConfig } from "../src/domain/config.ts";
import { settle } from "../src/flow/settle/settle.ts";
import { tick } from "../src/flow/tick.ts";
import type { World } from "../src/flow/world.ts";
import { githubForge } from "../src/forge/github.ts";
import { openRepo } from "../src/store/repo.ts";
import { testClock } from "../test/clock.ts";
import { flowWorld, specText, taskText, writes } from "../test/fleet.ts";
import { githubDouble, type Double } from "../test/github/double.ts";
import { actions, person, type Account } from "../test/github/state.ts";
import { GIT_ENV } from "./field.ts";
import { put } from "./fleet.ts";
import type { Part } from "./report.ts";

/** Pulls that are open at once. GitHub lists a hundred on a page, so that many cost no call more to look at. */
const PULLS = 20;
const APPROVED = 10;

/** Few beats with many tasks each, so that it takes a minute. */
const AGENTS = 10;

const nameOf = (n: number): string => `agent-${n % AGENTS}`;
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const files = (): Map<string, string> =>
  new Map([
    [
      ".github/pullbeat.yml",
      "version: 1\nforge: { kind: github }\nroster: [{ login: ann }]\ndigest: { at: off }\nbudgets: { day: { beats: 1000 } }\n",
    ],
    ...range(AGENTS).map((n): [string, string] => [`agents/${nameOf(n)}.md`, specText(nameOf(n), SPEC)]),
    ...range(PULLS).map((n): [string, string] => [`board/t${n}-it.md`, taskText(`t${n}`, nameOf(n))]),
  ]);

const SPEC = `produces: ["reports/*.md"]
budget: { beat: { tasks: ${PULLS / AGENTS} }, day: { beats: 1000, usd: 1000 } }
`;

/** What an agent's model says to each of its tasks. */
const scriptOf = (agent: number): string =>
  range(PULLS)
    .filter((n) => n % AGENTS === agent)
    .flatMap((n) => [JSON.stringify({ attempt: `t${n}` }), writes({ [`reports/${n}.md`]: `# ${n}\n` })])
    .join("\n");

interface Counted {
  /** Calls but the listings that any tick and settle begins with. */
  deeds: number;
  /** Calls that count, and those that found what was known already, which do not. */
  calls: number;
  unchanged: number;
}

const git = (cwd: string, ...args: string[]): Promise<unknown> =>
  promisify(execFile)("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
    cwd,
    env: { ...process.env, ...GIT_ENV },
  });

/** How often GitHub is asked, over the double: the same code, real HTTP, real git. */
export async function callsPart(dir: string): Promise<Part> {
  const [ann, bot] = [person("ann", "admin"), actions()];
  const clock = testClock("2026-11-25T12:00:00Z");
  const hub = githubDouble(() => clock.now(), { accounts: [ann, bot] });
  const [origin, clone] = [join(dir, "fleet.git"), join(dir, "clone")];
  await git(dir, "init", "--quiet", "--bare", "--initial-branch=main", origin);
  await hub.serve(origin);
  await git(dir, "clone", "--quiet", hub.urlFor(bot), clone);
  await put(clone, files());
  await git(clone, "add", "--all");
  await git(clone, "commit", "--quiet", "--message", "Begin");
  await git(clone, "push", "--quiet", "origin", "HEAD:refs/heads/main");
  const repo = await openRepo({ dir: clone, remote: "origin", env: { ...process.env, ...GIT_ENV } });
  const scripts = Object.fromEntries(range(AGENTS).map((n) => [nameOf(n), scriptOf(n)]));
  /** A process of its own: it remembers nothing. */
  const world = (): World => ({
    ...flowWorld({ repo, clock, scripts }),
    forge: githubForge({
      config: GithubConfig.parse({ kind: "github", api: hub.api() }),
      repository: { owner: "acme", name: "fleet" },
      branch: "main",
      env: { GITHUB_TOKEN: bot.token },
      clock,
      version: "0.0.0-bench",
      warn: () => {},
      second: 1,
    }),
  });
  const count = async (deed: () => Promise<unknown>): Promise<Counted> => {
    hub.since();
    await deed();
    const said = hub.since();
    const unchanged = said.filter((line) => line.endsWith(" 304")).length;
    const deeds = said.filter((line) => !line.startsWith("pulls/list ")).length;
    return { calls: said.length - unchanged, unchanged, deeds };
  };
  try {
    return await counted({ hub, ann, count, world, clock });
  } finally {
    repo.close();
    hub.close();
  }
}

interface Field {
  hub: Double;
  ann: Account;
  count: (deed: () => Promise<unknown>) => Promise<Counted>;
  world: () => World;
  clock: ReturnType<typeof testClock>;
}

async function counted({ hub, ann, count, world, clock }: Field): Promise<Part> {
  const opening = await count(() => openAll(world, clock, hub));
  clock.pass(1);
  const idle = await count(() => tick(world()));
  const still = await count(() => settle(world()));
  for (const { number } of hub.state.pulls.slice(0, APPROVED)) await approve(hub, ann, number);
  clock.pass(1);
  const some = await count(() => settle(world()));
  const merged = hub.state.pulls.filter((p) => p.merged !== null).length;
  if (merged !== APPROVED) throw new Error(`${merged} of ${APPROVED} were merged`);
  return {
    title: "Calls of GitHub's API",
    taken: [],
    ratios: [
      { what: `a tick that finds nothing, ${PULLS} pulls waiting`, value: idle.calls, aim: 2 },
      { what: "a beat that opens a pull", value: opening.deeds / PULLS, aim: 4 },
      { what: `a settle of ${PULLS} open pulls, nobody said a word`, value: still.calls, aim: 10 },
      { what: `a settle of ${PULLS}, ${APPROVED} of them approved`, value: some.calls, aim: 10 + APPROVED },
      {
        what: "the same, answered as unchanged, which costs nothing of the limit",
        value: some.unchanged,
        aim: null,
      },
    ],
  };
}

/** GitHub takes 320 writes an hour from the fleet, so it takes some hours. What ticks ask besides is left out. */
async function openAll(world: () => World, clock: Field["clock"], hub: Double): Promise<void> {
  for (let tries = 0; hub.state.pulls.length < PULLS && tries < 9; tries++) {
    await tick(world()).catch(() => settle(world()).catch(() => null));
    clock.pass(70);
    await clock.sleep(70 * 60_000);
  }
  if (hub.state.pulls.length !== PULLS) throw new Error(`${hub.state.pulls.length} pulls were opened`);
}

async function approve(hub: Double, { token }: Account, number: number): Promise<void> {
  const said = await fetch(`${hub.api()}/repos/acme/fleet/pulls/${number}/reviews`, {
    method: "POST",
    headers: { authorization: `token ${token}` },
    body: JSON.stringify({ event: "APPROVE" }),
  });
  if (said.status !== 200) throw new Error(`${said.status} for the approval of pull ${number}`);
}
