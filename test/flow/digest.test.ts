import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import { order } from "../../src/flow/control.ts";
import { tickDigest } from "../../src/flow/digest/digest.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { testClock } from "../clock.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import type { Files } from "../world.ts";

const CONFIG = (at = "daily 07:00"): string =>
  `version: 1\nroster:\n  - login: ann\n    emails: [ann@example.com]\ndigest: { at: ${at} }\n`;

/** A fleet that began yesterday at noon: one pull waits for Ann. The clock stands at the digest's slot. */
async function yesterday(files: Files = {}): Promise<FleetWorld> {
  const fleet = await makeFleet({
    at: "2026-11-21T12:00:00Z",
    files: {
      ".github/pullbeat.yml": CONFIG(),
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
      ...files,
    },
    scripts: {
      writer: writes({ "reports/one.md": "# One\n" }),
      second: writes({ "notes/two.md": "# Two\n" }),
    },
  });
  await tick(fleet.flow);
  fleet.clock.set("2026-11-22T07:00:00Z");
  return fleet;
}

const refs = ({ far }: FleetWorld): Promise<string> => far("for-each-ref");
const digests = async ({ far }: FleetWorld): Promise<string[]> =>
  (await far("ls-tree", "-r", "--name-only", "main", "digest/")).split("\n").filter((l) => l !== "");
const kinds = async ({ flow }: FleetWorld): Promise<string[]> =>
  (await flow.forge.pulls()).map((p) => p.kind);

/** Publishes a digest whose pull is not settled yet: a crash came between. */
async function unsettled(fleet: FleetWorld): Promise<void> {
  const { flow } = fleet;
  const dying = { ...flow, forge: { ...flow.forge, open: () => Promise.reject(new Error("killed")) } };
  await expect(tickDigest(dying, await read(flow))).rejects.toThrow("killed");
}

const BRANCH = "pullbeat/work/digest-20261122--1";

/** Somebody with a clone pushes a commit on top of the digest's branch. */
async function tamper({ clone, git }: FleetWorld, path: string, text: string): Promise<void> {
  await git("fetch", "--quiet", "origin", BRANCH);
  await git("checkout", "--quiet", "FETCH_HEAD");
  await mkdir(dirname(join(clone, path)), { recursive: true });
  await writeFile(join(clone, path), text);
  await git("add", "--all", "--force");
  await git("commit", "--quiet", "--message", "mine");
  await git("push", "--quiet", "origin", `HEAD:refs/heads/${BRANCH}`);
}

test("a due digest is written, merged by nobody's approval, and anchors the journal it was made from", async () => {
  const fleet = await yesterday();
  const head = (await fleet.far("rev-parse", JOURNAL)).trim();
  const { digest } = await tick(fleet.flow);
  expect(digest).toEqual({ date: "2026-11-22", file: "digest/2026-11-22.md", pull: 2, merged: true });
  const text = await fleet.file("digest/2026-11-22.md");
  expect(text).toContain("**Pull 1**");
  expect(text?.trimEnd().split("\n").at(-1)).toContain(`from journal ${head} and base `);
  expect(await fleet.far("log", "-1", "--format=%B", "main")).toMatch(
    /Merge pull 2: Digest of 2026-11-22\n[^]*Pullbeat-Tier: routine\nPullbeat-Decision: auto/,
  );
  expect(await kinds(fleet)).toEqual(["work"]);
  expect(await refs(fleet)).not.toContain("digest-");
});

test("after its digest, a tick with nothing to do writes nothing", async () => {
  const fleet = await yesterday();
  await tick(fleet.flow);
  const before = await refs(fleet);
  fleet.clock.pass(10);
  expect((await tick(fleet.flow)).digest).toBeNull();
  expect((await tick(await fleet.elsewhere())).digest).toBeNull();
  expect(await refs(fleet)).toBe(before);
});

test.each(["off", "daily 12:00", "weekly mon 07:00"])(
  "with %s no digest is due on Sunday at seven",
  async (at) => {
    const fleet = await yesterday({ ".github/pullbeat.yml": CONFIG(at) });
    const before = await refs(fleet);
    expect((await tick(fleet.flow)).digest).toBeNull();
    expect(await refs(fleet)).toBe(before);
  },
);

test("a fleet that began after the slot has no digest of it", async () => {
  const fleet = await makeFleet({
    at: "2026-11-22T08:00:00Z",
    files: {
      ".github/pullbeat.yml": CONFIG(),
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await tick(fleet.flow);
  fleet.clock.pass(10);
  expect((await tick(fleet.flow)).digest).toBeNull();
  fleet.clock.set("2026-11-23T07:30:00Z");
  expect((await tick(fleet.flow)).digest).toMatchObject({ date: "2026-11-23" });
});

test("days without a tick have one digest, which tells of all of them", async () => {
  const fleet = await yesterday();
  await tick(fleet.flow);
  fleet.clock.set("2026-11-26T09:00:00Z");
  expect((await tick(fleet.flow)).digest).toMatchObject({ date: "2026-11-26", merged: true });
  expect(await digests(fleet)).toEqual(["digest/2026-11-22.md", "digest/2026-11-26.md"]);
  expect(await fleet.file("digest/2026-11-26.md")).toContain("In the last 4 days ");
});

test("what one digest told the next one does not tell, and what came in the same minute is not lost", async () => {
  const fleet = await yesterday();
  await tick(fleet.flow);
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at: fleet.clock.now(),
  });
  await settle(fleet.flow);
  for (const [day, landed] of [
    ["2026-11-23", true],
    ["2026-11-24", false],
  ] as const) {
    fleet.clock.set(`${day}T07:00:00Z`);
    await tick(fleet.flow);
    expect((await fleet.file(`digest/${day}.md`))?.includes("approved by ann")).toBe(landed);
  }
});

test("a crash after the push leaves one digest: the next tick opens its pull and merges it", async () => {
  const fleet = await yesterday();
  await unsettled(fleet);
  expect(await digests(fleet)).toEqual([]);
  fleet.clock.pass(10);
  expect((await tick(await fleet.elsewhere())).digest).toBeNull();
  expect(await digests(fleet)).toEqual(["digest/2026-11-22.md"]);
  expect(await kinds(fleet)).toEqual(["work"]);
});

test("ticks at the same time make one digest", async () => {
  const fleet = await yesterday();
  const later = (second: number): Promise<FlowWorld> =>
    fleet.elsewhere(testClock(`2026-11-22T07:00:0${second}Z`, second + 1));
  const ticks = [fleet.flow, await later(1), await later(2)].map((flow) => tick(flow));
  const made = (await Promise.all(ticks)).flatMap((t) => t.digest ?? []);
  expect(made).toHaveLength(1);
  expect(await digests(fleet)).toEqual(["digest/2026-11-22.md"]);
  expect(await kinds(fleet)).toEqual(["work"]);
});

test("under a hold of the fleet a digest waits, and the next day's takes its place", async () => {
  const fleet = await yesterday();
  await order(fleet.flow, { verb: "hold", targets: ["fleet"], who: "ann", why: "move", until: null });
  expect((await tick(fleet.flow)).digest).toMatchObject({ merged: false });
  expect(await digests(fleet)).toEqual([]);
  fleet.clock.set("2026-11-23T07:00:00Z");
  expect((await tick(fleet.flow)).digest).toMatchObject({ date: "2026-11-23", merged: false });
  expect((await kinds(fleet)).filter((k) => k === "digest")).toHaveLength(1);
  fleet.clock.pass(1);
  await order(fleet.flow, { verb: "resume", targets: ["fleet"], who: "ann", why: "", until: null });
  await settle(fleet.flow);
  expect(await digests(fleet)).toEqual(["digest/2026-11-23.md"]);
});

test("a digest that says one word more waits for a person, and merges with an approval", async () => {
  const fleet = await yesterday();
  await unsettled(fleet);
  const text = await fleet.file("digest/2026-11-22.md", BRANCH);
  await tamper(fleet, "digest/2026-11-22.md", `${text}All is well.\n`);
  await settle(fleet.flow);
  await settle(fleet.flow);
  expect(await digests(fleet)).toEqual([]);
  await fleet.flow.forge.review(PullNumber.parse(2), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at: fleet.clock.now(),
  });
  await settle(fleet.flow);
  expect(await fleet.file("digest/2026-11-22.md")).toContain("All is well.");
});

test.each(["README.md", "digest/2026-11-23.md", "agents/writer.md"])(
  "a digest that brings %s along does not merge",
  async (path) => {
    const fleet = await yesterday();
    await unsettled(fleet);
    await tamper(fleet, path, "mine\n");
    await settle(fleet.flow);
    await fleet.flow.forge.review(PullNumber.parse(2), Login.parse("ann"), {
      verdict: "approve",
      body: "",
      at: fleet.clock.now(),
    });
    await settle(fleet.flow);
    expect(await digests(fleet)).toEqual([]);
    expect(await fleet.file(path)).not.toBe("mine\n");
  },
);

test("another version of pullbeat does not vouch for a digest", async () => {
  const fleet = await yesterday();
  await unsettled(fleet);
  await settle({ ...fleet.flow, version: "9.9.9" });
  expect(await digests(fleet)).toEqual([]);
  await settle(fleet.flow);
  expect(await digests(fleet)).toEqual(["digest/2026-11-22.md"]);
});

test("a digest that a person closed is not made again", async () => {
  const fleet = await yesterday();
  await order(fleet.flow, { verb: "hold", targets: ["fleet"], who: "ann", why: "", until: null });
  await tick(fleet.flow);
  await fleet.flow.forge.close(PullNumber.parse(2), Login.parse("ann"), "no", fleet.clock.now());
  fleet.clock.pass(10);
  await order(fleet.flow, { verb: "resume", targets: ["fleet"], who: "ann", why: "", until: null });
  expect((await tick(fleet.flow)).digest).toBeNull();
  expect(await digests(fleet)).toEqual([]);
  expect(await kinds(fleet)).toEqual(["work"]);
});

test("a digest comes although a beat broke, and the beat's error is the one that is told", async () => {
  const fleet = await yesterday({ "agents/second.md": specText("second", 'produces: ["notes/*.md"]\n') });
  await fleet.commit({ "board/two-it.md": taskText("two", "second") });
  let broken = 0;
  const open: FlowWorld["forge"]["open"] = (draft) =>
    draft.kind === "work" && broken++ === 0
      ? Promise.reject(new Error("the forge broke"))
      : fleet.flow.forge.open(draft);
  const flow = { ...fleet.flow, forge: { ...fleet.flow.forge, open } };
  await expect(tick(flow)).rejects.toThrow("the forge broke");
  expect(await digests(fleet)).toEqual(["digest/2026-11-22.md"]);
});

test("a record of a digest that cannot be read locks its day, and the next digest comes all the same", async () => {
  const fleet = await yesterday();
  await fleet.git("fetch", "--quiet", "origin", JOURNAL);
  await fleet.git("checkout", "--quiet", "FETCH_HEAD");
  await mkdir(join(fleet.clone, "digests/2026/11"), { recursive: true });
  await writeFile(join(fleet.clone, "digests/2026/11/2026-11-22.json"), "no");
  await fleet.git("add", "--all", "--force");
  await fleet.git("commit", "--quiet", "--message", "broken");
  await fleet.git("push", "--quiet", "origin", `HEAD:${JOURNAL}`);
  expect((await tick(fleet.flow)).digest).toBeNull();
  fleet.clock.set("2026-11-23T07:00:00Z");
  expect((await tick(fleet.flow)).digest).toMatchObject({ date: "2026-11-23", merged: true });
  expect(await fleet.file("digest/2026-11-23.md")).toContain("digests/2026/11/2026-11-22.json");
});
