import { expect, test } from "vitest";
import type { Verb } from "../../src/domain/record.ts";
import { boardView } from "../../src/domain/board/board.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import { counted, makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";

const failing = (failure: string) => counted(JSON.stringify({ failure, reason: "no answer" }));
const make = (failure: string, files = {}): Promise<FleetWorld & { asked: () => number }> => {
  const model = failing(failure);
  const all = {
    "agents/writer.md": specText("writer"),
    "board/one-it.md": taskText("one", "writer"),
    ...files,
  };
  return makeFleet({ files: all, scripts: { writer: model } }).then((fleet) => ({
    ...fleet,
    asked: () => model.asked,
  }));
};

/** Ticks, an hour apart. */
async function ticks({ flow, clock }: FleetWorld, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await tick(flow);
    clock.pass(60);
  }
}

const controls = async ({ flow }: FleetWorld): Promise<string[]> =>
  (await read(flow)).journal.controls.map(
    (c) => `${c.verb} ${"unit" in c.target ? c.target.unit : ""} by ${c.who}: ${c.why}`,
  );
const states = async ({ flow }: FleetWorld): Promise<string[]> =>
  boardView(await read(flow)).map((v) => v.state);
async function say({ flow, clock }: FleetWorld, verb: Verb, target = "one"): Promise<void> {
  await order(flow, { verb, targets: [target], who: "ann", why: "", until: null });
  clock.pass(1);
}

const TWICE = "park one by pullbeat: failed twice in the same way (engine/server): no answer";

test("the same failure twice parks the task with one control, and it is not tried a third time", async () => {
  const fleet = await make("server");
  await ticks(fleet, 4);
  expect(fleet.asked()).toBe(2);
  expect(await controls(fleet)).toEqual([TWICE]);
  expect(await states(fleet)).toEqual(["parked"]);
});

test("an edit of the task makes it ready again, and two more failures park it again", async () => {
  const fleet = await make("server");
  await ticks(fleet, 2);
  await fleet.commit({ "board/one-it.md": taskText("one", "writer", "priority: high\n") });
  expect(await states(fleet)).toEqual(["ready"]);
  await ticks(fleet, 3);
  expect(fleet.asked()).toBe(4);
  expect(await controls(fleet)).toEqual([TWICE, TWICE]);
});

test("unpark makes it ready again, and two more failures park it again", async () => {
  const fleet = await make("server");
  await ticks(fleet, 2);
  await say(fleet, "unpark");
  expect(await states(fleet)).toEqual(["ready"]);
  await ticks(fleet, 3);
  expect(fleet.asked()).toBe(4);
  expect(await controls(fleet)).toEqual([TWICE, "unpark one by ann: ", TWICE]);
});

test("a failure that only a person can mend parks at once", async () => {
  const fleet = await make("auth");
  await ticks(fleet, 3);
  expect(fleet.asked()).toBe(1);
  expect(await controls(fleet)).toEqual(["park one by pullbeat: no answer"]);
});

test("a duty that fails in the same way every day is parked whole, and unparked by its own name", async () => {
  const spec = specText("writer", "schedule: daily 07:00\nwakes: [slot]\n");
  const duty = taskText("one", "writer", "every: daily 07:00\n");
  const fleet = await make("server", { "agents/writer.md": spec, "board/one-it.md": duty });
  const days = async (n: number): Promise<void> => {
    for (let day = 0; day < n; day++) {
      fleet.clock.pass(24 * 60);
      await tick(fleet.flow);
    }
  };
  await days(4);
  expect(fleet.asked()).toBe(2);
  expect(await controls(fleet)).toEqual([TWICE]);
  await say(fleet, "unpark");
  await days(1);
  expect(await controls(fleet)).toHaveLength(2);
  await days(3);
  expect(fleet.asked()).toBe(4);
  expect(await controls(fleet)).toHaveLength(3);
});

/** Claims what is due and is never heard of again, as after a kill; then the lease ends. */
async function killed({ flow, clock }: FleetWorld): Promise<void> {
  const snapshot = await read(flow);
  const [beat] = plan(snapshot).beats;
  if (beat === undefined || (await claim(flow, snapshot, beat)) === null) throw new Error("nothing to kill");
  clock.pass(60);
}

test("a task whose beat is killed twice is named in the slot's record and parked: it is not tried for ever", async () => {
  const fleet = await make("server");
  await killed(fleet);
  await killed(fleet);
  await ticks(fleet, 3);
  expect(fleet.asked()).toBe(0);
  const { journal, claims } = await read(fleet.flow);
  expect(journal.records).toMatchObject([
    {
      slot: "20261122T0700Z",
      outcome: "failed",
      attempts: [{ unit: "one", attempt: 2, failure: "interrupted" }],
    },
  ]);
  expect(await controls(fleet)).toEqual([
    "park one by pullbeat: its beat was cut off before it published, twice",
  ]);
  expect(claims).toEqual([]);
  await say(fleet, "unpark");
  await ticks(fleet, 1);
  expect(fleet.asked()).toBe(1);
});

test("a task whose beat is killed once is tried once more, and nothing is held against it", async () => {
  const fleet = await make("server");
  await killed(fleet);
  await ticks(fleet, 1);
  expect(fleet.asked()).toBe(1);
  expect((await read(fleet.flow)).journal.records).toMatchObject([
    { turn: 2, attempts: [{ failure: "engine/server" }] },
  ]);
  expect(await controls(fleet)).toEqual([]);
});

test("a task whose agent breaks in the same way twice is parked", async () => {
  const fleet = await make("server");
  let broke = 0;
  const work = (): never => {
    broke++;
    throw new Error("out of luck");
  };
  await ticks({ ...fleet, flow: { ...fleet.flow, engine: () => ({ work }) } }, 3);
  expect(broke).toBe(2);
  expect(await controls(fleet)).toEqual([
    "park one by pullbeat: failed twice in the same way (engine/bug): broke: out of luck",
  ]);
});
