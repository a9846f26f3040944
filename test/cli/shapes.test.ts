import { expect, test } from "vitest";
import { Sha } from "../../src/domain/id.ts";
import { specText, taskText, writes } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { json, pullbeat } from "./cli.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/idler.md": specText("idler"),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\npriority: high\n"),
  "board/two.md": taskText("two", "writer", "needs: [one]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": "# One\n" }),
};
const PLAYED = { env: { PULLBEAT_SCRIPTS: "scripts" } };

const beats = (outcome: string): unknown => [
  {
    agent: "writer",
    slot: "20261122T0700Z",
    outcome,
    reason: expect.any(String),
    attempts: [
      {
        task: "one",
        outcome: expect.any(String),
        reason: expect.any(String),
        pull: outcome === "due" ? null : 1,
        tokens: outcome === "due" ? 0 : 120,
        usd: 0,
      },
    ],
  },
  { agent: "idler", slot: null, outcome: "rested", reason: expect.any(String), attempts: [] },
];

test("check, board, plan, tick, pull list and log print the documented shapes", async () => {
  const world = await makeWorld({ files: FILES });
  const at = Sha.parse((await world.far("rev-parse", "main")).trim());
  expect(await json(world, ["check"])).toMatchObject({
    code: 0,
    value: { ok: true, counts: { errors: 0, notes: expect.any(Number) }, findings: expect.any(Array) },
  });
  expect(await json(world, ["board"])).toMatchObject({
    code: 0,
    value: {
      tasks: [
        {
          id: "one",
          title: "Do one",
          agent: "writer",
          priority: "high",
          state: "ready",
          needs: [],
          file: "board/one.md",
        },
        { id: "two", state: "blocked", needs: ["one"] },
      ],
      unseen: [],
      warning: null,
    },
  });
  const first = { id: "one", task: "one", title: "Do one", priority: "high", why: "ready" };
  expect(await json(world, ["next", "writer", "--limit", "5"])).toEqual({
    code: 0,
    value: {
      base: at,
      agent: "writer",
      tasks: [{ ...first, file: "board/one.md", pull: null }],
      reason: null,
    },
  });
  expect(await json(world, ["plan"], PLAYED)).toMatchObject({
    code: 0,
    value: { base: at, beats: beats("due") },
  });
  const ticked = await json(world, ["tick"], PLAYED);
  expect(ticked).toMatchObject({ code: 0, value: { base: at } });
  expect(ticked.value).toMatchObject({
    beats: expect.arrayContaining([expect.objectContaining({ outcome: "worked" })]),
  });
  expect(await json(world, ["pull", "list"])).toMatchObject({
    code: 0,
    value: {
      pulls: [
        {
          number: 1,
          title: "one: Do one",
          task: "one",
          agent: "writer",
          branch: "pullbeat/work/one--1",
          head: expect.stringMatching(/^[0-9a-f]{40}$/),
          state: "waiting",
          waiting: "you",
        },
      ],
    },
  });
  const [worked] = [beats("worked")].flat();
  expect(await json(world, ["log"])).toMatchObject({
    code: 0,
    value: { records: [{ ...Object(worked), started: "2026-11-22T07:00:00Z" }] },
  });
});

test("work that a script did is labelled wherever people read of it", async () => {
  const world = await makeWorld({ files: FILES });
  const tick = await pullbeat(world, ["tick"], PLAYED);
  expect(tick.out).toContain("one proposed → pull 1 (scripted): Done.");
  expect((await pullbeat(world, ["log"])).out).toContain("worked (scripted)");
  expect((await pullbeat(world, ["log", "show", "writer@20261122T0700Z"])).out).toContain(
    "scripted: the replies came from a file",
  );
  expect((await pullbeat(world, ["pull", "show", "1"])).out).toContain(
    "Scripted: the replies came from a file.",
  );
});

test("check names file, line, column and rule of what is wrong, and ends with 1", async () => {
  const world = await makeWorld({ files: { ...FILES, "board/two.md": taskText("two", "nobody") } });
  const { code, value } = await json(world, ["check"]);
  expect(code).toBe(1);
  expect(value).toMatchObject({
    ok: false,
    counts: { errors: 1 },
    findings: expect.arrayContaining([
      {
        file: "board/two.md",
        line: 4,
        column: 8,
        rule: expect.any(String),
        level: "error",
        message: expect.any(String),
      },
    ]),
  });
  const github = await pullbeat(world, ["check", "--format", "github"]);
  expect(github.out).toMatch(/^::error file=board\/two\.md,line=4,col=8,/m);
});

test("a beat that failed ends the tick with 1, and says why", async () => {
  const world = await makeWorld({ files: { ...FILES, "scripts/writer.jsonl": '{"failure":"server"}' } });
  const { code, out } = await pullbeat(world, ["tick"], PLAYED);
  expect(code).toBe(1);
  expect(out).toMatch(/^failed {2}writer/m);
});
