import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { ROLES, type Role } from "../../src/domain/app/manifest.ts";
import { workflowFiles } from "../../src/domain/actions/files.ts";
import { PEOPLE } from "../../src/domain/actions/people-workflow.ts";
import { TICK } from "../../src/domain/actions/tick-workflow.ts";
import { ann, makeHub, type HubWorld } from "../github/fleet.ts";
import { secondaryLimit } from "../github/double.ts";
import { app, jobToken, type Account } from "../github/state.ts";
import { specText, taskText, writes } from "../fleet.ts";
import { fakeGh, runWorkflow, type Ended, type Machine } from "./runner.ts";

const run = promisify(execFile);

// A story is a dozen processes, and GitHub wants a second between what each of them writes.
vi.setConfig({ testTimeout: 240_000 });

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/editor.md": specText("editor", 'produces: ["pages/*.md"]\n'),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two-it.md": taskText("two", "editor", "needs: [one]\nproduces: [pages/two.md]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": "# One\n" }),
  "scripts/editor.jsonl": writes({ "pages/two.md": "# Two\n" }),
};

/** Nothing in it says where GitHub is: that is what Actions tells. */
const CONFIG = `version: 1
forge: { kind: github }
roster: [{ login: ann }]
digest: { at: off }
`;

interface Yard {
  world: HubWorld;
  machine: () => Machine;
  /** The fleet's own workflows, as `pullbeat workflows` writes them for its config. */
  tick: string;
  people: string;
}

async function yard(config = CONFIG, files: Readonly<Record<string, string>> = FILES): Promise<Yard> {
  const world = await makeHub({ files, settings: { private: true } });
  await world.commit({ ".github/pullbeat.yml": config });
  const { hub, clock, dir } = world;
  onTestFinished(() => expect(hub.faults).toEqual([]));
  const tip = (await world.repo.fetch()).get("refs/heads/main");
  const fleet = await world.flow.records.fleet(tip ?? fail("no main"));
  const source = { kind: "pinned", uses: `someone/pullbeat@${"a".repeat(40)} # v0.1.0` } as const;
  const written = workflowFiles(fleet, source, clock.now()).files;
  const [tick = "", people = ""] = [TICK, PEOPLE].map((path) => written.get(path));
  await world.commit({ [TICK]: tick, [PEOPLE]: people });
  const bin = await fakeGh(dir);
  const accountOf = (token: string): Account => hub.state.accounts.find((a) => a.token === token) ?? ann;
  let minted = 0;
  const machine = (): Machine => ({
    dir,
    urlFor: (token) => hub.urlFor(accountOf(token)),
    github: {
      api: hub.api(),
      repository: "acme/fleet",
      mint(job, may) {
        const token = `ghs_${job}_${minted++}`;
        hub.state.accounts.push(jobToken(token, may));
        return token;
      },
    },
    // A job's token ends with the job.
    after: async ({ token }) =>
      void (hub.state.accounts = hub.state.accounts.filter((a) => a.token !== token)),
    env: {
      PATH: `${bin}:${process.env["PATH"]}`,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      PULLBEAT_NOW: clock.now().toISOString(),
      PULLBEAT_SCRIPTS: "scripts",
    },
    secrets: { OPENAI_API_KEY: "sk-model-key" },
    event: "schedule",
  });
  return { world, machine, tick, people };
}

const fail = (why: string): never => {
  throw new Error(why);
};

const ends = (jobs: readonly Ended[]): string[] => jobs.map((j) => `${j.name} ${j.result}`);
const log = (jobs: readonly Ended[]): string => jobs.map((j) => j.log).join("\n");
const WHOLE = ["plan success", "work success", "publish success", "judge skipped", "settle success"];

async function approve({ world }: Yard, number: number): Promise<void> {
  world.clock.pass(1);
  const said = await fetch(`${world.hub.api()}/repos/acme/fleet/pulls/${number}/reviews`, {
    method: "POST",
    headers: { authorization: `token ${ann.token}` },
    body: JSON.stringify({ event: "APPROVE" }),
  });
  expect(said.status).toBe(200);
  world.clock.pass(1);
}

/** What a job that works could do with its token, if it had kept it: push, open a pull, call itself checked. */
async function attack({ home, token }: Ended, { urlFor, env, github }: Machine): Promise<string[]> {
  const base = { cwd: join(home, "temp/base"), env: { ...env } };
  const url = urlFor(token);
  await run("git", ["fetch", "--quiet", "--depth=1", url, "main"], base);
  const pushed = await run("git", ["push", url, "FETCH_HEAD:refs/heads/stolen"], base).then(
    () => "pushed",
    (error: unknown) => /returned error: 403/.exec(String(error))?.[0] ?? String(error),
  );
  const calls = {
    "/pulls": { title: "x", head: "main", base: "main" },
    "/check-runs": { name: "pullbeat", head_sha: "0".repeat(40), conclusion: "success" },
    "/actions/workflows/pullbeat.yml/dispatches": { ref: "main" },
  };
  const said = Object.entries(calls).map(async ([path, body]) => {
    const headers = { authorization: `token ${token}` };
    const asked = { method: "POST", headers, body: JSON.stringify(body) };
    return String((await fetch(`${github?.api}/repos/acme/fleet${path}`, asked)).status);
  });
  return ["fetched", pushed, ...(await Promise.all(said))];
}

/** What a review begins, by way of the workflow that may do nothing. */
const reviewed = {
  event: "workflow_run",
  payload: { repository: { default_branch: "main" }, workflow_run: { conclusion: "success" } },
};

test("a fleet lives on GitHub: a tick opens a pull, a person approves, the next task begins by itself", async () => {
  const here = await yard();
  const { world, machine, tick, people } = here;
  const { hub } = world;
  const tried: string[] = [];
  const around = machine();
  const first = await runWorkflow(tick, {
    ...around,
    async after(job) {
      if (job.name === "work") tried.push(...(await attack(job, around)));
      await around.after?.(job);
    },
  });
  expect(tried).toEqual(["fetched", "returned error: 403", "403", "403", "403"]);
  expect(log(first)).not.toContain("::error");
  expect(ends(first)).toEqual(WHOLE);
  expect(hub.state.pulls).toMatchObject([
    { number: 1, author: "github-actions[bot]", labels: ["your-turn"], requested: ["ann"], state: "open" },
  ]);
  expect(hub.state.checks).toMatchObject([{ name: "pullbeat", conclusion: "success" }]);
  await approve(here, 1);
  const [settled] = await runWorkflow(people, { ...machine(), ...reviewed });
  expect(settled?.log).toContain("somebody or some gate has something to do now: another tick is wanted");
  expect(await world.file("reports/one.md")).toBe("# One\n");
  expect(hub.state.dispatches).toEqual([{ workflow: "pullbeat.yml", ref: "main", inputs: { chain: "1" } }]);
  const inputs = { chain: "1" };
  const second = await runWorkflow(tick, { ...machine(), event: "workflow_dispatch", inputs });
  expect(ends(second)).toEqual(WHOLE);
  expect(hub.state.pulls[1]).toMatchObject({
    number: 2,
    state: "open",
    title: expect.stringContaining("two"),
  });
  expect(hub.state.pulls[0]).toMatchObject({ state: "closed", merged: expect.anything() });
});

test("a pull that a person closes in a private repository ends, and who closed it is known", async () => {
  const { world, machine, tick, people } = await yard();
  const { hub } = world;
  await runWorkflow(tick, machine());
  world.clock.pass(1);
  const closed = await fetch(`${hub.api()}/repos/acme/fleet/pulls/1`, {
    method: "PATCH",
    headers: { authorization: `token ${ann.token}` },
    body: JSON.stringify({ state: "closed" }),
  });
  expect(closed.status).toBe(200);
  const repository = { default_branch: "main" };
  const closes = {
    event: "pull_request_target",
    payload: { repository, sender: { login: "ann", type: "User" } },
  };
  const blind = people.replace("      issues: write\n", "");
  const [refused] = await runWorkflow(blind, { ...machine(), ...closes });
  expect([refused?.result, refused?.log]).toEqual([
    "failure",
    expect.stringContaining("a token that may do this (issues=read)"),
  ]);
  const [job] = await runWorkflow(people, { ...machine(), ...closes });
  expect([job?.result, job?.summary]).toEqual(["success", expect.stringContaining("closed by ann")]);
});

/** What somebody types on GitHub, and the event that comes of it. */
async function typed(
  { hub, clock }: HubWorld,
  who: Account,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  clock.pass(1);
  const said = await fetch(`${hub.api()}/repos/acme/fleet${path}`, {
    method: "POST",
    headers: { authorization: `token ${who.token}` },
    body: JSON.stringify(body),
  });
  expect(said.status).toBe(201);
  return Object(await said.json());
}

test("on a phone: a person's comment is obeyed and their issue becomes a task; a stranger's wakes nobody", async () => {
  const { world, machine, people } = await yard();
  const { hub } = world;
  const repository = { default_branch: "main" };
  const order = { body: "/pullbeat pause writer\n\nToo many pages." };
  const issue = await typed(world, ann, "/issues", {
    title: "@editor Tidy up",
    body: "All of it.",
    labels: ["task"],
  });
  const comment = await typed(world, ann, `/issues/${String(issue["number"])}/comments`, order);
  const commented = (association: string, text: string) => ({
    event: "issue_comment",
    payload: { repository, issue, comment: { ...comment, body: text, author_association: association } },
  });
  for (const none of [commented("NONE", order.body), commented("OWNER", "Nice.")])
    expect(ends(await runWorkflow(people, { ...machine(), ...none }))).toEqual(["settle skipped"]);
  const [heard] = await runWorkflow(people, { ...machine(), ...commented("OWNER", order.body) });
  expect(heard?.result).toBe("success");
  expect(heard?.log).toContain('did what ann said under 1, "pause writer"');
  expect(hub.state.reactions).toMatchObject([{ by: "github-actions[bot]", content: "+1" }]);
  expect(hub.state.issues).toMatchObject([{ state: "closed", reason: "completed" }]);
  const tidy = (await world.far("ls-tree", "-r", "--name-only", "main", "board/")).split("\n");
  expect(tidy.filter((file) => file.endsWith("-tidy-up.md"))).toHaveLength(1);
  // The label alone wakes it as well, and there is nothing left to do.
  const labelled = {
    event: "issues",
    payload: { repository, issue: { ...issue, author_association: "OWNER" } },
  };
  const [again] = await runWorkflow(people, { ...machine(), ...labelled });
  expect([again?.result, again?.log]).toEqual(["success", expect.stringContaining("nothing to settle")]);
});

const APPS = `version: 1
forge:
  kind: github
  account: fleet[bot]
  token: FLEET_TOKEN
  reviewer: { account: "gates[bot]", token: GATES_TOKEN }
roster: [{ login: ann }]
digest: { at: off }
`;

test("two apps: one opens pulls, one asks for changes and approves, and no other step sees a key", async () => {
  const here = await yard(APPS);
  const { world, tick, people } = here;
  const { hub } = world;
  const keys = { fleet: keyPair(), gates: keyPair() };
  hub.state.accounts.push(
    { ...app("fleet", 501), publicKey: keys.fleet.publicKey, grants: grantsOf(ROLES.fleet) },
    { ...app("gates", 502), publicKey: keys.gates.publicKey, grants: grantsOf(ROLES.reviewer) },
  );
  const machine = (): Machine => ({
    ...here.machine(),
    vars: { PULLBEAT_APP_ID: "501", PULLBEAT_REVIEWER_APP_ID: "502" },
    secrets: {
      OPENAI_API_KEY: "sk-model-key",
      PULLBEAT_APP_KEY: keys.fleet.privateKey,
      PULLBEAT_REVIEWER_APP_KEY: keys.gates.privateKey,
    },
  });
  const first = await runWorkflow(tick, machine());
  expect([ends(first), log(first)]).toEqual([WHOLE, expect.not.stringContaining("::error")]);
  expect(hub.state.pulls).toMatchObject([{ author: "fleet[bot]", labels: ["your-turn"] }]);
  expect(hub.state.checks).toMatchObject([{ app: { id: 501 }, conclusion: "success" }]);
  for (const { steps } of first)
    for (const [job, env] of steps)
      expect([job, JSON.stringify(env).includes("PRIVATE KEY")]).toEqual([job, job === "token"]);
  const shown = log(first).replaceAll(/^::add-mask::.*$/gm, "");
  expect(shown).not.toMatch(/ghs_installation|PRIVATE KEY/);

  const settle = async (): Promise<void> => {
    world.clock.pass(1);
    const [job] = await runWorkflow(people, { ...machine(), ...reviewed });
    expect([job?.result, job?.log]).toEqual(["success", expect.not.stringContaining("::error")]);
  };
  await world.commit({ "agents/writer.md": specText("writer", 'produces: ["drafts/*.md"]\n') });
  await settle();
  expect(hub.state.reviews).toMatchObject([{ by: "gates[bot]", state: "CHANGES_REQUESTED" }]);
  await world.commit({ "agents/writer.md": FILES["agents/writer.md"] });
  await hub.protect({ approvals: 2 });
  await approve(here, 1);
  await settle();
  expect(hub.state.reviews).toMatchObject([
    // Under rules only administrators dismiss a review; the approval comes after it.
    { by: "gates[bot]", state: "CHANGES_REQUESTED" },
    { by: "ann", state: "APPROVED" },
    { by: "gates[bot]", state: "APPROVED" },
  ]);
  expect(await world.file("reports/one.md")).toBe("# One\n");
  expect(hub.state.pulls).toMatchObject([{ merged: { by: "fleet[bot]" } }]);
  // Once for the writer, who was asked for changes, and once for the editor, whose turn came with the merge.
  expect(hub.state.dispatches).toHaveLength(2);
});

/** What an app may do that was made from our manifest. */
const grantsOf = ({ rights }: Role): Record<string, string> =>
  Object.fromEntries(rights.map(([right, how]) => [right, how]));

const keyPair = (): { publicKey: string; privateKey: string } =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });

test.each([
  ["no key", "no key at all", /no private key/],
  ["another app's key", keyPair().privateKey, /set the key of app 501 to a token that is alive/],
])("with %s there is no token, and the step says what to do", async (_, key, next) => {
  const here = await yard(APPS);
  here.world.hub.state.accounts.push({ ...app("fleet", 501), publicKey: keyPair().publicKey });
  const machine = { ...here.machine(), vars: { PULLBEAT_APP_ID: "501" } };
  const [plan] = await runWorkflow(here.tick, { ...machine, secrets: { PULLBEAT_APP_KEY: key } });
  expect([plan?.result, plan?.log]).toEqual(["failure", expect.stringMatching(next)]);
  expect(plan?.log).not.toContain("PRIVATE KEY");
});

test.each([
  [403, 1, "success"],
  [429, 3600, "failure"],
])(
  "a %i that says %i seconds, in the middle of publishing, loses nothing and repeats nothing",
  async (status, wait, end) => {
    const free = taskText("two", "editor", "produces: [pages/two.md]\n");
    const { world, machine, tick } = await yard(CONFIG, { ...FILES, "board/two-it.md": free });
    const { hub } = world;
    const around = machine();
    const jobs = await runWorkflow(tick, {
      ...around,
      async after(job) {
        if (job.name === "work")
          hub.trouble({ operation: "pulls/create", times: 1, ...secondaryLimit(wait, status) });
        await around.after?.(job);
      },
    });
    // The last job of the run opens what is missing; a limit that is not over by then is met again, and the next tick goes on.
    expect(ends(jobs)).toEqual([
      "plan success",
      "work success",
      `publish ${end}`,
      "judge skipped",
      "settle success",
    ]);
    const publish = jobs.find((j) => j.name === "publish");
    if (end === "failure")
      expect(publish?.log).toContain("nothing is lost and nothing is repeated: run it again in 3600");
    const shown = hub.state.pulls.map(({ number, state, labels }) => ({ number, state, labels }));
    expect(shown).toEqual([1, 2].map((number) => ({ number, state: "open", labels: ["your-turn"] })));
    expect(new Set(hub.state.pulls.map((p) => p.branch)).size).toBe(2);
    const records = await world.far("ls-tree", "-r", "--name-only", "pullbeat/journal", "beats/");
    expect(records.trim().split("\n")).toHaveLength(2);
    world.clock.pass(60);
    const later = await runWorkflow(tick, machine());
    expect(ends(later)).toEqual([
      "plan success",
      "work skipped",
      "publish skipped",
      "judge skipped",
      "settle skipped",
    ]);
    expect(hub.state.pulls).toHaveLength(2);
  },
);
