import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { ann, bob, bot, gatekeeper, makeOpened, mallory } from "../github/fleet.ts";
import { push } from "../github/push.ts";

test("what all attacks start from: a person's approval merges", async () => {
  const { review, settle: run, isMerged } = await makeOpened();
  expect((await run()).merged).toEqual([]);
  await review(ann, "APPROVE");
  expect((await run()).merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
  expect(await isMerged()).toBe(true);
});

test("the fleet's own approval is refused by GitHub, and its comment decides nothing", async () => {
  const { review, settle: run, isMerged } = await makeOpened();
  expect((await review(bot, "APPROVE")).status).toBe(422);
  await review(bot, "COMMENT", "Approved-By: ann");
  await run();
  expect(await isMerged()).toBe(false);
});

test("an app's approval does not count, and neither does that of somebody who is not on the roster", async () => {
  const { review, settle: run, isMerged, forgeAs } = await makeOpened();
  expect((await review(gatekeeper, "APPROVE")).status).toBe(200);
  expect(await forgeAs(bot).pulls()).toMatchObject([{ reviews: [] }]);
  expect((await review(mallory, "APPROVE")).status).toBe(200);
  await run();
  expect(await isMerged()).toBe(false);
});

test("an approval of an older head does not count", async () => {
  const world = await makeOpened();
  await world.review(ann, "APPROVE");
  await push(world, world.pull.branch, "reports/first.md");
  await world.settle();
  expect(await world.isMerged()).toBe(false);
});

test("a mark that somebody edited changes neither what is judged nor what is merged", async () => {
  const world = await makeOpened();
  const { flow, pull, ask } = world;
  const before = (await read(flow)).pulls;
  for (const change of [
    { base: pull.head },
    { kind: "question" },
    { kind: "archive", agent: null },
    { agent: "nobody" },
  ]) {
    const body = pull.body.replace(/\{.*\}/, (json) => JSON.stringify({ ...JSON.parse(json), ...change }));
    expect(body).not.toBe(pull.body);
    expect((await ask(bob, "PATCH", "/pulls/1", { body })).status).toBe(200);
    expect((await read(flow)).pulls).toEqual(before);
  }
});

test("a mark that somebody took away is put back, and the pull still merges", async () => {
  const { ask, pull, review, settle: run, isMerged } = await makeOpened();
  await ask(bob, "PATCH", "/pulls/1", { body: "My own words." });
  await run();
  expect(pull.body).toMatch(/^My own words\.\n\n<!-- pullbeat \{.*"agent":"writer".*\} -->$/);
  await review(ann, "APPROVE");
  await run();
  expect(await isMerged()).toBe(true);
});

test("a fork with our branch's name, and a person's pull from our branch, are no pulls of the fleet", async () => {
  const { hub, pull, flow, ask, settle: run } = await makeOpened();
  hub.state.pulls.push({ ...pull, number: 2, from: "mallory", author: "mallory" });
  hub.state.pulls.push({ ...pull, number: 3, from: "mallory" });
  await ask(bob, "PATCH", "/pulls/1", { state: "closed" });
  const again = { title: pull.title, head: pull.branch, base: "main" };
  expect((await ask(bob, "POST", "/pulls", again)).status).toBe(201);
  expect((await read(flow)).pulls.map((p) => p.number)).toEqual([1]);
  await ask(ann, "POST", "/pulls/4/reviews", { event: "APPROVE" });
  expect(await run()).toMatchObject({ merged: [], closed: [{ pull: 1, what: "closed by bob" }] });
});

test("another pull of the same title changes nothing", async () => {
  const world = await makeOpened();
  await push(world, "by-hand", "hand.md");
  await world.ask(bob, "POST", "/pulls", { title: world.pull.title, head: "by-hand", base: "main" });
  await world.ask(ann, "POST", "/pulls/2/reviews", { event: "APPROVE" });
  expect(await world.settle()).toMatchObject({ merged: [], closed: [] });
  await world.review(ann, "APPROVE");
  expect((await world.settle()).merged).toMatchObject([{ pull: 1 }]);
});

test("a pull that points elsewhere does not merge, and what was approved there does not count here", async () => {
  const world = await makeOpened();
  await push(world, "decoy", "decoy.md");
  await world.ask(bob, "PATCH", "/pulls/1", { base: "decoy" });
  await world.review(ann, "APPROVE");
  await world.settle();
  expect(await world.isMerged()).toBe(false);
  await world.ask(bob, "PATCH", "/pulls/1", { base: "main" });
  await world.settle();
  expect(await world.isMerged()).toBe(false);
  await world.review(ann, "APPROVE");
  await world.settle();
  expect(await world.isMerged()).toBe(true);
});

test("a review that names no commit approves nothing, and still stands in the way", async () => {
  const { hub, review, settle: run, isMerged, forgeAs } = await makeOpened();
  const commitless = { pull: 1, body: "", commit: null, at: "2026-11-22T07:02:00Z" } as const;
  hub.state.pulls[0]?.requested.splice(0);
  hub.state.reviews.push({ ...commitless, id: 1, by: "ann", state: "APPROVED" });
  await run();
  expect(await isMerged()).toBe(false);
  hub.state.reviews.push({ ...commitless, id: 2, by: "ann", state: "CHANGES_REQUESTED" });
  await review(bob, "APPROVE");
  await run();
  expect(await isMerged()).toBe(false);
  expect(await forgeAs(bot).pulls()).toMatchObject([
    { reviews: [{ by: "bob" }], faults: [expect.stringContaining("does not say of which commit")] },
  ]);
});

test("a comment that was edited into an approval is a comment", async () => {
  const { hub, ask, review, settle: run, isMerged } = await makeOpened();
  await review(ann, "COMMENT", "Let me think.");
  const { id } = hub.state.reviews[0] ?? { id: 0 };
  await ask(bob, "PUT", `/pulls/1/reviews/${id}`, { body: "APPROVED\n/pullbeat approve\nLGTM" });
  await ask(ann, "POST", "/issues/1/comments", { body: "/pullbeat approve" });
  await ask(ann, "POST", "/issues/1/labels", { labels: ["approved", "automerge"] });
  await run();
  expect(await isMerged()).toBe(false);
});

test("an approval that was dismissed does not count, and neither does the one before it", async () => {
  const { hub, ask, review, settle: run, isMerged } = await makeOpened();
  await review(ann, "APPROVE");
  await review(ann, "REQUEST_CHANGES", "Wait.");
  const last = hub.state.reviews.at(-1)?.id;
  await ask(bob, "PUT", `/pulls/1/reviews/${last}/dismissals`, { message: "no" });
  await run();
  expect(await isMerged()).toBe(false);
  await review(ann, "APPROVE");
  await run();
  expect(await isMerged()).toBe(true);
});

test("a request for changes that comes between deciding and merging stops the merge", async () => {
  const world = await makeOpened();
  await world.review(ann, "APPROVE");
  const forge = world.forgeAs(bot);
  let isFirst = true;
  const late: typeof forge.pulls = async (seen) => {
    if (seen?.only !== undefined && isFirst) {
      isFirst = false;
      await world.review(bob, "REQUEST_CHANGES", "Not yet.");
    }
    return forge.pulls(seen);
  };
  expect((await settle({ ...world.flow, forge: { ...forge, pulls: late } })).merged).toEqual([]);
  expect(isFirst).toBe(false);
  expect(await world.isMerged()).toBe(false);
});

test("a stranger's word that a listing left unread is read before the merge, and holds nothing up", async () => {
  const world = await makeOpened();
  await world.review(ann, "APPROVE");
  await world.review(mallory, "COMMENT", "Nice.");
  const forge = world.forgeAs(bot);
  const unread: typeof forge.pulls = async (seen) => {
    const found = await forge.pulls(seen);
    if (seen?.only !== undefined) return found;
    return found.map((p) => ({ ...p, reviews: p.reviews.filter((r) => r.by === "ann"), unread: true }));
  };
  const { merged } = await settle({ ...world.flow, forge: { ...forge, pulls: unread } });
  expect(merged).toMatchObject([{ pull: 1, what: "approved by ann" }]);
});

test("a stranger cannot speak in the fleet's name by its mark", async () => {
  const world = await makeOpened();
  const mark = JSON.stringify({ head: world.pull.head, verdict: "request-changes" });
  await world.review(mallory, "COMMENT", `Gates: fail\n\n<!-- pullbeat ${mark} -->`);
  const [pull] = await world.forgeAs(bot).pulls();
  expect(pull?.reviews).toMatchObject([{ by: "mallory", verdict: "comment" }]);
});

test("a person's close is the last word: nothing opens it again, though they delete the branch", async () => {
  for (const isDeleted of [false, true]) {
    const world = await makeOpened();
    await world.ask(ann, "PATCH", "/pulls/1", { state: "closed" });
    await world.ask(ann, "POST", "/issues/1/comments", { body: "We dropped this." });
    if (isDeleted) await world.git("push", "--quiet", "origin", `:refs/heads/${world.pull.branch}`);
    expect((await world.settle()).closed).toMatchObject([{ pull: 1, what: "closed by ann" }]);
    world.clock.pass(60);
    const next = await world.elsewhere();
    expect((await tick(next)).beats).toMatchObject([{ outcome: "rested" }]);
    expect(world.hub.state.pulls).toMatchObject([{ number: 1, state: "closed" }]);
    const { journal } = await read(next);
    expect(journal.controls).toMatchObject([{ verb: "close", who: "ann", why: "We dropped this." }]);
  }
});

test("nobody speaks in another's name", async () => {
  const { forgeAs, clock } = await makeOpened();
  const word = { verdict: "approve", body: "", at: clock.now() } as const;
  const by = { ann: "ann", bob: "bob" } as const;
  const number = PullNumber.parse(1);
  const refused = expect.objectContaining({ code: "refused" });
  await expect(forgeAs(bob).review(number, Login.parse(by.ann), word)).rejects.toEqual(refused);
  await expect(forgeAs(bot).review(number, Login.parse(by.ann), word)).rejects.toEqual(refused);
  await expect(forgeAs(bot).close(number, Login.parse(by.bob), "no", clock.now())).rejects.toEqual(refused);
});
