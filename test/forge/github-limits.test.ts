import { expect, test } from "vitest";
import { Login } from "../../src/domain/id.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { bucket } from "../../src/forge/github/limit.ts";
import { secondaryLimit } from "../github/double.ts";
import { ann, bot, makeOpened, makeStory } from "../github/fleet.ts";

const pulls = (world: Awaited<ReturnType<typeof makeStory>>): unknown[] =>
  world.hub.state.pulls.map(({ number, state, labels, requested }) => ({ number, state, labels, requested }));
const OPEN = { number: 1, state: "open", labels: ["your-turn"], requested: ["ann", "bob"] };

for (const status of [403, 429])
  test(`a ${status} that says how long to wait is waited for, wherever in publishing it comes`, async () => {
    const operations = [
      "checks/create",
      "pulls/create",
      "pulls/request-reviewers",
      "issues/add-labels",
      "pulls/list",
    ];
    for (const operation of operations) {
      const world = await makeStory();
      world.hub.trouble({ operation, ...secondaryLimit(7, status) });
      expect((await tick(world.flow)).beats).toMatchObject([{ attempts: [{ pull: 1 }] }]);
      expect(pulls(world)).toEqual([OPEN]);
      expect(world.hub.state.checks).toHaveLength(1);
    }
  });

for (const [wait, when] of [
  [null, /does not say when/],
  [3600, /in 3600 seconds/],
] as const)
  test(`a limit that says ${wait} is reached: nothing is lost, and nothing done twice`, async () => {
    for (const operation of ["pulls/create", "issues/add-labels"]) {
      const world = await makeStory();
      world.hub.trouble({ operation, ...secondaryLimit(wait, 429) });
      const reached = { code: "limit", next: expect.stringMatching(when) };
      await expect(tick(world.flow)).rejects.toMatchObject(reached);
      expect((await settle(await world.elsewhere())).reopened).toEqual(
        operation === "pulls/create" ? [1] : [],
      );
      expect(pulls(world)).toEqual([OPEN]);
      world.clock.pass(60);
      expect((await tick(await world.elsewhere())).beats).toMatchObject([{ outcome: "rested" }]);
      expect(pulls(world)).toEqual([OPEN]);
    }
  });

test("a server that breaks once, before or after the deed, changes nothing about what comes of it", async () => {
  for (const done of [false, true]) {
    const world = await makeStory();
    for (const operation of ["checks/create", "pulls/request-reviewers", "issues/add-labels"])
      world.hub.trouble({ operation, status: 502, done });
    expect((await tick(world.flow)).beats).toMatchObject([{ attempts: [{ pull: 1 }] }]);
    expect(pulls(world)).toEqual([OPEN]);
  }
});

test("an answer that got lost is looked for: neither a second pull nor a second review", async () => {
  const world = await makeStory();
  world.hub.trouble({ operation: "pulls/create", done: true });
  expect((await tick(world.flow)).beats).toMatchObject([{ attempts: [{ pull: 1 }] }]);
  expect(pulls(world)).toEqual([OPEN]);
  const said = { verdict: "request-changes", body: "Shorter.", at: world.clock.now() } as const;
  const [pull] = await world.flow.forge.pulls();
  world.hub.trouble({ operation: "pulls/create-review", done: true, status: 502 });
  await world.forgeAs(ann).review(pull?.number ?? fail(), Login.parse("ann"), said);
  expect(world.hub.state.reviews).toMatchObject([{ by: "ann", state: "CHANGES_REQUESTED" }]);
});

const fail = (): never => {
  throw new Error("no pull");
};

test("lists that come late make neither a second pull nor a lost review", async () => {
  const world = await makeStory();
  world.hub.lag(4);
  expect((await tick(world.flow)).beats).toMatchObject([{ attempts: [{ pull: 1 }] }]);
  world.hub.lag(2);
  await settle(await world.elsewhere());
  expect(pulls(world)).toEqual([OPEN]);
  const opened = await makeOpened();
  await opened.review(ann, "APPROVE");
  await opened.ask(ann, "PATCH", "/pulls/1", { state: "closed" });
  await opened.ask(ann, "PATCH", "/pulls/1", { state: "open" });
  opened.hub.lag(3);
  await opened.review(ann, "REQUEST_CHANGES", "I changed my mind.");
  expect((await opened.settle()).merged).toEqual([]);
});

test("each no of GitHub's says what to do", async () => {
  const says = [
    [401, "Bad credentials", "config", /set GITHUB_TOKEN to a token that is alive/],
    [403, "Resource not accessible by integration", "config", /permissions/],
    [404, "Not Found", "config", /forge\.repository/],
    [500, "Server Error", "remote", /try again later/],
    [429, "Too many requests", "limit", /does not say when/],
  ] as const;
  for (const [status, message, code, next] of says) {
    const world = await makeStory();
    world.hub.trouble({ status, message, times: 9 });
    await expect(read(world.flow)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`${message} (${status})`),
      next: expect.stringMatching(next),
    });
  }
});

test("a connection that breaks is tried again, and one that stays broken is a fault", async () => {
  const world = await makeStory();
  world.hub.trouble({ operation: "pulls/list", times: 2 });
  expect((await read(world.flow)).pulls).toEqual([]);
  world.hub.trouble({ operation: "pulls/list", times: 99 });
  await expect(read(await world.elsewhere())).rejects.toMatchObject({ code: "remote" });
});

test("without a token nothing is asked, and the fault names the variable", async () => {
  const world = await makeStory();
  const mute = world.forgeAs({ ...bot, token: "" });
  await expect(mute.pulls()).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("GITHUB_TOKEN is empty"),
  });
  expect(world.hub.heard).toEqual([]);
});

test("a token that is not the fleet's opens no pull in a person's name", async () => {
  const world = await makeStory();
  const hers = { ...world.flow, forge: world.forgeAs(ann) };
  await expect(tick(hers)).rejects.toMatchObject({
    code: "config",
    next: expect.stringContaining("forge.account: ann"),
  });
  expect(world.hub.state.pulls).toEqual([]);
});

test("the bucket stops the fleet before people, and everybody before GitHub does", () => {
  const writes = bucket();
  const now = 1_000_000_000;
  const take = (asker: "fleet" | "person", n: number, at = now): (number | null)[] =>
    Array.from({ length: n }, () => writes.take(asker, at));
  expect(new Set(take("fleet", 64))).toEqual(new Set([0]));
  expect(take("fleet", 1)).toEqual([60_000]);
  expect(new Set(take("person", 16))).toEqual(new Set([0]));
  expect(take("person", 1)).toEqual([60_000]);
  expect(take("fleet", 1, now + 60_000)).toEqual([0]);
});

test("an hour's writes, and a clock that tells nothing, are limits that are reached", () => {
  const writes = bucket();
  writes.spent(320, 1_000_000_000);
  expect(writes.take("fleet", 1_000_000_000)).toBeNull();
  expect(writes.take("person", 1_000_000_000)).toBe(0);
  expect(bucket().take("person", Number.NaN)).toBeNull();
});
