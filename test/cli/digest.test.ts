import { expect, test } from "vitest";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { pullbeat, typed } from "./cli.ts";

const ROSTER = "version: 1\nroster:\n  - { login: ann, emails: [ann@example.com] }\n";

/** One pull waits; by default no digest comes by itself. */
async function waiting(at = "off", more = ""): Promise<FleetWorld> {
  const fleet = await makeFleet({
    at: "2026-11-21T12:00:00Z",
    files: {
      ".github/pullbeat.yml": `${ROSTER}digest: { at: ${at} }\n${more}`,
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await tick(fleet.flow);
  fleet.clock.set("2026-11-22T07:00:00Z");
  return fleet;
}

test("digest prints markdown where nobody looks, and writes nothing", async () => {
  const fleet = await waiting();
  const before = await fleet.far("for-each-ref");
  const { code, out } = await pullbeat(fleet, ["digest"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^# Sunday, 22 November 2026\n\n\*\*1 for you to decide\*\*/);
  expect(out).toContain(
    "1. **Pull 1** “one: Do one”: writer, gates passed, 19 hours old, scripted. `pullbeat pull show 1`",
  );
  expect(await fleet.far("for-each-ref")).toBe(before);
});

test("digest --publish publishes today's once, and --date tells it again after the world has moved on", async () => {
  const fleet = await waiting();
  expect(await typed(fleet, ["digest", "--publish"])).toEqual({
    code: 0,
    value: { date: "2026-11-22", file: "digest/2026-11-22.md", pull: 2, merged: true },
  });
  expect(await typed(fleet, ["digest", "--publish"])).toMatchObject({
    code: 2,
    value: { error: { code: "refused", message: "today's digest was published already" } },
  });
  await typed(fleet, ["pull", "close", "1"]);
  fleet.clock.set("2026-11-25T07:00:00Z");
  expect((await typed(fleet, ["digest"])).value).toMatchObject({ decide: [], stuck: [{ what: "one" }] });
  expect((await typed(fleet, ["digest", "--date", "2026-11-22"])).value).toMatchObject({
    date: "2026-11-22",
    decide: [{ pull: 1 }],
    stuck: [],
  });
});

/** A gate that can never tell: pulls in the remote itself have no CI. */
const UNTOLD = `gates:
  ci: { kind: checks, runs: [{ name: build, app: github-actions }] }
require:
  - { path: [reports/**], gates: [ci] }
`;

test("a digest names the gate that has not passed, and tells of the pull after its approval too", async () => {
  const fleet = await waiting("off", UNTOLD);
  const told = async (...args: string[]): Promise<unknown> => (await typed(fleet, ["digest", ...args])).value;
  const gate = /gate ci: pulls in the remote itself have no CI/;
  expect(await told()).toMatchObject({ decide: [{ pull: 1, why: expect.stringMatching(gate) }], stuck: [] });
  await typed(fleet, ["pull", "approve", "1"]);
  await typed(fleet, ["settle"]);
  const stuck = [{ kind: "gate", what: "one", why: expect.stringMatching(gate) }];
  expect(await told()).toMatchObject({ decide: [], stuck });
  // It merges by itself only when the same comes out of its record again.
  expect(await told("--publish")).toMatchObject({ merged: true });
  await typed(fleet, ["pull", "close", "1"]);
  expect(await told("--date", "2026-11-22")).toMatchObject({ decide: [], stuck });
});

test("a pull that a second word is missing of stays among what is to be decided", async () => {
  const fleet = await waiting("off", "policy: { default: dual }\n");
  expect((await typed(fleet, ["digest"])).value).toMatchObject({ decide: [{ why: "gates passed" }] });
  await typed(fleet, ["pull", "approve", "1"]);
  expect((await typed(fleet, ["digest"])).value).toMatchObject({
    decide: [{ pull: 1, why: "it waits for ann to approve it again, at 2026-11-22T07:10:00Z or later" }],
    stuck: [],
  });
});

test("plan and tick tell of a digest that is due", async () => {
  const fleet = await waiting("daily 07:00");
  const due = { date: "2026-11-22", file: "digest/2026-11-22.md", pull: null, merged: false };
  expect((await typed(fleet, ["plan"])).value).toMatchObject({ digest: due });
  expect((await typed(fleet, ["tick"])).value).toMatchObject({ digest: { ...due, pull: 2, merged: true } });
  expect((await typed(fleet, ["plan"])).value).toMatchObject({ digest: null });
});

test("a tick in which nobody was due tells people of the digest that it merged", async () => {
  const { code, out } = await pullbeat(await waiting("daily 07:00"), ["tick"]);
  expect({ code, lines: out.split("\n").slice(0, 2) }).toEqual({
    code: 0,
    lines: ["nobody was due", "digest/2026-11-22.md is written and merged"],
  });
});

test.each([
  [["--date", "yesterday"], "usage", "--date yesterday is not a day"],
  [["--date", "2026-02-30"], "usage", "--date 2026-02-30 is not a day"],
  [["--date", "2026-11-01"], "not-found", "there is no digest of 2026-11-01"],
  [["--date", "2026-11-22", "--publish"], "usage", "--publish and --date do not go together"],
])("digest %j is refused", async (args, code, message) => {
  expect(await typed(await waiting(), ["digest", ...args])).toMatchObject({
    code: 2,
    value: { error: { code, message } },
  });
});

test("a fleet that has done nothing yet has no digest to publish", async () => {
  const fleet = await makeFleet();
  expect(await typed(fleet, ["digest", "--publish"])).toMatchObject({
    code: 2,
    value: { error: { message: "there is no journal yet, so there is nothing to tell" } },
  });
  expect((await typed(fleet, ["digest"])).value).toMatchObject({ decide: [], anchor: { journal: null } });
});
