import { expect, test } from "vitest";
import { AgentName } from "../../src/domain/id.ts";
import type { PlannedBeat } from "../../src/domain/plan/plan.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import type { World } from "../../src/flow/world.ts";
import { testClock } from "../clock.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { gitServer } from "../http.ts";
import { makeField } from "../race/field.ts";

const WRITER = specText("writer", 'produces: ["reports/*.md"]\n');
const FILES = { "agents/writer.md": WRITER, "board/one-it.md": taskText("one", "writer") };
const scripts = { writer: writes({ "reports/one.md": "# One\n" }) };

interface Claimer {
  world: World;
  snapshot: Snapshot;
  beat: PlannedBeat;
}

/** Reads the world and plans; the claim is left to the test. */
async function planned(world: World): Promise<Claimer> {
  const snapshot = await read(world);
  const [beat] = plan(snapshot).beats;
  if (beat === undefined) throw new Error("nothing is due");
  return { world, snapshot, beat };
}

const go = ({ world, snapshot, beat }: Claimer): ReturnType<typeof claim> => claim(world, snapshot, beat);

/** The claims on the remote. */
const standing = ({ far }: FleetWorld): Promise<string> =>
  far("for-each-ref", "--format=%(refname) %(objectname)", "refs/pullbeat/beats", "refs/pullbeat/claims");

test("of 64 processes that claim one beat at once exactly one wins, and nothing is left of the others", async () => {
  const field = await makeField(64);
  for (const before of [field.clear, field.look, field.clear, field.clear, field.clear]) {
    await before();
    const won = (await field.race()).filter((end) => end !== null);
    expect(won).toHaveLength(1);
    expect(await field.standing()).toEqual(won[0]);
  }
}, 600_000);

test("claimers who see the same at the same second make different objects, and one of them loses", async () => {
  const fleet = await makeFleet({ files: FILES });
  const one = await planned(fleet.flow);
  const two = await planned(await fleet.elsewhere(testClock(undefined, 2)));
  expect(two.beat).toEqual(one.beat);
  const held = await go(one);
  expect(held?.map((c) => c.ref)).toEqual(["refs/pullbeat/beats/writer", "refs/pullbeat/claims/one"]);
  expect(await go(two)).toBeNull();
  expect(await standing(fleet)).toBe(held?.map((c) => `${c.ref} ${c.id}\n`).join(""));
});

test("without their own chance they make one object and both believe that they won: why there is a nonce", async () => {
  const fleet = await makeFleet({ files: FILES });
  const one = await planned(await fleet.elsewhere(testClock(undefined, 7)));
  const two = await planned(await fleet.elsewhere(testClock(undefined, 7)));
  const held = await go(one);
  expect(held).not.toBeNull();
  expect(await go(two)).toEqual(held);
});

test("a claim is held although the answer to its push was lost on the way", async () => {
  const server = gitServer();
  const fleet = await makeFleet({ files: FILES, serve: server.serve });
  const one = await planned(fleet.flow);
  server.cutNextPush();
  const held = await go(one);
  expect(held).toHaveLength(2);
  expect(await standing(fleet)).toBe(held?.map((c) => `${c.ref} ${c.id}\n`).join(""));
});

test("an agent has one live beat: a second one is lost whole, though its task is free", async () => {
  const fleet = await makeFleet({ files: { ...FILES, "board/two-it.md": taskText("two", "writer") } });
  const { world, snapshot, beat } = await planned(fleet.flow);
  const [first, second] = beat.tries.map((t) => ({ world, snapshot, beat: { ...beat, tries: [t] } }));
  if (first === undefined || second === undefined) throw new Error("two tasks are due");
  expect(await go(first)).not.toBeNull();
  const before = await standing(fleet);
  expect(await go({ ...second, world: await fleet.elsewhere(testClock(undefined, 2)) })).toBeNull();
  expect(await standing(fleet)).toBe(before);
});

test("a task has one winner: the agent to whom it was given meanwhile takes nothing at all", async () => {
  const fleet = await makeFleet({ files: { ...FILES, "agents/editor.md": specText("editor") } });
  const writer = await planned(fleet.flow);
  await fleet.commit({ "board/one-it.md": taskText("one", "editor") });
  const editor = await planned(await fleet.elsewhere(testClock(undefined, 2)));
  expect(editor.beat.agent).toBe("editor");
  expect(await go(writer)).not.toBeNull();
  const before = await standing(fleet);
  expect(await go(editor)).toBeNull();
  expect(await standing(fleet)).toBe(before);
});

test("an expired claim is taken over by one; whoever saw the same expired claim is too late", async () => {
  const fleet = await makeFleet({ files: FILES });
  const old = await go(await planned(fleet.flow));
  const later = (seed: number) => fleet.elsewhere(testClock("2026-11-22T08:00:00Z", seed));
  const [one, two] = [await planned(await later(2)), await planned(await later(3))];
  expect(one.beat.takes).toEqual(old);
  const held = await go(one);
  expect(held?.map((c) => c.turn)).toEqual([2, 2]);
  expect(await go(two)).toBeNull();
  expect(await standing(fleet)).toBe(held?.map((c) => `${c.ref} ${c.id}\n`).join(""));
});

test("a claim whose lease runs is not planned away by anybody", async () => {
  const fleet = await makeFleet({ files: FILES });
  await go(await planned(fleet.flow));
  fleet.clock.pass(14);
  expect(plan(await read(await fleet.elsewhere())).beats).toEqual([]);
});

test("what was worked and published since the world was read is not claimed again, though it is free", async () => {
  const fleet = await makeFleet({ files: FILES, scripts });
  const late = await planned(await fleet.elsewhere(testClock("2026-11-22T07:01:00Z", 2)));
  await tick(fleet.flow);
  expect(await standing(fleet)).toBe("");
  expect(await go(late)).toBeNull();
  expect(await standing(fleet)).toBe("");
});

test("what others published since the world was read does not matter", async () => {
  const files = {
    ...FILES,
    "agents/editor.md": specText("editor"),
    "board/two-it.md": taskText("two", "editor"),
  };
  const fleet = await makeFleet({ files, scripts });
  const editor = await planned(await fleet.elsewhere(testClock(undefined, 2)));
  expect(editor.beat.agent).toBe("editor");
  const { beats } = await tick(fleet.flow, { agent: AgentName.parse("writer"), id: "abcd" });
  expect(beats).toMatchObject([{ outcome: "worked" }]);
  expect(await go(editor)).not.toBeNull();
});

test("refs of ours that name no commit hide only themselves; as a claim such a ref stands until a person releases it", async () => {
  const fleet = await makeFleet({
    files: {
      ...FILES,
      "agents/editor.md": specText("editor", 'produces: ["reports/*.md"]\n'),
      "board/two-it.md": taskText("two", "editor"),
    },
    scripts: { ...scripts, editor: writes({ "reports/two.md": "# Two\n" }) },
  });
  const blob = (await fleet.git("hash-object", "-w", ".github/pullbeat.yml")).trim();
  for (const ref of ["claims/one", "pulls/7", "beats/nobody"])
    await fleet.git("push", "--quiet", "origin", `${blob}:refs/pullbeat/${ref}`);
  const beats = async (): Promise<string[]> =>
    (await tick(fleet.flow)).beats.map((b) => `${b.agent} ${b.outcome}`);
  expect(await beats()).toEqual(expect.arrayContaining(["editor worked", "writer rested"]));
  await order(fleet.flow, { verb: "release", targets: ["one"], who: "ann", why: "", until: null });
  fleet.clock.pass(1);
  expect(await beats()).toContain("writer worked");
});
