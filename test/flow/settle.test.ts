import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { trailerFault, readTrailers } from "../../src/domain/text/trailer.ts";
import { order } from "../../src/flow/control.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { overtaken } from "./overtaken.ts";
import { doneText, nothing, refs, settleBench, SPEC, taskPath, taskText } from "./settle-bench.ts";

test("an approved pull merges: the work is at the tip, the branch and the pull are gone", async () => {
  const { world, flow, propose, review, pulls } = await settleBench();
  const number = await propose();
  await settle(flow);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
  await review(number, "ann", "approve");
  const settled = await settle(flow);
  expect(settled.merged).toEqual([{ pull: 1, title: "T-aaaa: Write T-aaaa", what: "approved by ann" }]);
  expect(settled.madeReady).toBe(true);
  expect(await world.file("reports/T-aaaa.md")).toBe("All is well.\n");
  expect(await world.file(taskPath("T-aaaa"))).toBe(doneText("T-aaaa"));
  expect(await pulls()).toEqual([]);
  expect(await world.show()).toMatch(/^refs\/heads\/main\n[^]*refs\/heads\/pullbeat\/journal\n[^]*$/);
  expect(await world.show()).not.toContain("pullbeat/work");
});

test("the merge commit is the merge of the tip and the approved head, and says who approved what", async () => {
  const { world, flow, propose, review, pulls, journal } = await settleBench();
  const number = await propose();
  const tip = (await world.far("rev-parse", "main")).trim();
  const [{ head } = { head: null }] = await pulls();
  await review(number, "ann", "approve");
  await settle(flow);
  expect((await world.far("rev-list", "--parents", "-1", "main")).trim().split(" ").slice(1)).toEqual([
    tip,
    head,
  ]);
  const message = await world.far("log", "-1", "--format=%B", "main");
  expect(trailerFault(message)).toBeNull();
  expect(Object.fromEntries(readTrailers(message))).toMatchObject({
    "Pullbeat-Tier": ["human"],
    "Pullbeat-Decision": ["human"],
    "Pullbeat-Rules": ["default:human"],
    "Pullbeat-Policy": [(await world.far("rev-parse", "main:.github/pullbeat.yml")).trim()],
    "Pullbeat-Head": [head],
    "Pullbeat-Base": [tip],
    "Pullbeat-Gates": ["paths=pass size=pass secrets=pass record=pass references=pass"],
    "Pullbeat-Approved-By": [expect.stringMatching(new RegExp(`^ann \\w+ ${head}$`))],
    "Pullbeat-Tokens": ["110"],
    "Pullbeat-Cost-USD": ["0.5000"],
    "Pullbeat-Record": ["beats/2026/11/22/writer@20261122T0701Z/record.json"],
  });
  expect(await journal(/^merges\//)).toMatchObject([
    {
      pull: 1,
      unit: "T-aaaa",
      head,
      base: tip,
      result: "pass",
      clearance: { tier: "human", by: "human", rules: ["default:human"] },
    },
  ]);
  expect(await journal(/^pulls\//)).toMatchObject([
    { number: 1, state: "merged", ended: { by: "ann" }, reviews: [{ by: "ann" }] },
  ]);
});

test("a push after the approval takes the approval's force away", async () => {
  const { world, flow, propose, review } = await settleBench();
  const number = await propose();
  await review(number, "ann", "approve");
  await propose({ round: 2, files: { "reports/T-aaaa.md": "All is lost.\n" } });
  expect((await settle(flow)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
  await review(number, "bob", "approve");
  expect((await settle(flow)).merged).toMatchObject([{ what: "approved by bob" }]);
  expect(await world.file("reports/T-aaaa.md")).toBe("All is lost.\n");
});

test("an approval counts on a later head that changes exactly the same", async () => {
  const { flow, propose, review } = await settleBench();
  const number = await propose();
  await review(number, "ann", "approve");
  await propose({ round: 2, files: {} });
  expect((await settle(flow)).merged).toMatchObject([{ pull: 1 }]);
});

test("a request for changes stands until the same person approves", async () => {
  const { flow, propose, review } = await settleBench();
  const number = await propose();
  await review(number, "bob", "request-changes", "shorter");
  await review(number, "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  await review(number, "bob", "approve");
  expect((await settle(flow)).merged).toHaveLength(1);
});

test("somebody who pushed to the branch does not approve it while others could", async () => {
  const { world, flow, propose, review, pulls } = await settleBench();
  const number = await propose();
  await world.git("fetch", "--quiet", "origin", "pullbeat/work/T-aaaa--1");
  await world.git("checkout", "--quiet", "FETCH_HEAD");
  await world.git("commit", "--quiet", "--allow-empty", "--message", "a word of mine");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/T-aaaa--1");
  await review(number, "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(await pulls()).toHaveLength(1);
  await review(number, "bob", "approve");
  expect((await settle(flow)).merged).toHaveLength(1);
});

test("settling twice changes nothing the second time", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  await propose({ id: "T-bbbb", files: { "prices.md": "1\n" } });
  await settle(flow);
  const before = await refs(world);
  expect(await settle(flow)).toEqual(nothing);
  expect(await refs(world)).toBe(before);
});

test("settling with nothing open writes nothing", async () => {
  const { world, flow } = await settleBench();
  const before = await refs(world);
  expect(await settle(flow)).toEqual(nothing);
  expect(await refs(world)).toBe(before);
});

test("two settles at once merge each pull once", async () => {
  const { world, flow, another, propose, review, journal } = await settleBench();
  for (const id of ["T-aaaa", "T-bbbb"]) await review(await propose({ id }), "ann", "approve");
  const others = [flow, await another(), await another()];
  const ends = await Promise.all(others.map((w) => settle(w)));
  expect(ends.flatMap((e) => e.merged.map((m) => m.pull)).toSorted((a, b) => a - b)).toEqual([1, 2]);
  expect((await world.far("log", "--merges", "--format=%s", "main")).trim().split("\n")).toHaveLength(2);
  expect(await journal(/^merges\//)).toHaveLength(2);
  expect(await settle(flow)).toEqual(nothing);
});

test("a base branch that moves between deciding and merging is what the merge stands on", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  let tip = "";
  const late = overtaken(flow, async () => (tip = await world.commit({ "notes.md": "by hand\n" })));
  expect((await settle(late)).merged).toHaveLength(1);
  expect((await world.far("rev-parse", "main^1")).trim()).toBe(tip);
  expect(await world.file("notes.md")).toBe("by hand\n");
});

test("a branch that moves between deciding and merging is not merged", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  const late = overtaken(flow, () => propose({ round: 2, files: { "reports/T-aaaa.md": "Other words.\n" } }));
  expect((await settle(late)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

test("policy is the tip's: a fence that was drawn tighter holds for what was proposed before", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  await world.commit({ "agents/writer.md": SPEC.replace("reports/*.md", "drafts/*.md") });
  const settled = await settle(flow);
  expect(settled.merged).toEqual([]);
  expect(settled.judged).toMatchObject([{ pull: 1, what: "the gates say: fail" }]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

test("a failed gate asks for changes once, in the fleet's name", async () => {
  const { flow, propose, review, pulls } = await settleBench();
  const number = await propose({ files: { "prices.md": "1\n" } });
  await review(number, "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [], judged: [{ pull: 1 }], madeReady: true });
  expect(await settle(flow)).toEqual(nothing);
  const [pull] = await pulls();
  expect(pull?.reviews.filter((r) => r.by === "fleet-bot")).toMatchObject([
    { verdict: "request-changes", body: expect.stringContaining("prices.md: outside what writer produces") },
  ]);
});

test("a conflict is said once and never forced", async () => {
  const { world, flow, propose, review, pulls } = await settleBench();
  await review(await propose(), "ann", "approve");
  const tip = await world.commit({ "reports/T-aaaa.md": "Somebody wrote it by hand.\n" });
  expect((await settle(flow)).conflicts).toMatchObject([{ pull: 1 }]);
  expect(await settle(flow)).toEqual(nothing);
  expect((await world.far("rev-parse", "main")).trim()).toBe(tip);
  const [pull] = await pulls();
  expect(pull?.reviews.filter((r) => r.body.startsWith("Conflict: "))).toMatchObject([
    { verdict: "comment", body: expect.stringContaining("reports/T-aaaa.md") },
  ]);
});

test("what a person and an agent changed in one task's file comes together, field by field and line by line", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  const file = taskPath("T-aaaa");
  const edited = taskText("T-aaaa").replace("status: todo", "status: todo # soon\npriority: urgent");
  await world.commit({ [file]: edited.replace("Write it.", "Write it.\n\nShort, please.") });
  expect((await settle(flow)).merged).toMatchObject([{ pull: 1 }]);
  expect(await world.file(file)).toBe(
    edited.replace("todo", "done").replace("Write it.", "Write it.\n\nShort, please."),
  );
  expect(await world.file("reports/T-aaaa.md")).toBe("All is well.\n");
});

test.each([
  ["the same line of its text", "Write it.", "Write it at length."],
  ["the same field", "title: Write T-aaaa", "title: Write less"],
])("a task's file in which both changed %s is a conflict", async (_, from, to) => {
  const { world, flow, propose, review } = await settleBench();
  const path = taskPath("T-aaaa");
  const theirs = doneText("T-aaaa")
    .replace("Write it.", "Write all of it.")
    .replace("title: Write", "title: Draft");
  await review(await propose({ files: { [path]: theirs, "reports/T-aaaa.md": "x\n" } }), "ann", "approve");
  const tip = await world.commit({ [path]: taskText("T-aaaa").replace(from, to) });
  expect(await settle(flow)).toMatchObject({ merged: [] });
  expect((await world.far("rev-parse", "main")).trim()).toBe(tip);
});

test("a conflict in a task's file and in another is one of both, and the task's file stays as it is", async () => {
  const { world, flow, propose, review, pulls } = await settleBench();
  await review(await propose(), "ann", "approve");
  const edited = taskText("T-aaaa").replace("status: todo", "status: todo\npriority: urgent");
  await world.commit({ [taskPath("T-aaaa")]: edited, "reports/T-aaaa.md": "By hand.\n" });
  expect((await settle(flow)).conflicts).toMatchObject([{ pull: 1 }]);
  expect(await world.file(taskPath("T-aaaa"))).toBe(edited);
  expect((await pulls())[0]?.reviews.at(-1)?.body).toContain("reports/T-aaaa.md");
});

test("a hold stops an approved pull until it ends", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  const say = { targets: ["writer"], who: "ann", why: "", until: null };
  await order(flow, { ...say, verb: "hold" });
  expect((await settle(flow)).merged).toEqual([]);
  world.clock.pass(1);
  await order(flow, { ...say, verb: "resume" });
  expect((await settle(flow)).merged).toHaveLength(1);
});

test("work on a task that is done at the tip already does not merge", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  await world.commit({ [taskPath("T-aaaa")]: taskText("T-aaaa").replace("todo", "dropped") });
  expect((await settle(flow)).merged).toEqual([]);
});

test("what somebody merged by hand is taken into the journal", async () => {
  const { world, flow, propose, pulls, journal } = await settleBench();
  await propose();
  await world.git("fetch", "--quiet", "origin");
  await world.git("merge", "--quiet", "--no-ff", "--message", "mine", "origin/pullbeat/work/T-aaaa--1");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/main");
  expect((await settle(flow)).merged).toMatchObject([{ pull: 1, what: "merged by hand" }]);
  expect(await journal(/^merges\//)).toMatchObject([{ approvals: [], result: "pass" }]);
  expect(await pulls()).toEqual([]);
});

test("a pull with a review that cannot be read does not merge", async () => {
  const { world, flow, propose, review } = await settleBench();
  await review(await propose(), "ann", "approve");
  const ref = "refs/pullbeat/pulls/1";
  await world.git("fetch", "--quiet", "origin", ref);
  await world.git("checkout", "--quiet", "FETCH_HEAD");
  await writeFile(join(world.clone, "reviews/00002-x.json"), "no");
  await world.git("add", "--all");
  await world.git("commit", "--quiet", "--message", "broken");
  await world.git("push", "--quiet", "origin", `HEAD:${ref}`);
  expect((await settle(flow)).merged).toEqual([]);
});
