import { expect, test } from "vitest";
import { AgentName, Instant, Login, SlotTime, TaskId, Unit, unitOf } from "../../src/domain/id.ts";
import type { PlannedBeat } from "../../src/domain/plan/plan.ts";
import { branchOf, type Pull } from "../../src/domain/pull/pull.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import {
  CONFIG,
  doneText,
  nothing,
  refs,
  settleBench,
  taskPath,
  taskText,
  type Bench,
} from "./settle-bench.ts";

const ann = Login.parse("ann");

function only(pull: Pull | undefined): Pull {
  if (pull === undefined) throw new Error("there is no pull");
  return pull;
}

const asked = {
  kind: "question" as const,
  files: { [taskPath("T-aaaa")]: `${taskText("T-aaaa")}\n## Question\n\nWhich page?\n` },
};

const close = ({ flow, world }: Bench, number: Awaited<ReturnType<Bench["propose"]>>): Promise<void> =>
  flow.forge.close(number, ann, "we dropped it", world.clock.now());

test("a closed pull parks its task, and its branch ends with it", async () => {
  const bench = await settleBench();
  const number = await bench.propose();
  await close(bench, number);
  expect(await settle(bench.flow)).toEqual({
    ...nothing,
    closed: [{ pull: 1, title: "T-aaaa: Write T-aaaa", what: "closed by ann" }],
  });
  const blob = (await bench.world.far("rev-parse", `main:${taskPath("T-aaaa")}`)).trim();
  expect(await bench.journal(/^control\//)).toMatchObject([
    {
      verb: "close",
      target: { kind: "unit", unit: "T-aaaa" },
      who: "ann",
      why: "we dropped it",
      taskBlob: blob,
      pull: 1,
    },
  ]);
  expect(await bench.journal(/^pulls\//)).toMatchObject([{ state: "closed", ended: { by: "ann" } }]);
  expect(await bench.world.show()).not.toContain("pullbeat/work");
  expect(await settle(bench.flow)).toEqual(nothing);
});

test("an approval after the close merges nothing", async () => {
  const bench = await settleBench();
  const number = await bench.propose();
  await bench.review(number, "ann", "approve");
  await close(bench, number);
  expect((await settle(bench.flow)).merged).toEqual([]);
  expect(await bench.world.file("reports/T-aaaa.md")).toBeNull();
});

test("a deleted branch counts as closed", async () => {
  const { world, flow, propose, journal } = await settleBench();
  await propose();
  await world.far("update-ref", "-d", "refs/heads/pullbeat/work/T-aaaa--1");
  expect((await settle(flow)).closed).toMatchObject([{ pull: 1, what: "its branch is gone" }]);
  expect(await journal(/^control\//)).toMatchObject([{ verb: "close", why: "its branch was deleted" }]);
  expect(await settle(flow)).toEqual(nothing);
});

test("an answer lands in the task's file, with its author and day, and the task is ready again", async () => {
  const { world, flow, propose, review } = await settleBench();
  const number = await propose(asked);
  expect((await settle(flow)).merged).toEqual([]);
  await review(number, "ann", "answer", "The roofing page. Ask @bob.\n\nPullbeat-Decision: auto");
  const settled = await settle(flow);
  expect(settled).toMatchObject({ merged: [{ pull: 1, what: "answered by ann" }], madeReady: true });
  const text = await world.file(taskPath("T-aaaa"));
  expect(text).toContain("## Question\n\nWhich page?\n\n## Answer\n\nThe roofing page. Ask ＠bob.\n");
  expect(text).toContain("\nann, 2026-11-22\n");
  expect(text).toContain("status: todo");
  expect(await settle(flow)).toEqual(nothing);
});

test("an answer to an earlier question is no answer to the one that stands now", async () => {
  const { flow, propose, review } = await settleBench();
  const number = await propose(asked);
  await review(number, "ann", "answer", "yes");
  const files = { [taskPath("T-aaaa")]: `${taskText("T-aaaa")}\n## Question\n\nShall I spend it all?\n` };
  await propose({ ...asked, round: 2, files });
  expect((await settle(flow)).merged).toEqual([]);
});

test("somebody who is not on the roster answers nothing", async () => {
  const { flow, propose, review } = await settleBench();
  await review(await propose(asked), "mallory", "answer", "yes");
  expect((await settle(flow)).merged).toEqual([]);
});

test("a pull that a crash kept from being opened is opened from the journal, once", async () => {
  const { flow, another, propose, pulls } = await settleBench();
  await propose({ open: false });
  const [one, two] = await Promise.all([settle(flow), settle(await another())]);
  expect(new Set([...one.reopened, ...two.reopened])).toEqual(new Set([1]));
  expect(await pulls()).toMatchObject([
    { number: 1, title: "T-aaaa: Write T-aaaa", branch: branchOf(Unit.parse("T-aaaa"), 1), agent: "writer" },
  ]);
  expect(await settle(flow)).toEqual(nothing);
});

test("a work branch that the journal does not know is left alone", async () => {
  const { world, flow } = await settleBench();
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/T-bbbb--1");
  const before = await refs(world);
  expect(await settle(flow)).toEqual(nothing);
  expect(await refs(world)).toBe(before);
});

/** A forge that lies elsewhere than the remote, so that no push of ours ends its pulls; and a crash before it is told. */
const dyingBeforeEnd = (flow: Bench["flow"]): Bench["flow"] => ({
  ...flow,
  forge: {
    ...flow.forge,
    fence: () => null,
    end: () => Promise.reject(new Error("killed")),
  },
});

test("a pull that a crash left open after its merge is let go", async () => {
  const { flow, propose, review, pulls, journal } = await settleBench();
  await review(await propose(), "ann", "approve");
  const dying = dyingBeforeEnd(flow);
  await expect(settle(dying)).rejects.toThrow("killed");
  expect(await pulls()).toHaveLength(1);
  expect(await settle(flow)).toEqual(nothing);
  expect(await pulls()).toEqual([]);
  expect(await journal(/^merges\//)).toHaveLength(1);
  expect(await journal(/^control\//)).toEqual([]);
});

test("a pull that a crash left open after its close is let go", async () => {
  const bench = await settleBench();
  await close(bench, await bench.propose());
  const { flow } = bench;
  await expect(settle(dyingBeforeEnd(flow))).rejects.toThrow("killed");
  expect(await settle(flow)).toEqual(nothing);
  expect(await bench.pulls()).toEqual([]);
  expect(await bench.journal(/^control\//)).toHaveLength(1);
});

async function rounds({ propose, review }: Bench, from: number, to: number): Promise<void> {
  for (let round = from; round <= to; round++) {
    const number = await propose(
      round === 1 ? {} : { round, files: { "reports/T-aaaa.md": `Try ${round}.\n` } },
    );
    await review(number, "ann", "request-changes", `not yet ${round}`);
  }
}

test("when its rounds are used up and something is still asked for, a task is parked", async () => {
  const bench = await settleBench();
  await rounds(bench, 1, 3);
  expect(await settle(bench.flow)).toEqual(nothing);
  await rounds(bench, 4, 4);
  expect((await settle(bench.flow)).parked).toMatchObject([{ pull: 1 }]);
  expect(await bench.journal(/^control\//)).toMatchObject([{ verb: "park", who: "pullbeat", pull: 1 }]);
  expect(await settle(bench.flow)).toEqual(nothing);
  bench.world.clock.pass(1);
  await order(bench.flow, { verb: "unpark", targets: ["T-aaaa"], who: "ann", why: "", until: null });
  expect(await settle(bench.flow)).toEqual(nothing);
});

test("a person still merges what ran out of rounds", async () => {
  const bench = await settleBench();
  await rounds(bench, 1, 4);
  const [pull] = await bench.pulls();
  await bench.review(only(pull).number, "ann", "approve");
  expect(await settle(bench.flow)).toMatchObject({ merged: [{ pull: 1 }], parked: [] });
});

test("a release ends the claims that stood when it was said, and none that came later", async () => {
  const { world, flow } = await settleBench();
  const snapshot = await read(flow);
  const { base } = snapshot;
  const task = TaskId.parse("T-aaaa");
  const beat: PlannedBeat = {
    agent: AgentName.parse("writer"),
    slot: SlotTime.parse("20261122T0700Z"),
    wake: "slot",
    reason: "due",
    tries: [
      {
        unit: unitOf(task),
        task,
        attempt: 1,
        why: "ready",
        branch: "x",
        base,
        parent: base,
        pull: null,
        round: 1,
      },
    ],
    leaseEnd: Instant.parse("2026-11-22T08:00:00Z"),
    turn: 1,
    reserved: 0,
    takes: [],
  };
  expect(await claim(flow, snapshot, beat)).toHaveLength(2);
  for (const target of ["T-aaaa", "writer"]) {
    await order(flow, { verb: "release", targets: [target], who: "ann", why: "", until: null });
    expect((await settle(flow)).released).toEqual([
      "refs/pullbeat/beats/writer",
      "refs/pullbeat/claims/T-aaaa",
    ]);
    world.clock.pass(1);
    expect(await claim(flow, await read(flow), beat)).toHaveLength(2);
  }
  expect((await settle(flow)).released).toEqual([]);
  await order(flow, { verb: "release", targets: ["fleet"], who: "ann", why: "", until: null });
  expect((await settle(flow)).released).toHaveLength(2);
  world.clock.pass(1);
  expect(await claim(flow, await read(flow), beat)).toHaveLength(2);
  expect(await settle(flow)).toEqual(nothing);
});

const finished = Object.fromEntries(
  ["T-cccc", "T-dddd", "T-eeee", "T-ffff"].map((id) => [taskPath(id), doneText(id)]),
);

test("too many finished tasks are proposed for the archive, in one pull that needs nobody", async () => {
  const { world, flow, pulls, journal } = await settleBench(finished);
  expect((await settle(flow)).archive).toBe(1);
  const [pull] = await pulls();
  expect(pull).toMatchObject({ kind: "archive", branch: "pullbeat/work/archive-20261122--1" });
  expect(await settle(flow)).toMatchObject({
    merged: [{ pull: 1, what: "made again byte for byte, so nobody needs to approve it" }],
    madeReady: false,
    archive: null,
    words: [],
  });
  expect(await journal(/^merges\//)).toMatchObject([
    { clearance: { tier: "routine", by: "auto", rules: ["built-in:housekeeping"] }, approvals: [] },
  ]);
  expect(await world.file("board/archive/2026-11/T-cccc-write.md")).toBe(doneText("T-cccc"));
  expect(await world.file(taskPath("T-cccc"))).toBeNull();
  expect(await world.file(taskPath("T-aaaa"))).toBe(taskText("T-aaaa"));
});

test("an archive pull that somebody else had a hand in waits for a person", async () => {
  const { world, flow, review, pulls } = await settleBench(finished);
  await settle(flow);
  await world.git("fetch", "--quiet", "origin", "pullbeat/work/archive-20261122--1");
  await world.git("checkout", "--quiet", "FETCH_HEAD");
  await world.git("commit", "--quiet", "--allow-empty", "--message", "not a byte changed");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/archive-20261122--1");
  expect((await settle(flow)).merged).toEqual([]);
  const [pull] = await pulls();
  await review(only(pull).number, "bob", "approve");
  expect((await settle(flow)).merged).toMatchObject([{ what: "approved by bob" }]);
});

test("an archive pull waits for a person when a task that it moves is held again", async () => {
  const { world, flow } = await settleBench(finished);
  await settle(flow);
  await world.commit({ [taskPath("T-cccc")]: taskText("T-cccc") });
  expect((await settle(flow)).merged).toEqual([]);
});

test("a closed archive pull is a person's word for a month", async () => {
  const bench = await settleBench(finished);
  const { archive } = await settle(bench.flow);
  if (archive === null) throw new Error("no archive pull");
  await close(bench, archive);
  expect(await settle(bench.flow)).toMatchObject({ closed: [{ pull: 1 }], archive: null });
  bench.world.clock.pass(31 * 24 * 60);
  expect((await settle(bench.flow)).archive).toBe(2);
});

test("an archive pull whose opening a crash prevented is opened", async () => {
  const { flow } = await settleBench(finished);
  const dying = { ...flow, forge: { ...flow.forge, open: () => Promise.reject(new Error("killed")) } };
  await expect(settle(dying)).rejects.toThrow("killed");
  expect((await settle(flow)).archive).toBe(1);
});

test("a finished task with an open pull stays on the board", async () => {
  const { world, flow, propose, pulls } = await settleBench({
    ...finished,
    ".github/pullbeat.yml": CONFIG.replace("archive: 3", "archive: 4"),
  });
  await propose();
  await world.commit({ [taskPath("T-aaaa")]: doneText("T-aaaa"), [taskPath("T-bbbb")]: doneText("T-bbbb") });
  expect((await settle(flow)).archive).toBe(2);
  const [, archive] = await pulls();
  expect(archive?.body).toContain("T-bbbb");
  expect(archive?.body).not.toContain("T-aaaa");
});

test("an archive branch that does more than move is refused by its gate", async () => {
  const { world, flow, review, pulls } = await settleBench(finished);
  await settle(flow);
  await world.git("fetch", "--quiet", "origin", "pullbeat/work/archive-20261122--1");
  await world.git("checkout", "--quiet", "FETCH_HEAD");
  await world.git("rm", "--quiet", taskPath("T-aaaa"));
  await world.git("commit", "--quiet", "--message", "and this one");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/archive-20261122--1");
  const [pull] = await pulls();
  await review(only(pull).number, "bob", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(await world.file(taskPath("T-aaaa"))).not.toBeNull();
});
