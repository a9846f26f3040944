import { expect, test } from "vitest";
import { boardView } from "../../src/domain/board/board.ts";
import { Instant, Login } from "../../src/domain/id.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import type { Verb } from "../../src/domain/record.ts";
import { beat } from "../../src/flow/beat/beat.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { openPulls } from "../../src/flow/pulls.ts";
import { publish, type FinishedBeat } from "../../src/flow/beat/publish.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import type { World } from "../../src/flow/world.ts";
import { testClock } from "../clock.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { overtaken } from "./overtaken.ts";

const WRITES = "produces: ['reports/*.md']\n";
const FILES = {
  "agents/writer.md": specText("writer", WRITES),
  "agents/editor.md": specText("editor", WRITES),
  "board/one.md": taskText("one", "writer"),
};
const work = writes({ "reports/one.md": "# One\n" });
const make = (files = {}): Promise<FleetWorld> =>
  makeFleet({ files: { ...FILES, ...files }, scripts: { writer: work, editor: work } });

interface Word {
  verb: Verb;
  target?: string;
  to?: string;
  until?: string;
}

/** Ann says it, a second after what came before. */
async function say({ flow, clock }: FleetWorld, { verb, target = "one", ...more }: Word): Promise<number> {
  clock.pass(1 / 60);
  const { until, ...rest } = more;
  const ends = until === undefined ? null : Instant.parse(until);
  const said = { verb, targets: [target], who: "ann", why: "enough", until: ends, ...rest };
  return (await order(flow, said)).length;
}

/** Claims what is due and works it; nothing but the claims is on the remote yet. */
async function worked(world: World): Promise<FinishedBeat> {
  const snapshot = await read(world);
  const [planned] = plan(snapshot).beats;
  const claims = planned === undefined ? null : await claim(world, snapshot, planned);
  if (planned === undefined || claims === null) throw new Error("nothing could be claimed");
  return beat(world, snapshot, planned, claims);
}

/** A pull of `one` that ann has approved: the next settle merges it. */
async function approved(fleet: FleetWorld): Promise<FleetWorld> {
  await tick(fleet.flow);
  const [pull] = await fleet.flow.forge.pulls();
  if (pull === undefined) throw new Error("no pull");
  fleet.clock.pass(1);
  await approve(fleet);
  return fleet;
}

async function approve({ flow, clock }: FleetWorld, number = 1): Promise<void> {
  const [pull] = (await flow.forge.pulls()).filter((p) => p.number === number);
  if (pull === undefined) throw new Error("no pull");
  await flow.forge.review(pull.number, Login.parse("ann"), { verdict: "approve", body: "", at: clock.now() });
}

const planned = async ({ flow }: FleetWorld): Promise<string[]> =>
  plan(await read(flow)).beats.map((b) => b.agent);
const stateOf = async ({ flow }: FleetWorld): Promise<string> => {
  const [view] = boardView(await read(flow));
  return `${view?.state} (${view?.agent}): ${view?.reason}`;
};
const isMerged = async (fleet: FleetWorld): Promise<boolean> => (await fleet.file("reports/one.md")) !== null;

/** What stands in the way of work, and what a person says to end that. */
const STOPS: readonly [Word, Word, RegExp][] = [
  [{ verb: "pause", target: "fleet" }, { verb: "resume", target: "fleet" }, /is paused by ann: enough/],
  [{ verb: "pause", target: "writer" }, { verb: "resume", target: "writer" }, /is paused by ann: enough/],
  [{ verb: "pause" }, { verb: "resume" }, /is paused by ann: enough/],
  [{ verb: "park" }, { verb: "unpark" }, /is parked by ann: enough/],
  [{ verb: "park", target: "writer" }, { verb: "unpark", target: "fleet" }, /is parked by ann: enough/],
  [{ verb: "close" }, { verb: "unpark", target: "writer" }, /is closed by ann: enough/],
  [{ verb: "reassign", to: "editor" }, { verb: "reassign", to: "writer" }, /is editor's now/],
];
const named = STOPS.map(([word, end, why]) => ({
  name: `${word.verb} ${word.target ?? "one"}`,
  word,
  end,
  why,
}));

test.each(named)("$name holds at plan, claim and publish, and what ends it ends it", async (row) => {
  const { word, end } = row;
  const fleet = await make();
  const stale = await read(fleet.flow);
  const [due] = plan(stale).beats;
  await say(fleet, word);
  expect(await planned(fleet)).toEqual(word.verb === "reassign" ? ["editor"] : []);
  // Planned before it was said, claimed after.
  expect(due && (await claim(fleet.flow, stale, due))).toBeNull();
  expect((await read(fleet.flow)).claims).toEqual([]);
  await say(fleet, end);
  const done = await worked(fleet.flow);
  expect(done.record.agent).toBe("writer");
  await say(fleet, word);
  const [published] = await publish(fleet.flow, [done]);
  expect(published).toMatchObject({ fate: "landed", record: { outcome: "failed" } });
  expect(published?.record.attempts).toMatchObject([
    { outcome: "failed", failure: `stopped/${word.verb}`, reason: expect.stringMatching(row.why) },
  ]);
  expect(await fleet.show()).not.toContain("pullbeat/work");
  expect((await read(fleet.flow)).claims).toEqual([]);
  fleet.clock.pass(10);
  await say(fleet, end);
  expect(await planned(fleet)).toEqual(["writer"]);
});

test("a word that is taken back before publishing stops nothing, and one said in the very push does", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await say(fleet, { verb: "pause", target: "fleet" });
  await say(fleet, { verb: "resume", target: "fleet" });
  const late = overtaken(fleet.flow, () => say(fleet, { verb: "park" }));
  expect(await publish(late, [done])).toMatchObject([
    { record: { attempts: [{ failure: "stopped/park" }] } },
  ]);
  fleet.clock.pass(10);
  await say(fleet, { verb: "unpark" });
  await say(fleet, { verb: "pause" });
  await say(fleet, { verb: "resume" });
  expect(await publish(fleet.flow, [await worked(fleet.flow)])).toMatchObject([
    { record: { attempts: [{ outcome: "proposed" }] } },
  ]);
});

test("being stopped twice is no failure that parks a task", async () => {
  const fleet = await make();
  for (let n = 0; n < 3; n++) {
    const done = await worked(fleet.flow);
    await say(fleet, { verb: "pause" });
    await publish(fleet.flow, [done]);
    fleet.clock.pass(10);
    await say(fleet, { verb: "resume" });
  }
  expect(await stateOf(fleet)).toContain("ready");
});

test("a release between claim and publish loses the beat", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await say(fleet, { verb: "release", target: "writer" });
  await settle(fleet.flow);
  expect(await publish(fleet.flow, [done])).toMatchObject([{ fate: "lost" }]);
});

test.each(["one", "writer", "fleet"])(
  "a release of %s ends the whole beat, and nobody else's",
  async (target) => {
    const fleet = await make({
      "board/two.md": taskText("two", "writer"),
      "board/three.md": taskText("three", "editor"),
    });
    const snapshot = await read(fleet.flow);
    const held = [];
    for (const due of plan(snapshot).beats) held.push(...((await claim(fleet.flow, snapshot, due)) ?? []));
    expect(held.map((c) => c.unit)).toEqual([null, "three", null, "one", "two"]);
    await say(fleet, { verb: "release", target });
    await settle(fleet.flow);
    const { claims } = await read(fleet.flow);
    expect(claims.map((c) => c.unit)).toEqual(target === "fleet" ? [] : [null, "three"]);
    expect(await planned(fleet)).toEqual(target === "fleet" ? ["editor", "writer"] : ["writer"]);
  },
);

test("a beat that lives on after its release hands nothing over, also when the task has been claimed again", async () => {
  const fleet = await make({ "board/two.md": taskText("two", "writer") });
  const old = await worked(fleet.flow);
  await say(fleet, { verb: "release" });
  await settle(fleet.flow);
  fleet.clock.pass(1);
  const elsewhere = await fleet.elsewhere(testClock(fleet.clock.now().toISOString(), 9));
  const next = await worked(elsewhere);
  expect(await publish(fleet.flow, [old])).toMatchObject([{ fate: "lost" }]);
  expect(await fleet.show()).not.toContain("pullbeat/work");
  expect(await publish(elsewhere, [next])).toMatchObject([{ fate: "landed", record: { outcome: "worked" } }]);
  expect((await read(fleet.flow)).claims).toEqual([]);
});

test("a release that comes as its beat hands over takes nothing from the next one", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await say(fleet, { verb: "release" });
  const late = overtaken(fleet.flow, async () => {
    await publish(fleet.flow, [done]);
    fleet.clock.pass(1);
    await worked(fleet.flow);
  });
  expect((await settle(late)).released).toEqual([]);
  const { journal, claims } = await read(fleet.flow);
  expect(journal.records).toMatchObject([{ outcome: "worked" }]);
  expect(claims.map((c) => c.unit)).toEqual([null, "one"]);
  expect(claims.some((c) => done.claims.some((old) => old.id === c.id))).toBe(false);
});

test("a claim that cannot be read is ended alone", async () => {
  const fleet = await make();
  const { base } = await read(fleet.flow);
  await fleet.far("update-ref", "refs/pullbeat/claims/one", base);
  await fleet.far("update-ref", "refs/pullbeat/claims/two", base);
  const other = await fleet.far("commit-tree", "-m", "x", `${base}^{tree}`);
  await fleet.far("update-ref", "refs/pullbeat/claims/two", other.trim());
  await say(fleet, { verb: "release" });
  expect((await settle(fleet.flow)).released).toEqual(["refs/pullbeat/claims/one"]);
});

test("a hold between claim and publish lets the pull be opened, and nothing merges", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await say(fleet, { verb: "hold" });
  const { fleet: tip } = await read(fleet.flow);
  await openPulls(fleet.flow, tip, await publish(fleet.flow, [done]));
  await approve(fleet);
  expect((await settle(fleet.flow)).merged).toEqual([]);
  await say(fleet, { verb: "resume" });
  expect((await settle(fleet.flow)).merged).toMatchObject([{ pull: 1 }]);
});

test.each([
  { verb: "hold", target: "fleet", merges: false },
  { verb: "hold", target: "writer", merges: false },
  { verb: "hold", target: "one", merges: false },
  { verb: "close", target: "one", merges: false },
  { verb: "close", target: "1", merges: false },
  // What a person approved is a person's: these are about work that is still to be done.
  { verb: "pause", target: "fleet", merges: true },
  { verb: "park", target: "one", merges: true },
  { verb: "release", target: "one", merges: true },
  { verb: "reassign", target: "one", to: "editor", merges: true },
] as const)("$verb $target between the decision and the push: it merges $merges", async (row) => {
  const { merges, ...word } = row;
  const fleet = await approved(await make());
  const settled = await settle(overtaken(fleet.flow, () => say(fleet, word)));
  expect(settled.merged).toHaveLength(merges ? 1 : 0);
  expect(await isMerged(fleet)).toBe(merges);
  expect(settled.closed).toMatchObject(word.verb === "close" ? [{ what: "closed by ann: enough" }] : []);
});

test("closing a task ends its open pull and parks it; once more changes nothing, and unpark lets it be tried", async () => {
  const fleet = await approved(await make());
  await say(fleet, { verb: "close" });
  expect(await settle(fleet.flow)).toMatchObject({ merged: [], closed: [{ pull: 1 }] });
  expect(await stateOf(fleet)).toBe("parked (writer): parked by ann: enough");
  expect((await read(fleet.flow)).journal.controls).toHaveLength(1);
  await say(fleet, { verb: "close" });
  expect(await settle(fleet.flow)).toMatchObject({ closed: [] });
  await say(fleet, { verb: "unpark" });
  fleet.clock.pass(10);
  await tick(fleet.flow);
  expect(await fleet.flow.forge.pulls()).toMatchObject([{ number: 2 }]);
  expect(await settle(fleet.flow)).toMatchObject({ closed: [] });
});

test("an edit of a closed task's file opens it again, and its old pull is closed all the same", async () => {
  const fleet = await approved(await make());
  await say(fleet, { verb: "close" });
  fleet.clock.pass(1);
  await fleet.commit({ "board/one.md": taskText("one", "writer", "priority: high\n") });
  expect(await settle(fleet.flow)).toMatchObject({ merged: [], closed: [{ pull: 1 }] });
  expect(await planned(fleet)).toEqual(["writer"]);
});

test("a pull's next round goes to the agent whom the task was given to", async () => {
  const fleet = await make();
  await tick(fleet.flow);
  fleet.clock.pass(10);
  const [pull] = await fleet.flow.forge.pulls();
  if (pull === undefined) throw new Error("no pull");
  const asks = { verdict: "request-changes", body: "Longer.", at: fleet.clock.now() } as const;
  await fleet.flow.forge.review(pull.number, Login.parse("ann"), asks);
  await say(fleet, { verb: "reassign", to: "editor" });
  const { beats } = plan(await read(fleet.flow));
  expect(beats).toMatchObject([{ agent: "editor", wake: "changes", tries: [{ pull: 1, round: 2 }] }]);
});

test("a task goes back to its file's agent when the file names somebody else, or its time is over", async () => {
  const fleet = await make({ "agents/proof.md": specText("proof", WRITES) });
  expect(await say(fleet, { verb: "reassign", to: "@editor" })).toBe(1);
  expect(await say(fleet, { verb: "reassign", to: "editor" })).toBe(0);
  await fleet.commit({ "board/one.md": taskText("one", "writer", "priority: high\n") });
  expect(await planned(fleet)).toEqual(["editor"]);
  await fleet.commit({ "board/one.md": taskText("one", "proof") });
  expect(await planned(fleet)).toEqual(["proof"]);
  const until = new Date(fleet.clock.now().getTime() + 3_600_000).toISOString();
  await say(fleet, { verb: "reassign", to: "writer", until });
  expect(await planned(fleet)).toEqual(["writer"]);
  fleet.clock.pass(61);
  expect(await planned(fleet)).toEqual(["proof"]);
});

test("what nobody can do is said, with what was probably meant", async () => {
  const fleet = await make();
  const why = (word: Word): Promise<unknown> => say(fleet, word).catch((e: unknown) => e);
  expect(await why({ verb: "pause", target: "writr" })).toMatchObject({
    message: "there is no agent and no task called writr",
    expected: "perhaps writer",
  });
  expect(await why({ verb: "reassign", to: "editr" })).toMatchObject({ expected: "perhaps editor" });
  expect(await why({ verb: "park", target: "fleet" })).toMatchObject({
    message: "nobody can park fleet",
    next: "pullbeat pause fleet",
  });
  expect(await why({ verb: "close", target: "7" })).toMatchObject({ message: "there is no open pull 7" });
  expect(await why({ verb: "close", target: "@writer" })).toMatchObject({ code: "usage" });
  expect((await read(fleet.flow)).journal.controls).toEqual([]);
});
