import { expect, test } from "vitest";
import { boardView } from "../../src/domain/board/board.ts";
import { planAble } from "../../src/flow/able.ts";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import type { World } from "../../src/flow/world.ts";
import { json } from "../cli/cli.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { makeWorld } from "../world.ts";

const spec = (name: string, more = ""): string => specText(name, `produces: ["reports/${name}.md"]\n${more}`);
const FILES = {
  "agents/writer.md": spec("writer", "schedule: daily 07:00,08:00\nwakes: [slot]\n"),
  "agents/idle.md": spec("idle"),
  "board/one.md": taskText("one", "writer", "produces: [reports/writer.md]\n"),
};

/** The fleet's world while no engine can work, and whose engines were asked. */
function keyless({ flow }: FleetWorld): { flow: World; asked: string[] } {
  const asked: string[] = [];
  const engine: World["engine"] = (agent, config, tip) => {
    asked.push(agent.spec.name);
    return { ...flow.engine(agent, config, tip), unable: () => "no key: set OPENAI_API_KEY" };
  };
  return { flow: { ...flow, engine }, asked };
}

test("without a key an agent rests at its slot, its task is not parked, and the next slot tries again", async () => {
  const fleet = await makeFleet({
    at: "2026-11-22T06:00:00Z",
    files: FILES,
    scripts: { writer: writes({ "reports/writer.md": "# One\n" }) },
  });
  fleet.clock.pass(60);
  const { flow } = keyless(fleet);
  expect((await tick(flow)).beats.find((b) => b.agent === "writer")).toEqual({
    agent: "writer",
    code: "unable",
    slot: "20261122T0700Z",
    outcome: "rested",
    reason: "no key: set OPENAI_API_KEY",
    attempts: [],
  });
  const after = await read(fleet.flow);
  expect(after.journal.records).toMatchObject([{ slot: "20261122T0700Z", outcome: "rested", attempts: [] }]);
  expect(after.journal.controls).toEqual([]);
  expect(boardView(after)).toMatchObject([{ unit: "one", state: "ready" }]);
  expect((await tick(fleet.flow)).beats.filter((b) => b.slot !== null)).toEqual([]);
  fleet.clock.pass(60);
  expect((await tick(fleet.flow)).beats.find((b) => b.agent === "writer")).toMatchObject({
    slot: "20261122T0800Z",
    outcome: "worked",
  });
});

test("only engines of agents that are due are asked whether they can work", async () => {
  const fleet = await makeFleet({ at: "2026-11-22T06:00:00Z", files: FILES });
  fleet.clock.pass(60);
  const { flow, asked } = keyless(fleet);
  const { plan } = await planAble(flow, await read(flow));
  expect(plan.beats).toEqual([]);
  expect(asked).toEqual(["writer"]);
});

test("plan and tick say which variable is empty; with it, or with scripts, the agent is due", async () => {
  const world = await makeWorld({ at: "2026-11-22T06:00:00Z", files: FILES });
  world.clock.pass(60);
  const writer = async (env: Record<string, string>): Promise<unknown> => {
    const { value } = await json(world, ["plan"], { env });
    return Object(value).beats.find((b: { agent: string }) => b.agent === "writer");
  };
  expect(await writer({})).toMatchObject({ outcome: "rested", reason: "no key: set OPENAI_API_KEY" });
  expect(await writer({ OPENAI_API_KEY: "sk-test" })).toMatchObject({ outcome: "due" });
  expect(await writer({ PULLBEAT_SCRIPTS: "scripts" })).toMatchObject({ outcome: "due" });
  expect(await json(world, ["tick"])).toMatchObject({ code: 0 });
  expect(await world.far("for-each-ref", "--format=%(refname)")).not.toContain("claims");
});
