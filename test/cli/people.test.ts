import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plan } from "../../src/domain/plan/planner.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { read } from "../../src/flow/read.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { pullbeat, typed } from "./cli.ts";

const ROSTER = `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
  - { login: bob, emails: [BOB@example.com] }
  - { login: robot, emails: [robot@example.com] }
fleet: { accounts: [robot] }
`;
const FILES = {
  ".github/pullbeat.yml": ROSTER,
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/other.md": specText("other"),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two.md": taskText("two", "other"),
};

const fleetOf = (): Promise<FleetWorld> =>
  makeFleet({ files: FILES, scripts: { writer: writes({ "reports/one.md": "# One\n" }) } });

/** What `plan` says of an agent. */
async function planned(fleet: FleetWorld, agent = "writer"): Promise<{ outcome: string; reason: string }> {
  const { value } = await typed(fleet, ["plan"]);
  const rows = value["beats"];
  if (!Array.isArray(rows)) throw new Error("plan printed no beats");
  return rows.find((row) => row.agent === agent);
}

test("pause keeps an agent from being due at once, and resume ends it", async () => {
  const fleet = await fleetOf();
  expect(await planned(fleet)).toMatchObject({ outcome: "due" });
  const { code, value } = await typed(fleet, ["pause", "writer", "--why", "holidays"]);
  expect({ code, value }).toMatchObject({
    code: 0,
    value: {
      controls: [
        {
          verb: "pause",
          target: { kind: "agent", agent: "writer" },
          who: "ann",
          why: "holidays",
          until: null,
        },
      ],
    },
  });
  expect(await planned(fleet)).toMatchObject({
    outcome: "rested",
    reason: expect.stringContaining("paused by ann: holidays"),
  });
  expect(await planned(fleet, "other")).toMatchObject({ outcome: "due" });
  fleet.clock.pass(1);
  await typed(fleet, ["resume", "writer"]);
  expect(await planned(fleet)).toMatchObject({ outcome: "due" });
});

test("a pause of the fleet stops everybody, until its time is over", async () => {
  const fleet = await fleetOf();
  await typed(fleet, ["pause", "fleet", "--until", "2026-11-22T10:00:00+01:00"]);
  for (const agent of ["writer", "other"])
    expect(await planned(fleet, agent)).toMatchObject({ outcome: "rested" });
  fleet.clock.set("2026-11-22T09:00:00Z");
  expect(await planned(fleet)).toMatchObject({ outcome: "due" });
});

test("park takes a task out of the plan, and unpark puts it back", async () => {
  const fleet = await fleetOf();
  await typed(fleet, ["park", "one", "two", "--as", "bob"]);
  expect(await planned(fleet)).toMatchObject({
    outcome: "rested",
    reason: expect.stringContaining("parked by bob"),
  });
  fleet.clock.pass(1);
  await typed(fleet, ["unpark", "one"]);
  expect(await planned(fleet)).toMatchObject({ outcome: "due" });
  expect(await planned(fleet, "other")).toMatchObject({ outcome: "rested" });
  fleet.clock.pass(1);
  expect(await typed(fleet, ["unpark", "--all"])).toMatchObject({
    value: { controls: [{ target: { unit: "two" } }] },
  });
  expect(await planned(fleet, "other")).toMatchObject({ outcome: "due" });
  expect(await typed(fleet, ["unpark", "--all"])).toEqual({ code: 0, value: { controls: [] } });
});

test("hold keeps an approved pull from merging, and resume lets it", async () => {
  const fleet = await fleetOf();
  await typed(fleet, ["tick", "--agent", "writer"]);
  await typed(fleet, ["hold", "one", "--why", "not this week"]);
  const held = await typed(fleet, ["pull", "merge", "1"]);
  expect(held).toMatchObject({ code: 1, value: { merged: [], against: ["on hold by ann: not this week"] } });
  expect(await typed(fleet, ["pull", "show", "1"])).toMatchObject({
    value: { against: ["on hold by ann: not this week"] },
  });
  fleet.clock.pass(1);
  await typed(fleet, ["resume", "one"]);
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [{ pull: 1 }] } });
});

test("release takes a claim away, so that the task is ready again", async () => {
  const fleet = await fleetOf();
  const elsewhere = await fleet.elsewhere();
  const snapshot = await read(elsewhere);
  const beat = plan(snapshot).beats.find((b) => b.agent === "writer");
  if (beat !== undefined) await claim(elsewhere, snapshot, beat);
  expect(await planned(fleet)).toMatchObject({
    outcome: "rested",
    reason: expect.stringContaining("works at"),
  });
  fleet.clock.pass(1);
  await typed(fleet, ["release", "writer"]);
  expect(await planned(fleet)).toMatchObject({ outcome: "due" });
});

test.each([
  [["pause", "writr"], "not-found", "perhaps writer"],
  [["park", "fleet"], "usage", "agents or tasks or pulls"],
  [["close", "writer"], "usage", "tasks or pulls"],
  [["reassign", "one", "writr"], "not-found", "perhaps writer"],
  [["unpark"], "usage", "a task's id, or --all"],
  [["pause", "writer", "--until", "2026-11-22T06:59:00Z"], "usage", "a time after 2026-11-22T07:00:00Z"],
  [["pause", "writer", "--as", "eve"], "refused", "one of the roster: ann, bob"],
  [["pause", "writer", "--as", "robot"], "refused", "one of the roster: ann, bob"],
  [["hold", "fleet", "--as", "Ann"], "refused", "one of the roster: ann, bob"],
])("%j is refused, and leaves nothing in the journal", async (args, code, expected) => {
  const fleet = await fleetOf();
  expect(await typed(fleet, args)).toMatchObject({ code: 2, value: { error: { code, expected } } });
  expect(await fleet.show()).not.toContain("journal");
});

test("who somebody is follows from git's e-mail; strangers and the fleet's accounts are refused", async () => {
  const fleet = await fleetOf();
  expect(await typed(fleet, ["pause", "writer"], { email: "bob@example.com" })).toMatchObject({
    value: { controls: [{ who: "bob" }] },
  });
  for (const email of ["eve@example.com", "robot@example.com", ""]) {
    const { code, value } = await typed(fleet, ["pause", "other"], { email });
    expect({ code, value }).toMatchObject({ code: 2, value: { error: { code: "refused" } } });
  }
});

test("as a process, in people's words", async () => {
  const fleet = await fleetOf();
  const pause = await pullbeat(fleet, ["pause", "writer", "--until", "2026-11-23T07:00:00Z"]);
  expect(pause).toEqual({
    code: 0,
    out: "pause writer: noted, by ann, until 2026-11-23T07:00:00Z\n",
    err: "",
  });
  expect((await pullbeat(fleet, ["plan"])).out).toContain("rested  writer");
  const eve = await pullbeat(fleet, ["pause", "other"], { env: { GIT_CONFIG_GLOBAL: "/dev/null" } });
  expect(eve).toMatchObject({ code: 2, out: "" });
  expect(eve.err).toContain("nobody on the roster has the git e-mail (none set)");
});

test("whose task it is by a person's word, board and task show say as plan does, also of a file that nobody pushed", async () => {
  const fleet = await fleetOf();
  const boardOf = async (agent: string): Promise<unknown> =>
    (await typed(fleet, ["board", "--agent", agent])).value["tasks"];
  expect(await boardOf("writer")).toMatchObject([{ id: "one" }]);
  await typed(fleet, ["reassign", "one", "other"]);
  expect(await planned(fleet)).toMatchObject({ outcome: "rested" });
  expect(await boardOf("writer")).toEqual([]);
  expect(await boardOf("other")).toMatchObject([{ id: "one", agent: "other", acts: "other" }, { id: "two" }]);
  await writeFile(join(fleet.clone, "board/one.md"), taskText("one", "writer", "priority: high\n"));
  expect(await boardOf("other")).toMatchObject([{ id: "one", agent: "other", priority: "high" }, {}]);
  expect((await typed(fleet, ["task", "show", "one"])).value).toMatchObject({
    agent: "other",
    priority: "high",
  });
});
