import { expect, test } from "vitest";
import { json } from "../cli/cli.ts";
import { taskText } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { agentAt, configAt, handsIn, startEndpoint, steady, type Endpoint } from "./endpoint.ts";

const KEY = { env: { OPENAI_API_KEY: "sk-test-0123456789abcdef" } };

/** A fleet with one agent and one task for each way in which a conversation can go. */
async function fleetAt(
  { url }: Endpoint,
  names: readonly string[],
  more: Record<string, string> = {},
): Promise<World> {
  const files = Object.fromEntries(
    names.flatMap((name) => [
      [`agents/${name}.md`, agentAt(name, name === "looper" ? "budget: { attempt: { steps: 3 } }\n" : "")],
      [`board/${name}-task.md`, taskText(`${name}-task`, name)],
    ]),
  );
  return makeWorld({
    files: { ".github/pullbeat.yml": configAt(url), "data/numbers.csv": "a,b\n1,2\n", ...files, ...more },
  });
}

const usage = { prompt_tokens: 1000, completion_tokens: 100 };

/** Teaches the endpoint how each model behaves. */
function teach({ mock }: Endpoint): void {
  mock.on(
    { model: "talker", turnIndex: 0 },
    {
      toolCalls: [
        { id: "c1", name: "read", arguments: '{"path":"data/numbers.csv"}' },
        { id: "c2", name: "list", arguments: "{}" },
      ],
      usage,
    },
  );
  mock.on({ model: "talker", turnIndex: 1, hasToolResult: true }, { toolCalls: handsIn("talker"), usage });
  mock.on(
    { model: "waiter", sequenceIndex: 0 },
    { error: { message: "overloaded", type: "server_error" }, status: 503 },
  );
  mock.on(
    { model: "waiter", sequenceIndex: 1 },
    {
      error: { message: "slow down", type: "rate", code: "rate_limit_exceeded" },
      status: 429,
      retryAfter: 1,
    },
  );
  mock.on({ model: "waiter", sequenceIndex: 2 }, { toolCalls: handsIn("waiter"), usage });
  mock.on(
    { model: "cutter", sequenceIndex: 0 },
    { toolCalls: handsIn("cutter") },
    { chaos: { disconnectRate: 1 } },
  );
  mock.on({ model: "cutter", sequenceIndex: 1 }, { toolCalls: handsIn("cutter"), usage });
  mock.on({ model: "garbler" }, { content: "no" }, { chaos: { malformedRate: 1 } });
  mock.on(
    { model: "looper" },
    { toolCalls: [{ name: "read", arguments: '{"path":"data/numbers.csv"}' }], usage },
  );
  mock.on(
    { model: "keyless" },
    { error: { message: "Incorrect API key provided: sk-test-0123456789abcdef" }, status: 401 },
  );
}

const beatOf = (agent: string, outcome: string, attempt: object): unknown =>
  expect.objectContaining({ agent, outcome, attempts: [expect.objectContaining(attempt)] });

test("however a model behaves, its beat ends in the record, and its task where people see it", async () => {
  const endpoint = await startEndpoint();
  teach(endpoint);
  const names = ["talker", "waiter", "cutter", "garbler", "looper", "keyless"];
  const world = await fleetAt(endpoint, names);
  const { code, value } = await json(world, ["tick"], KEY);
  expect(code).toBe(1);
  expect(value).toMatchObject({
    beats: expect.arrayContaining([
      beatOf("talker", "worked", {
        outcome: "proposed",
        tokens: 2200,
        usd: 0.004,
        scripted: false,
        pull: expect.any(Number),
      }),
      beatOf("waiter", "worked", { outcome: "proposed", tokens: 1100, usd: null }),
      beatOf("cutter", "worked", { outcome: "proposed" }),
      beatOf("garbler", "failed", { outcome: "failed", pull: null }),
      beatOf("looper", "failed", { outcome: "failed", reason: expect.stringContaining("3") }),
      beatOf("keyless", "failed", {
        outcome: "failed",
        reason: expect.stringContaining("Incorrect API key"),
      }),
    ]),
  });
  const failures = await Promise.all(
    ["garbler", "looper", "keyless"].map((n) => json(world, ["log", "show", `${n}@20261122T0700Z`])),
  );
  expect(failures.map((f) => f.value)).toMatchObject(
    ["engine/malformed", "budget/steps", "engine/auth"].map((failure) => ({
      attempts: [{ failure, proposal: null }],
    })),
  );
  expect(endpoint.heard.filter((h) => h.model === "waiter").map((h) => h.status)).toEqual([503, 429, 200]);
  expect(endpoint.heard.filter((h) => h.model === "keyless")).toHaveLength(1);
  expect(await states(world)).toEqual({
    "talker-task": "waiting",
    "waiter-task": "waiting",
    "cutter-task": "waiting",
    "garbler-task": "ready",
    "looper-task": "ready",
    "keyless-task": "parked",
  });
  expect(JSON.stringify(await everything(world))).not.toContain("sk-test");
  expect(steady(await world.show())).toMatchSnapshot();
});

/** Each task's state, as `board` tells it. */
async function states(world: World): Promise<Record<string, string>> {
  const { value } = await json(world, ["board", "--all"]);
  const { tasks } = Object(value);
  return Object.fromEntries(tasks.map((t: { id: string; state: string }) => [t.id, t.state]));
}

/** Every text on the remote. */
async function everything(world: World): Promise<string[]> {
  const refs = (await world.far("for-each-ref", "--format=%(refname)")).trim().split("\n");
  return Promise.all(refs.map((ref) => world.far("grep", "-h", "-e", ".", ref).catch(() => "")));
}

test("the same failure in the next tick parks the task, with no third try", async () => {
  const endpoint = await startEndpoint();
  teach(endpoint);
  const world = await fleetAt(endpoint, ["looper"]);
  await json(world, ["tick"], KEY);
  world.clock.pass(60);
  await json(world, ["tick"], KEY);
  expect(await states(world)).toEqual({ "looper-task": "parked" });
  world.clock.pass(60);
  const asked = endpoint.heard.length;
  expect(await json(world, ["tick"], KEY)).toMatchObject({
    code: 0,
    value: { beats: [{ outcome: "rested" }] },
  });
  expect(endpoint.heard).toHaveLength(asked);
});

test("a merge makes the next task ready, and its agent works in the next tick", async () => {
  const endpoint = await startEndpoint();
  teach(endpoint);
  endpoint.mock.on({ model: "second" }, { toolCalls: handsIn("second"), usage });
  const world = await fleetAt(endpoint, ["talker"], {
    "agents/second.md": agentAt("second"),
    "board/second-task.md": taskText("second-task", "second", "needs: [talker-task]\n"),
  });
  await json(world, ["tick"], KEY);
  expect(await states(world)).toEqual({ "talker-task": "waiting", "second-task": "blocked" });
  await json(world, ["pull", "approve", "1"]);
  expect(await states(world)).toMatchObject({ "talker-task": "in-review", "second-task": "blocked" });
  expect(await json(world, ["settle"])).toMatchObject({ value: { merged: [{ pull: 1 }], madeReady: true } });
  expect(await states(world)).toEqual({ "talker-task": "done", "second-task": "ready" });
  world.clock.pass(10);
  expect(await json(world, ["tick"], KEY)).toMatchObject({
    code: 0,
    value: { beats: expect.arrayContaining([beatOf("second", "worked", { outcome: "proposed", pull: 2 })]) },
  });
  expect(await json(world, ["pull", "merge", "2"])).toMatchObject({ code: 0 });
  expect(await states(world)).toEqual({ "talker-task": "done", "second-task": "done" });
  expect(await world.file("reports/second.md")).toBe("# By second\n");
  expect(await world.far("log", "-1", "--format=%B", "main")).toContain("Pullbeat-Approved-By: ann");
  expect(steady(await world.show())).toMatchSnapshot();
});
