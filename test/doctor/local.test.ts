import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groundFindings } from "../../src/domain/doctor/local.ts";
import { examine } from "../../src/flow/doctor.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, type FleetWorld } from "../fleet.ts";
import { checkupOf, ids } from "./checkup.ts";

const config = (more = "", roster = "[{ login: ann, emails: [ann@example.com] }]"): string =>
  `version: 1\nroster: ${roster}\ndigest: { at: off }\n${more}`;

const healthy = (): Promise<FleetWorld> =>
  makeFleet({ files: { "agents/writer.md": specText("writer", "schedule: daily 06:00\n") } });

/** In minutes, as the clock counts. */
const DAY = 24 * 60;

const CONFIG = ".github/pullbeat.yml";

const BROKEN: readonly [claim: string, spoil: (world: FleetWorld) => unknown, expected: readonly string[]][] =
  [
    [
      "nobody on the roster approves nothing",
      (w) => w.commit({ [CONFIG]: config("", "[]") }),
      ["wrong config/no-roster"],
    ],
    [
      "a rule of the policy that names nobody is named",
      (w) =>
        w.commit({ [CONFIG]: config("policy: { raise: [{ id: all, agent: [nobody], tier: dual }] }\n") }),
      ["wrong policy/unknown-agent"],
    ],
    [
      "an account of the fleet on the roster is no person",
      (w) =>
        w.commit({ [CONFIG]: config("fleet: { accounts: [BOB] }\n", "[{ login: ann }, { login: bob }]") }),
      ["wrong account-on-roster"],
    ],
    [
      "a config that is gone is said with where it should be",
      (w) => w.commit({ [CONFIG]: null }),
      ["wrong tip"],
    ],
    [
      "a config that cannot be read is said with its line",
      (w) => w.commit({ [CONFIG]: "version: 2\n" }),
      ["wrong tip"],
    ],
    [
      "a file that cannot be read is named",
      (w) => w.commit({ "agents/bad.md": "---\nname: bad\nwhat: ever\n---\n" }),
      ["wrong unreadable"],
    ],
    [
      "a file of the journal that cannot be read is named",
      async (w) => {
        await w.git("switch", "--quiet", "--orphan", "journal");
        await w.git("rm", "-r", "--quiet", "--cached", "--ignore-unmatch", ".");
        const blob = (
          await w.git("hash-object", "-w", "-t", "blob", "--", join(w.clone, ".git/HEAD"))
        ).trim();
        await w.git("update-index", "--add", "--cacheinfo", `100644,${blob},control/x.json`);
        await w.git("commit", "--quiet", "--message", "x");
        await w.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/journal");
      },
      ["wrong journal"],
    ],
    [
      "mistakes between files are counted",
      (w) => w.commit({ "board/one.md": "---\nid: one\ntitle: One\nagent: nobody\n---\n## Brief\nDo.\n" }),
      ["wrong check"],
    ],
    [
      "a branch called pullbeat leaves no room for the fleet's",
      (w) => w.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat"),
      ["wrong clash"],
    ],
    [
      "a branch below the journal's name leaves it no room",
      (w) => w.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/journal/mine"),
      ["wrong clash"],
    ],
    ["a clone without a remote has no fleet", (w) => w.git("remote", "remove", "origin"), ["wrong remote"]],
    [
      "a remote that does not answer is no pass",
      (w) => w.git("remote", "set-url", "origin", join(w.dir, "nowhere.git")),
      ["unknown remote-silent"],
    ],
    ["slots that nobody comes for are told", (w) => w.clock.pass(3 * DAY), ["wrong asleep"]],
    [
      "schemas of another pullbeat mislead editors",
      (w) => w.commit({ ".github/pullbeat.schema/spec.json": "{}\n" }),
      ["wrong schemas"],
    ],
  ];

test.each(BROKEN)("%s", async (_, spoil, expected) => {
  const world = await healthy();
  expect(await examine(checkupOf(world))).toEqual([]);
  await spoil(world);
  const found = await examine(checkupOf(world));
  expect(ids(found)).toEqual(expected);
  expect(found.filter((f) => f.fix === null || f.fix === "")).toEqual([]);
});

test("schemas of this pullbeat are as they should be", async () => {
  const world = await healthy();
  await world.commit({ ".github/pullbeat.schema/spec.json": await readFile("docs/schema/spec.json") });
  expect(await examine(checkupOf(world))).toEqual([]);
});

test("a slot that waits for a few hours is late, and nothing more", async () => {
  const world = await healthy();
  world.clock.pass(DAY);
  expect(await examine(checkupOf(world))).toEqual([]);
});

test("slots that ended as missed are told, and the schedule is alive again", async () => {
  const world = await healthy();
  await tick(world.flow);
  world.clock.pass(3 * DAY);
  await tick(world.flow);
  const found = await examine(checkupOf(world));
  expect(ids(found)).toEqual(["note missed"]);
  expect(found[0]?.what).toContain("2 slots");
});

test("a fleet without schedules is asleep when its digest does not come", async () => {
  const world = await healthy();
  await world.commit({ [CONFIG]: config().replace("off", "daily 07:00") });
  world.clock.pass(DAY + 60);
  await tick(world.flow);
  await world.commit({ "agents/writer.md": specText("writer") });
  world.clock.pass(2 * DAY);
  const [found] = await examine(checkupOf(world));
  expect(found).toMatchObject({
    id: "asleep",
    what: expect.stringMatching(/no digest of 2026-11-2\d; the last record/),
  });
  await tick(world.flow);
  expect(await examine(checkupOf(world))).toEqual([]);
});

test("a key that is not there is named, and never its value", async () => {
  const world = await healthy();
  const found = await examine(
    checkupOf(world, {
      engine: () => ({
        unable: () => "no key: set OPENAI_API_KEY",
        work: () => Promise.reject(new Error("no")),
      }),
    }),
  );
  expect(found).toEqual([
    {
      id: "key",
      level: "wrong",
      what: "writer cannot work here: no key: set OPENAI_API_KEY",
      fix: "export OPENAI_API_KEY=… where ticks run",
    },
  ]);
});

test("a folder that is no repository is one finding, with what to do", async () => {
  const world = await healthy();
  expect(ids(await examine(checkupOf({ ...world, clone: world.dir })))).toEqual(["wrong repository"]);
});

test("versions that are too old, or cannot be read, come first", () => {
  const ground = {
    git: "2.39.5",
    node: "22.18.0",
    origin: "x",
    base: "main",
    clashes: [],
    doubts: [],
    sealed: [],
  };
  expect(groundFindings(ground)).toEqual([]);
  expect(ids(groundFindings({ ...ground, git: "2.38.1", node: "20.1.0", base: null }))).toEqual([
    "wrong git",
    "wrong node",
    "wrong base",
  ]);
  expect(ids(groundFindings({ ...ground, git: "" }))).toEqual(["wrong git"]);
  expect(groundFindings({ ...ground, git: "3.0.0", node: "100.0.0" })).toEqual([]);
});
