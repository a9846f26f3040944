import { expect, test } from "vitest";
import { Login, PullNumber, Sha } from "../../src/domain/id.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { specText, taskText } from "../fleet.ts";
import { ann, bot, makeStory, type HubWorld } from "../github/fleet.ts";
import type { PullRow } from "../github/state.ts";

/** A pull of the fleet's that waits for two people. */
const ROW = {
  body: "",
  author: "github-actions[bot]",
  state: "open",
  draft: false,
  from: "acme",
  base: "main",
  created: "2026-11-22T07:00:00Z",
  updated: "2026-11-22T07:00:00Z",
  closed: null,
  merged: null,
  labels: [],
} satisfies Partial<PullRow>;

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
    body: expect.stringContaining("Approve it in a review"),
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
  const asked = hub.since();
  // Before beats begin, and when they have ended, it is heard what people said: whatever is opened meanwhile.
  const heard = ["issues/list-comments-for-repo", "issues/list-for-repo"];
  expect(asked.filter((call) => call.startsWith("issues/list")).toSorted()).toEqual(
    heard.flatMap((call) => [`${call} 200`, `${call} 304`]),
  );
  const opening = asked.filter((call) => !/^\w+\/list/.test(call));
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

test("a hundred and twenty pulls that wait for people are three questions", async () => {
  const { hub, forgeAs, repo } = await makeStory();
  const head = (await repo.fetch()).get("refs/heads/main") ?? "";
  const refs = new Map((await repo.fetch()).entries());
  for (let number = 1; number <= 120; number++) {
    const branch = `pullbeat/work/task-${number}--1`;
    refs.set(`refs/heads/${branch}`, Sha.parse(head));
    hub.state.pulls.push({
      ...ROW,
      requested: ["ann", "bob"],
      number,
      title: `Task ${number}`,
      branch,
      head,
    });
  }
  const people = [Login.parse("ann"), Login.parse("bob")];
  const pulls = await forgeAs(bot).pulls({ refs, people });
  expect(pulls).toHaveLength(120);
  expect(hub.since()).toEqual(["pulls/list 200", "pulls/list 200", "pulls/list 200"]);
  const [spoken] = hub.state.pulls;
  spoken?.requested.splice(0, 1);
  await forgeAs(bot).pulls({ refs, people });
  expect(hub.since().toSorted()).toEqual(
    ["pulls/list 200", "pulls/list 200", "pulls/list 200", "pulls/list-reviews 200"].toSorted(),
  );
});

const QUESTION = {
  condition: "unsure",
  question: "Red or blue?",
  evidence: "The brief names both.",
  recommendation: "Blue.",
  silence: "It waits.",
};
const ASKING = {
  files: {
    "agents/writer.md": specText(
      "writer",
      "produces: ['reports/*.md']\nescalates: [{ id: unsure, when: the brief is unclear }]\n",
    ),
    "board/first.md": taskText("first", "writer"),
  },
  scripts: {
    writer: [{ attempt: "first" }, { calls: [{ name: "escalate", arguments: QUESTION }] }]
      .map((line) => JSON.stringify(line))
      .join("\n"),
  },
};

for (const [how, rule] of [
  ["by our own push", null],
  ["by GitHub's merge", {}],
] as const)
  test(`a person's review answers a question, and its agent is woken: ${how}`, async () => {
    const world = await makeStory(ASKING);
    await tick(world.flow);
    expect(world.hub.state.checks.at(-1)?.title).toBe("your turn: answer it in a review");
    await world.hub.protect(rule);
    const said = { verdict: "answer", body: "Blue, please.", at: world.clock.now() } as const;
    await world.forgeAs(ann).review(PullNumber.parse(1), Login.parse("ann"), said);
    expect(world.hub.state.reviews).toMatchObject([{ by: "ann", state: "COMMENTED" }]);
    expect((await settle(await world.elsewhere())).merged).toMatchObject([
      { pull: 1, what: "answered by ann" },
    ]);
    expect(await world.file("board/first.md")).toMatch(/## Question[^]*## Answer[^]*Blue, please\./);
    world.clock.pass(10);
    expect((await tick(await world.elsewhere())).beats).toMatchObject([{ attempts: [{ task: "first" }] }]);
  });

test("an answer that GitHub does not merge leaves the branch as it was, and merges when the rule goes", async () => {
  const world = await makeStory(ASKING);
  await tick(world.flow);
  await world.hub.protect({ approvals: 1 });
  const head = world.hub.state.pulls[0]?.head;
  const said = { verdict: "answer", body: "Blue, please.", at: world.clock.now() } as const;
  await world.forgeAs(ann).review(PullNumber.parse(1), Login.parse("ann"), said);
  expect((await settle(await world.elsewhere())).merged).toEqual([]);
  expect(world.hub.state.pulls).toMatchObject([{ state: "open", head }]);
  expect(world.hub.state.checks.at(-1)?.title).toContain("At least 1 approving review is required");
  await world.hub.protect({});
  expect((await settle(await world.elsewhere())).merged).toMatchObject([{ what: "answered by ann" }]);
});
