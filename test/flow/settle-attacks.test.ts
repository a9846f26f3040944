import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { PullDraft } from "../../src/domain/pull/pull.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { overtaken } from "./overtaken.ts";
import { nothing, settleBench, SPEC, taskPath, taskText, type Bench } from "./settle-bench.ts";

const ann = Login.parse("ann");

test("a person's request for changes that comes between deciding and merging stops the merge", async () => {
  const { world, flow, propose, review, pulls } = await settleBench();
  const number = await propose();
  await review(number, "ann", "approve");
  const late = overtaken(flow, () => review(number, "bob", "request-changes", "wait"));
  expect((await settle(late)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
  expect(await pulls()).toMatchObject([{ reviews: [{ by: "ann" }, { by: "bob" }] }]);
});

test("a person's close that comes between deciding and merging stops the merge", async () => {
  const { world, flow, propose, review } = await settleBench();
  const number = await propose();
  await review(number, "ann", "approve");
  const late = overtaken(flow, () => flow.forge.close(number, ann, "no", world.clock.now()));
  expect(await settle(late)).toMatchObject({ merged: [], closed: [{ pull: 1 }] });
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

/** What a pull was opened with, changed by hand on the remote. */
async function doctored({ world, flow }: Bench, change: Readonly<Record<string, unknown>>): Promise<void> {
  const ref = "refs/pullbeat/pulls/1";
  const from = (await flow.repo.fetch()).get(ref);
  if (from === undefined) throw new Error("there is no pull");
  const opened: Record<string, unknown> = JSON.parse((await world.file("pull.json", ref)) ?? "");
  const content = JSON.stringify({ ...opened, ...change });
  const who = { name: "ann", email: "ann@example.com" };
  const [to = from] = await flow.repo.write([
    {
      parents: [from],
      files: [{ path: "pull.json", content }],
      message: "by hand",
      who,
      at: world.clock.now(),
    },
  ]);
  await flow.repo.push([{ ref, from, to }]);
}

test("a pull whose base is no commit does not merge, and keeps no other pull from merging", async () => {
  const bench = await settleBench();
  const { flow, propose, review } = bench;
  await review(await propose(), "ann", "approve");
  await review(await propose({ id: "T-bbbb" }), "ann", "approve");
  await doctored(bench, { base: "1".repeat(40) });
  expect((await settle(flow)).merged).toMatchObject([{ pull: 2 }]);
  expect(await bench.pulls()).toMatchObject([{ number: 1 }]);
  await flow.forge.close(PullNumber.parse(1), ann, "broken", bench.world.clock.now());
  expect((await settle(flow)).closed).toMatchObject([{ pull: 1 }]);
  expect(await settle(flow)).toEqual(nothing);
});

test("a pull that names another branch than a proposal's is no pull: its end cannot delete that branch", async () => {
  const bench = await settleBench();
  const { world, flow, propose } = bench;
  await propose();
  await flow.forge.close(PullNumber.parse(1), ann, "no", world.clock.now());
  await doctored(bench, { branch: "main" });
  await settle(flow);
  expect((await world.far("rev-parse", "main")).trim()).toMatch(/^[0-9a-f]{40}$/);
  expect(PullDraft.shape.branch.safeParse("main").success).toBe(false);
});

/** A pull onto whose branch Ann pushed a commit as whoever she likes, and which she approves. */
async function annsOwn(email: string): Promise<Bench> {
  const bench = await settleBench();
  const { world, propose, review } = bench;
  const number = await propose();
  await world.git("fetch", "--quiet", "origin", "pullbeat/work/T-aaaa--1");
  await world.git("checkout", "--quiet", "FETCH_HEAD");
  await world.git("-c", `user.email=${email}`, "commit", "--quiet", "--allow-empty", "--message", "mine");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/T-aaaa--1");
  await review(number, "ann", "approve");
  return bench;
}

test.each([
  ["her address", "Ann@Example.COM"],
  ["the address that GitHub gave her", "1234567+ann@users.noreply.github.com"],
  ["an address that nobody knows", "home@example.com"],
  ["the fleet's address", "pullbeat@users.noreply.github.com"],
])("who wrote it does not approve it alone: not as %s", async (_, email) => {
  const { flow, review, pulls } = await annsOwn(email);
  expect((await settle(flow)).merged).toEqual([]);
  const [pull] = await pulls();
  await review(pull?.number ?? PullNumber.parse(1), "bob", "approve");
  expect((await settle(flow)).merged).toHaveLength(1);
});

test("the pull of a task that is called archive-something keeps its own text", async () => {
  const id = "archive-old-posts";
  const { flow, propose, pulls } = await settleBench({
    [taskPath(id)]: taskText(id),
    "agents/writer.md": SPEC,
  });
  await propose({ id });
  expect(await settle(flow)).toEqual(nothing);
  expect(await pulls()).toMatchObject([{ kind: "work", title: `${id}: Write ${id}` }]);
});
