import { expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import type { World } from "../../src/flow/world.ts";
import type { Repo } from "../../src/port/repo.ts";
import { testClock } from "../clock.ts";
import { counted, makeFleet, specText, taskText, writes } from "../fleet.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one-write.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
};

test("a ready task is worked, reviewed, merged and done, and its claim is gone", async () => {
  const fleet = await makeFleet({
    files: FILES,
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  const { beats } = await tick(fleet.flow);
  expect(beats).toMatchObject([
    { agent: "writer", outcome: "worked", attempts: [{ task: "one", outcome: "proposed", pull: 1 }] },
  ]);
  const at = fleet.clock.now();
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at,
  });
  const settled = await settle(fleet.flow);
  expect(settled.merged).toMatchObject([{ pull: 1 }]);
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
  expect(await fleet.file("board/one-write.md")).toContain("status: done");
  expect(await fleet.show()).toMatchSnapshot();
});

test.each(["dup.md", "one-again.md"])("finished work is not due again because of board/%s", async (stray) => {
  const scripts = { writer: writes({ "reports/one.md": "# One\n" }) };
  const fleet = await makeFleet({ files: { ...FILES, "board/two.md": taskText("two", "writer") }, scripts });
  await fleet.commit({ "board/one-write.md": taskText("one", "writer", "status: done\n") });
  const due = async (): Promise<string[]> =>
    plan(await read(fleet.flow)).beats.flatMap((b) => b.tries.map((t) => t.unit));
  expect(await due()).toEqual(["two"]);
  await fleet.commit({ [`board/${stray}`]: taskText("one", "writer") });
  expect(await due()).toEqual(["two"]);
});

const spec = (name: string, more = ""): string => specText(name, `produces: ["reports/${name}.md"]\n${more}`);
const daily = "schedule: daily 07:00\n";

/** Two agents whose slot is due, one with ready work and one with nothing to do; models that count. */
function four() {
  const models = {
    ada: counted(writes({ "reports/ada.md": "a" })),
    bob: counted(writes({ "reports/bob.md": "b" })),
    cyd: counted(writes({ "reports/cyd.md": "c" })),
    idle: counted(writes({})),
  };
  const files = {
    "agents/ada.md": spec("ada", daily),
    "agents/bob.md": spec("bob", daily),
    "agents/cyd.md": spec("cyd"),
    "agents/idle.md": spec("idle", daily),
    "board/a-it.md": taskText("a", "ada"),
    "board/b-it.md": taskText("b", "bob", "every: daily 07:00\n"),
    "board/c-it.md": taskText("c", "cyd"),
  };
  const asked = (): number[] => Object.values(models).map((m) => m.asked);
  return { files: { at: "2026-11-21T12:00:00Z", files, scripts: models }, asked };
}

test.each([1, 2, 3])(
  "two ticks at once give no agent two beats and no slot two records (%i)",
  async (seed) => {
    const { files, asked } = four();
    const fleet = await makeFleet(files);
    const machine = (second: string, n: number): Promise<World> =>
      fleet.elsewhere(testClock(`2026-11-22T07:00:${second}Z`, 10 * seed + n));
    const ends = await Promise.all([tick(await machine("00", 1)), tick(await machine("01", 2))]);
    const rows = ends.flatMap((e) => e.beats);
    expect(
      rows
        .filter((r) => r.outcome === "worked")
        .map((r) => r.agent)
        .toSorted(),
    ).toEqual(["ada", "bob", "cyd"]);
    expect(asked()).toEqual([1, 1, 1, 0]);
    const { journal, claims, pulls } = await read(await machine("02", 3));
    expect(journal.records.map((r) => `${r.agent}@${r.slot} ${r.outcome}`).toSorted()).toEqual([
      "ada@20261122T0700Z worked",
      "bob@20261122T0700Z worked",
      "cyd@20261122T0700Z worked",
      "idle@20261122T0700Z rested",
    ]);
    expect(claims).toEqual([]);
    expect(pulls.map((p) => String(p.unit)).toSorted()).toEqual(["a", "b@20261122T0700Z", "c"]);
  },
);

/** The same world, but something happens before its first push. */
function overtaken(world: World, meanwhile: () => Promise<unknown>): World {
  let first = true;
  const push: Repo["push"] = async (updates) => {
    if (first) {
      first = false;
      await meanwhile();
    }
    return world.repo.push(updates);
  };
  return { ...world, repo: { ...world.repo, push } };
}

test("a tick that read the world before another one did all the work does none of it again", async () => {
  const { files, asked } = four();
  const fleet = await makeFleet(files);
  fleet.clock.set("2026-11-22T07:00:00Z");
  const other = await fleet.elsewhere(testClock("2026-11-22T07:01:00Z", 2));
  const { beats } = await tick(overtaken(fleet.flow, () => tick(other)));
  expect(beats.map((b) => `${b.agent} ${b.outcome}`)).toEqual([
    "idle rested",
    "ada lost",
    "bob lost",
    "cyd lost",
  ]);
  expect(asked()).toEqual([1, 1, 1, 0]);
  expect((await read(fleet.flow)).claims).toEqual([]);
});

test("after an outage the newest slot is worked, and the older ones are missed, in one tick", async () => {
  const fleet = await makeFleet({
    at: "2026-11-22T04:00:00Z",
    files: {
      ...FILES,
      "agents/writer.md": spec("one", "schedule: hourly\n").replace("name: one", "name: writer"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  fleet.clock.set("2026-11-22T07:10:00Z");
  const { beats } = await tick(fleet.flow);
  expect(beats.map((b) => `${b.slot} ${b.outcome}`)).toEqual([
    "20261122T0500Z missed",
    "20261122T0600Z missed",
    "20261122T0700Z worked",
  ]);
});

test("a beat that was cut off ends as a rest when its agent may not work any more, and its claims end with it", async () => {
  const fleet = await makeFleet({ files: FILES });
  const snapshot = await read(fleet.flow);
  for (const beat of plan(snapshot).beats) await claim(fleet.flow, snapshot, beat);
  fleet.clock.pass(60);
  const say = { verb: "pause", targets: ["writer"], who: "ann", why: "", until: null } as const;
  await order(fleet.flow, say);
  await tick(fleet.flow);
  const { journal, claims } = await read(fleet.flow);
  expect(journal.records).toMatchObject([
    { slot: "20261122T0700Z", outcome: "rested", reason: "is paused by ann" },
  ]);
  expect(claims).toEqual([]);
});

test("what breaks after one beat has landed takes no other beat down, and the next tick mends it", async () => {
  const { files } = four();
  const fleet = await makeFleet(files);
  fleet.clock.set("2026-11-22T07:00:00Z");
  const { forge } = fleet.flow;
  const breaking: World = {
    ...fleet.flow,
    forge: {
      ...forge,
      open: (draft) =>
        draft.agent === "ada" ? Promise.reject(new Fault("remote", "gone")) : forge.open(draft),
    },
  };
  await expect(tick(breaking)).rejects.toMatchObject({ code: "remote" });
  const { journal, claims } = await read(fleet.flow);
  expect(journal.records).toHaveLength(4);
  expect(claims).toEqual([]);
  await tick(fleet.flow);
  expect((await forge.pulls()).map((p) => String(p.agent)).toSorted()).toEqual(["ada", "bob", "cyd"]);
});

test("a beat that cannot be published takes no other beat down", async () => {
  const { files } = four();
  const fleet = await makeFleet(files);
  fleet.clock.set("2026-11-22T07:00:00Z");
  const push: Repo["push"] = (updates) =>
    updates.some((u) => u.ref.startsWith("refs/heads/pullbeat/work/a--"))
      ? Promise.reject(new Fault("refused", "no"))
      : fleet.flow.repo.push(updates);
  await expect(tick({ ...fleet.flow, repo: { ...fleet.flow.repo, push } })).rejects.toMatchObject({
    code: "refused",
  });
  const { journal, claims } = await read(fleet.flow);
  expect(journal.records.map((r) => r.agent).toSorted()).toEqual(["bob", "cyd", "idle"]);
  expect(claims.map((c) => c.agent)).toEqual(["ada", "ada"]);
});

test("a try that breaks is a failed attempt, and takes no other try of its beat down", async () => {
  const fleet = await makeFleet({
    files: { ...FILES, "board/two-write.md": taskText("two", "writer") },
    scripts: { writer: counted(writes({ "reports/two.md": "# Two\n" })) },
  });
  const breaking: World = {
    ...fleet.flow,
    engine: (...args) => ({
      work: (job) =>
        job.unit === "one" ? Promise.reject(new Error("out of luck")) : fleet.flow.engine(...args).work(job),
    }),
  };
  const { beats } = await tick(breaking);
  expect(beats).toMatchObject([
    {
      outcome: "worked",
      attempts: [
        { task: "one", outcome: "failed", reason: "broke: out of luck" },
        { task: "two", outcome: "proposed", pull: 1 },
      ],
    },
  ]);
  expect(await fleet.far("ls-tree", "-r", "--name-only", JOURNAL)).not.toContain("control/");
});
