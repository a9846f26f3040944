import { expect, test } from "vitest";
import { collide } from "../../src/domain/product/declared.ts";
import { AgentName } from "../../src/domain/id.ts";
import { productsOf, type AgentFile } from "../../src/domain/spec.ts";
import { check } from "../../src/flow/check.ts";
import { worktreeFleet } from "../../src/store/worktree.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { typed } from "./cli.ts";

const WRITER = `---
name: writer
# What people call it.
title: 'Page writer'
description: Writes pages
schedule: daily 07:00   # before anybody is up
engine: { kind: openai, model: scripted }
reads: [pages/**]
produces:
  # its own
  - { path: "reports/writer/*.md", max_files: 2 }   # two at most
  - drafts/*.md
  - { path: log.csv, mode: append }
---
# Page writer

You write to \`drafts/\`, and ask writer-two, not the writer.
Nothing else.
`;
const FILES = { "agents/writer.md": WRITER, "agents/other.md": specText("other", "produces: [docs/**]\n") };

const fleetOf = (files = {}): Promise<FleetWorld> => makeFleet({ files: { ...FILES, ...files } });

async function agentOf({ clone, env }: FleetWorld, name: string): Promise<AgentFile> {
  const fleet = await worktreeFleet({ dir: clone, env });
  expect(check(fleet, []).findings.filter((f) => f.level === "error")).toEqual([]);
  const file = fleet.agents.get(AgentName.parse(name));
  if (file === undefined) throw new Error(`${name} was not made: ${JSON.stringify(fleet.findings)}`);
  return file;
}

test("a copy differs in name, title, status and its places, and keeps every comment", async () => {
  const fleet = await fleetOf();
  const { code, value } = await typed(fleet, ["agent", "new", "seo-editor", "--from", "writer"]);
  expect({ code, value }).toMatchObject({
    code: 0,
    value: { agent: "seo-editor", from: "writer", pushed: true },
  });
  expect(await fleet.file("agents/seo-editor.md")).toBe(
    WRITER.replace("name: writer", "name: seo-editor")
      .replace("title: 'Page writer'", "title: 'Seo editor'")
      .replace("reports/writer/", "reports/seo-editor/")
      .replace("drafts/*.md", "drafts/seo-editor/*.md")
      .replace("mode: append }\n", "mode: append }\nstatus: paused\n")
      .replace("# Page writer", "# Seo editor"),
  );
  expect(value["told"]).toEqual([
    "it produces reports/seo-editor/*.md, where writer produces reports/writer/*.md",
    "it produces drafts/seo-editor/*.md, where writer produces drafts/*.md",
    "it appends to log.csv, as writer does",
    "its description is still writer's",
    "it is due when writer is: daily 07:00",
    "these lines still speak of writer: 18",
  ]);
});

test("a copy may not do what its source may not, and never shares what it overwrites", async () => {
  const fleet = await fleetOf();
  const source = await agentOf(fleet, "writer");
  await typed(fleet, ["agent", "new", "seo", "--from", "writer", "--description", "Writes for machines"]);
  const copy = await agentOf(fleet, "seo");
  const { name, title, status, description, produces, ...rest } = copy.spec;
  expect({ name, title, status, description }).toEqual({
    name: "seo",
    title: "Seo",
    status: "paused",
    description: "Writes for machines",
  });
  expect(source.spec).toMatchObject(rest);
  expect(produces).toHaveLength(3);
  for (const mine of productsOf(copy.spec))
    for (const theirs of productsOf(source.spec))
      expect([mine.path, collide(mine.path, theirs.path) && mine.mode !== "append"]).toEqual([
        mine.path,
        false,
      ]);
});

test.each([
  ["reports/**", "copy/reports/**"],
  ["docs.md", "copy/docs.md"],
  ["{a,b}/*.md", "{a,b}/copy/*.md"],
  ["source-data/source/*.md", "source-data/copy/*.md"],
])("of what produces %s, a copy produces %s", async (theirs, mine) => {
  const fleet = await makeFleet({
    files: { "agents/source.md": specText("source", `produces: ["${theirs}"]\n`) },
  });
  await typed(fleet, ["agent", "new", "copy", "--from", "source"]);
  expect((await agentOf(fleet, "copy")).spec.produces).toEqual([mine]);
});

test("where there is no place left, the copy is refused at the line that two would write", async () => {
  const fleet = await makeFleet({
    files: { "agents/source.md": specText("source", 'produces: ["**/*.md"]\n') },
  });
  expect(await typed(fleet, ["agent", "new", "copy", "--from", "source"])).toMatchObject({
    code: 2,
    value: {
      error: {
        where: expect.stringMatching(/^agents\/(?:source|copy)\.md:5:12$/),
        message: expect.stringContaining("both produce"),
      },
    },
  });
  expect(await fleet.file("agents/copy.md")).toBeNull();
});

test("line endings of the source stay those of the copy", async () => {
  const fleet = await fleetOf({ "agents/writer.md": WRITER.replaceAll("\n", "\r\n") });
  await typed(fleet, ["agent", "new", "seo", "--from", "writer"]);
  const text = (await fleet.file("agents/seo.md")) ?? "";
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(text).toContain("\r\n# Seo\r\n");
});

test("a role to fill in is sound, commented, paused, and writes where nobody else does", async () => {
  const fleet = await fleetOf();
  await typed(fleet, [
    "agent",
    "new",
    "faq",
    "--title",
    "Q: & A",
    "--description",
    'Keeps "docs/faq.md": short',
  ]);
  const { spec, body } = await agentOf(fleet, "faq");
  expect(spec).toMatchObject({
    name: "faq",
    title: "Q: & A",
    description: 'Keeps "docs/faq.md": short',
    status: "paused",
    reads: [],
    produces: [{ path: "reports/faq/*.md" }],
  });
  expect(body).toMatch(/^# Q: & A\n/);
  expect((await fleet.file("agents/faq.md"))?.match(/^# .+$/gm)?.length).toBeGreaterThan(8);
});

test("a role to fill in produces nothing where every place is somebody's", async () => {
  const fleet = await makeFleet({
    files: { "agents/all.md": specText("all", 'produces: ["reports/**", "faq/**"]\n') },
  });
  await typed(fleet, ["agent", "new", "faq"]);
  expect((await agentOf(fleet, "faq")).spec.produces).toEqual([]);
});

test("a new agent does not work before a person has made it active", async () => {
  const fleet = await fleetOf();
  await typed(fleet, ["agent", "new", "faq"]);
  const { value } = await typed(fleet, ["task", "new", "t", "--agent", "faq"]);
  expect(value["notes"]).toMatchObject([{ message: "waits for faq, who is paused" }]);
  expect(await typed(fleet, ["agents"])).toMatchObject({
    value: {
      agents: [
        { agent: "faq", state: "paused", next: null },
        { agent: "other", state: "nothing-ready" },
        { agent: "writer" },
      ],
    },
  });
});

test("directives of the same title stand beside each other, and bind whom they name", async () => {
  const fleet = await fleetOf({ "board/directives/readme.md": "About orders.\n" });
  const lines = [
    ["directive", "new", "Häuser zuerst", "-m", "Erst die Häuser."],
    ["directive", "new", "häuser ZUERST", "--scope", "writer", "--scope", "other", "--until", "2026-12-01"],
    ["directive", "new", "README"],
    ["directive", "new", "🚫"],
  ];
  const files = [];
  for (const line of lines) files.push((await typed(fleet, line)).value["file"]);
  expect(files).toEqual([
    "board/directives/häuser-zuerst.md",
    "board/directives/häuser-zuerst-2.md",
    "board/directives/readme-2.md",
    "board/directives/directive.md",
  ]);
  const { directives, findings } = await worktreeFleet({ dir: fleet.clone, env: fleet.env });
  expect(findings).toEqual([]);
  const orders = directives.map(({ directive: d, body }) => [d.title, d.scope, d.expires ?? null, body]);
  expect(orders).toEqual(
    expect.arrayContaining([
      ["Häuser zuerst", "all", null, "Erst die Häuser.\n"],
      ["häuser ZUERST", ["writer", "other"], "2026-12-01", "häuser ZUERST\n"],
    ]),
  );
});

test("an agent of the timetable says when it worked, is due, what the day cost, and why it rests", async () => {
  const fleet = await makeFleet({
    files: {
      "agents/writer.md": specText(
        "writer",
        "schedule: daily 07:00\nbudget: { day: { beats: 3, usd: 1 } }\n",
      ),
      "agents/idler.md": specText("idler"),
      "agents/broken.md": "---\nname: broken\n---\n",
      "board/duty.md": taskText("duty", "idler", "every: daily 09:00\n"),
    },
  });
  fleet.clock.set("2026-11-23T07:00:00Z");
  await typed(fleet, ["tick"]);
  await typed(fleet, ["pause", "writer", "--until", "2026-11-25T07:00:00Z", "--why", "holidays"]);
  fleet.clock.pass(5);
  const { value } = await typed(fleet, ["agents"]);
  expect(value).toMatchObject({
    agents: [
      { agent: "broken", state: "broken-spec", today: null, last: null },
      {
        agent: "idler",
        next: null,
        nextDuty: { task: "duty", at: "2026-11-23T09:00:00Z" },
      },
      {
        agent: "writer",
        schedule: "daily 07:00",
        state: "paused",
        reason: "is paused by ann until 2026-11-25T07:00:00Z: holidays",
        last: { slot: "20261123T0700Z", outcome: "rested", started: "2026-11-23T07:00:00Z" },
        next: "2026-11-25T07:00:00Z",
        today: { beats: 0, usd: 0, limit: { beats: 3, usd: 1 } },
      },
    ],
  });
});
