import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { json, pullbeat } from "./cli.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'schedule: daily 07:00\nproduces: ["reports/*.md"]\n'),
  "agents/editor.md": specText("editor"),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": "# One\n" }),
};
const env = { PULLBEAT_SCRIPTS: "scripts" };

/** What the tests need of what `job plan` says. */
const Said = z.looseObject({ plan: z.object({ digest: z.string() }).nullable() });
type Said = z.infer<typeof Said>;

async function plan(fleet: FleetWorld): Promise<{ file: string; said: Said }> {
  const file = join(fleet.dir, "plan.json");
  const { code, value } = await json(fleet, ["job", "plan", "--plan", file], { env });
  expect(code).toBe(0);
  return { file, said: Said.parse(value) };
}

test("a tick can be run job by job, from the command line", async () => {
  const fleet = await makeFleet({ files: FILES });
  const { file, said } = await plan(fleet);
  expect(said).toMatchObject({ shards: [{ shard: 1, kind: "model", agents: ["writer"] }], digest: null });
  const given = ["--plan", file, "--digest", said.plan?.digest ?? ""];
  const bench = join(fleet.dir, "bench");
  await mkdir(bench);
  const at = { ...fleet, clone: bench };
  const fetched = await json(at, [
    "job",
    "fetch",
    ...given,
    "--shard",
    "1",
    "--from",
    `file://${fleet.origin}`,
  ]);
  expect(fetched.value).toEqual({ commits: [expect.stringMatching(/^[0-9a-f]{40}$/)] });
  const out = join(fleet.dir, "handover/work-1");
  const worked = await json(at, ["job", "work", ...given, "--shard", "1", "--out", out], { env });
  expect(worked.value).toMatchObject({
    shard: 1,
    beats: [{ agent: "writer", works: [{ task: "one", end: "finished" }] }],
  });
  const published = await json(fleet, ["job", "publish", ...given, "--in", join(fleet.dir, "handover")]);
  expect(published).toMatchObject({
    code: 0,
    value: { beats: [{ outcome: "worked", attempts: [{ pull: 1 }] }], refused: [] },
  });
  expect((await json(fleet, ["job", "settle"])).value).toMatchObject({
    merged: [],
    again: false,
    digest: null,
  });
});

test("a plan that is not the one that was made is refused, and so is one that is missing", async () => {
  const fleet = await makeFleet({ files: FILES });
  const { file, said } = await plan(fleet);
  const args = (name: string): string[] => [
    "job",
    "publish",
    "--plan",
    name,
    "--digest",
    said.plan?.digest ?? "",
    "--in",
    fleet.dir,
  ];
  await writeFile(file, (await readFile(file, "utf8")).replace("work/one--1", "work/one--2"));
  const forged = await pullbeat(fleet, args(file));
  expect([forged.code, forged.err]).toEqual([
    2,
    expect.stringContaining("is not the plan that was made: its SHA-256 is"),
  ]);
  const missing = await pullbeat(fleet, args(join(fleet.dir, "no.json")));
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("there is no plan")]);
});

test.each([
  ["plan", "--plan <file> is missing"],
  ["settle --chain x", "--chain wants a whole number"],
])("job %s says what is missing", async (line, says) => {
  const fleet = await makeFleet({ files: FILES });
  const { code, err } = await pullbeat(fleet, ["job", ...line.split(" ")]);
  expect([code, err]).toEqual([2, expect.stringContaining(says)]);
});

test("without its key an agent is planned only when another job has the key", async () => {
  const fleet = await makeFleet({ files: FILES });
  const file = join(fleet.dir, "plan.json");
  const none = await json(fleet, ["job", "plan", "--plan", file]);
  expect(none.value).toMatchObject({ plan: null });
  const key = await json(fleet, ["job", "plan", "--plan", file], { env: { PULLBEAT_KEY_ELSEWHERE: "true" } });
  expect(key.value).toMatchObject({ shards: [{ agents: ["writer"] }] });
});

const GATE = `gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/**] }
  plain: { kind: grader, grader: editor }
require: [{ path: [reports/**], gates: [links, plain] }, { path: [other/**], gates: [links] }]
`;

test("a month is counted before anybody pays it, from budgets first and from what was used later", async () => {
  const fleet = await makeFleet({ files: FILES });
  const first = await json(fleet, ["plan", "--month"]);
  expect(first.value).toMatchObject({
    days: 30,
    ticks: 30,
    // The slot of this very minute is over when the first of these ticks comes.
    idle: 1,
    beats: 30,
    jobs: 1 + 29 * 4,
    agents: [{ agent: "writer", beats: 30, atMost: true, tokens: 30 * 60_000 }],
  });
  expect((await pullbeat(fleet, ["tick"], { env })).code).toBe(0);
  const later = await json(fleet, ["plan", "--month"]);
  expect(later.value).toMatchObject({ tokens: 30 * 120, agents: [{ atMost: false }] });
  expect((await pullbeat(fleet, ["plan", "--month"])).out).toContain("117 jobs");
  // A gate's program that judges what the writer makes has a job to itself, and so has its grader, as it is alone.
  await fleet.commit({
    ".github/pullbeat.yml": `${(await fleet.file(".github/pullbeat.yml")) ?? ""}${GATE}`,
    "agents/editor.md": specText(
      "editor",
      "grades: { criteria: [{ id: plain, one: no, five: yes }], pass: 3 }\n",
    ),
  });
  const judged = await json(fleet, ["plan", "--month"]);
  expect(judged.value).toMatchObject({
    jobs: 1 + 29 * 6,
    beats: 30,
    agents: [
      { agent: "editor", beats: 30, tokens: 30 * 60_000, atMost: true },
      { agent: "writer", beats: 30, atMost: false },
    ],
  });
});

test("workflows are written once, kept up to date, and never from an action that is not pinned", async () => {
  const fleet = await makeFleet({ files: FILES });
  const loose = await pullbeat(fleet, ["workflows", "--action", "someone/pullbeat@main"]);
  expect([loose.code, loose.err]).toEqual([2, expect.stringContaining("is not pinned")]);
  const action = `someone/pullbeat@${"a".repeat(40)} # v0.1.0`;
  const dry = await json(fleet, ["workflows", "--action", action, "--dry-run"]);
  expect(dry).toMatchObject({
    code: 1,
    value: { files: [{ state: "new" }, { state: "new" }, { state: "new" }] },
  });
  const written = await json(fleet, ["workflows", "--action", action]);
  expect(written.code).toBe(0);
  const text = await readFile(join(fleet.clone, ".github/workflows/pullbeat.yml"), "utf8");
  expect(text).toContain(`uses: ${action}`);
  expect((await json(fleet, ["workflows", "--dry-run"])).code).toBe(0);
  await writeFile(join(fleet.clone, "agents/writer.md"), FILES["agents/writer.md"].replace("07:00", "18:00"));
  const changed = await json(fleet, ["workflows", "--dry-run"]);
  expect(changed).toMatchObject({
    code: 1,
    value: { files: [{ state: "changed" }, { state: "same" }, { state: "same" }] },
  });
});
