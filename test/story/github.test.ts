import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { settle } from "../../src/flow/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { ann, bot, makeStory, type HubWorld } from "../github/fleet.ts";

const approve = (world: HubWorld, number: number): Promise<boolean> =>
  world.forgeAs(ann).review(PullNumber.parse(number), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at: world.clock.now(),
  });

test("a tick opens pulls, a person approves, settle merges, and the next task is worked", async () => {
  const world = await makeStory();
  const { flow, hub, clock } = world;
  const { beats } = await tick(flow);
  expect(beats).toMatchObject([{ agent: "writer", attempts: [{ task: "first", pull: 1 }] }]);
  const [pull] = hub.state.pulls;
  expect(pull).toMatchObject({
    author: "github-actions[bot]",
    title: "first: Do first",
    labels: ["your-turn"],
    requested: ["ann", "bob"],
  });
  expect(hub.state.checks).toMatchObject([
    { name: "pullbeat", sha: pull?.head, conclusion: "success", title: expect.stringMatching(/^your turn/) },
  ]);
  expect((await settle(flow)).merged).toEqual([]);
  await approve(world, 1);
  expect((await settle(flow)).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(await world.file("reports/first.md")).toBe("# By the writer of first\n");
  expect(hub.state.pulls).toMatchObject([{ number: 1, merged: { by: bot.login } }]);
  expect(await world.far("log", "-1", "--format=%B", "main")).toContain("Pullbeat-Approved-By: ann");
  clock.pass(10);
  expect((await tick(flow)).beats).toMatchObject([{ attempts: [{ task: "second", pull: 2 }] }]);
  await approve(world, 2);
  expect((await settle(flow)).merged).toMatchObject([{ pull: 2 }]);
  expect(await world.file("reports/second.md")).toBe("# By the writer of second\n");
});

test("a tick that finds nothing asks twice, and opening a pull takes four calls", async () => {
  const world = await makeStory();
  const { hub } = world;
  await tick(world.flow);
  const opening = hub.since().filter((call) => !call.startsWith("pulls/list"));
  expect(opening).toEqual([
    "checks/create 201",
    "pulls/create 201",
    "pulls/request-reviewers 201",
    "issues/add-labels 200",
  ]);
  await tick(await world.elsewhere());
  expect(hub.since()).toEqual(["pulls/list 200", "pulls/list 200"]);
  const again = await world.elsewhere();
  await tick(again);
  hub.since();
  await tick(again);
  expect(hub.since()).toEqual(["pulls/list 304", "pulls/list 304"]);
});
