import { expect, test } from "vitest";
import { Fault } from "../../src/domain/fault.ts";
import { AgentName, TaskId, type Sha } from "../../src/domain/id.ts";
import type { Fleet } from "../../src/domain/snapshot.ts";
import { recordsOf } from "../../src/store/records.ts";
import { makeWorld, type Files, type World } from "../world.ts";
import { MAIN, refOf, write } from "./draft.ts";
import { agentText, taskText } from "./fleet-files.ts";

const tester = { "agents/tester.md": agentText("tester") };

async function fleetOf(files: Files, world?: World): Promise<Fleet> {
  const { repo } = world ?? (await makeWorld({ files }));
  return recordsOf(repo).fleet(await refOf(repo, MAIN));
}

const places = (fleet: Fleet): string[] =>
  fleet.findings.map((f) => `${f.file}:${f.line}:${f.column} ${f.rule}`);

test("agents, tasks and directives are read, and READMEs and other files are not", async () => {
  const fleet = await fleetOf({
    ...tester,
    "agents/README.md": "for people",
    "agents/notes.txt": "x",
    "board/T-8k2f-grade.md": taskText("T-8k2f"),
    "board/readme.md": "for people",
    "board/deep/T-9999.md": "not a task",
    "board/directives/tone.md": "---\ntitle: Be kind\n---\nAlways.\n",
  });
  expect([...fleet.agents.keys()]).toEqual(["tester"]);
  expect([...fleet.tasks.keys()]).toEqual(["T-8k2f"]);
  expect(fleet.directives.map((d) => [d.directive.title, d.body])).toEqual([["Be kind", "Always.\n"]]);
  expect(fleet.config.roster.map((p) => p.login)).toEqual(["ann"]);
  expect(fleet.findings).toEqual([]);
  const task = fleet.tasks.get(TaskId.parse("T-8k2f"));
  expect(task?.at(["title"])).toEqual({ line: 3, column: 8 });
  expect(fleet.entries.find((e) => e.path === task?.path)?.blob).toBe(task?.blob);
});

test("one bad file hides only itself and is named with line and column", async () => {
  const fleet = await fleetOf({
    ...tester,
    "agents/broken.md": "---\nname: broken\ndescription: [\n---\n",
    "agents/other.md": agentText("tester"),
    "board/a.md": taskText("a", "statuss: done\n"),
    "board/b.md": taskText("b"),
    "board/c.md": new Uint8Array([0x2d, 0x2d, 0x2d, 0x0a, 0x61, 0xff, 0x0a]),
    "board/d.md": "---\nid: d\0\n---\n",
  });
  expect(places(fleet)).toEqual([
    expect.stringMatching(/^agents\/broken\.md:\d+:\d+ matter\/yaml$/),
    "agents/other.md:2:7 spec/file-name",
    "board/a.md:5:1 schema/unknown-key",
    "board/c.md:2:2 file/text",
    "board/d.md:2:6 file/text",
  ]);
  expect([...fleet.tasks.keys()]).toEqual(["b"]);
  expect(fleet.agents.get(AgentName.parse("tester"))?.path).toBe("agents/tester.md");
});

test("a file that is not named after the id it claims hides no task, wherever its path comes", async () => {
  const stray = taskText("hello", "priority: high\n");
  const fleet = await fleetOf({
    ...tester,
    "board/dup.md": stray,
    "board/hello-you.md": taskText("hello", "status: done\n"),
    "board/zip.md": stray,
  });
  expect(fleet.tasks.get(TaskId.parse("hello"))).toMatchObject({
    path: "board/hello-you.md",
    task: { status: "done" },
  });
  expect(places(fleet)).toEqual(["board/dup.md:2:5 task/duplicate-id", "board/zip.md:2:5 task/duplicate-id"]);
  expect(fleet.findings[0]?.message).toContain("that of board/hello-you.md");
  expect(fleet.findings[0]?.message).toContain("is ignored");
});

test.each([
  ["x-1.md", "x.md"],
  ["a.md", "b.md"],
])(
  "of two files with one id, %s and %s, both are in error: names do not tell which is meant",
  async (a, b) => {
    const [one, two] = [`board/${a}`, `board/${b}`];
    const stands = async (first: string, second: string): Promise<string | undefined> => {
      const files = { [one]: taskText("x", first), [two]: taskText("x", second) };
      const fleet = await fleetOf({ ...tester, ...files });
      expect(places(fleet)).toEqual([`${one}:2:5 task/duplicate-id`, `${two}:2:5 task/duplicate-id`]);
      expect(fleet.findings[0]?.message).toContain(`that of ${two} too; none of them is worked`);
      return fleet.tasks.get(TaskId.parse("x"))?.path;
    };
    expect(await stands("", "")).toBe(one);
    // Nobody relies on work that only a copy calls done.
    expect(await stands("status: done\n", "")).toBe(two);
    expect(await stands("status: done\n", "status: dropped\n")).toBe(two);
  },
);

test("a link or a submodule where a file belongs is named, not followed", async () => {
  const world = await makeWorld({ files: tester });
  const main = await refOf(world.repo, MAIN);
  await world.git(
    "update-index",
    "--add",
    "--cacheinfo",
    `120000,${(await world.repo.entries(main))[0]?.blob},board/a.md`,
  );
  await world.git("update-index", "--add", "--cacheinfo", `160000,${main},board/directives`);
  await world.git("commit", "-qm", "odd");
  await world.git("push", "-q", "origin", "HEAD:main");
  const fleet = await fleetOf({}, world);
  expect(fleet.findings.map((f) => `${f.file}: ${f.message}`)).toEqual([
    "board/a.md: expected a file, found a symbolic link",
    "board/directives: expected a folder, found a submodule",
  ]);
});

test("of the archive only what the board needs is read", async () => {
  const fleet = await fleetOf({
    ...tester,
    "board/now.md": taskText("now", "needs: [T-old2, { task: land, result: pass }, gone, open]\n"),
    "board/archive/2026-10/T-old2-x.md": taskText("T-old2", "status: done\n"),
    "board/archive/2026-10/land-page.md": taskText("land-page", "status: done\n"),
    "board/archive/2026-10/land-x.md": taskText("land", "status: done\nresult: fail\n"),
    "board/archive/2026-10/open.md": taskText("open"),
    "board/archive/2026-10/broken.md": "not needed, so not looked at",
  });
  expect(Object.fromEntries(fleet.archived)).toEqual({
    "T-old2": { status: "done" },
    land: { status: "done", result: "fail" },
  });
  expect(places(fleet)).toEqual(["board/archive/2026-10/open.md:1:1 task/archived-open"]);
});

test("without a config nothing runs, and the smallest one that is told is valid", async () => {
  const world = await makeWorld();
  await world.commit({ ".github/pullbeat.yml": null, ...tester });
  const fault: unknown = await fleetOf({}, world).catch((e: unknown) => e);
  if (!(fault instanceof Fault)) throw new Error("it ran");
  expect(fault.code).toBe("config");
  const smallest = fault.next?.replace(/^.*\n/, "") ?? "";
  await world.commit({ ".github/pullbeat.yml": smallest });
  expect((await fleetOf({}, world)).config.roster).toHaveLength(1);
});

test("a broken config is a fault with its places", async () => {
  const files = { ".github/pullbeat.yml": "version: 1\nrooster: []\n" };
  await expect(fleetOf(files)).rejects.toMatchObject({
    code: "config",
    message: expect.stringMatching(/^\.github\/pullbeat\.yml:2:1: .*roster/),
  });
});

test("inspect reads one file by its path, timing what makes it due", async () => {
  const records = recordsOf((await makeWorld()).repo);
  expect(records.inspect("board/a.md", taskText("a"))).toEqual([]);
  expect(records.inspect("board/a.md", "x").map((f) => f.rule)).toEqual(["matter/fence"]);
  expect(records.inspect("reports/a.md", "x")).toEqual([]);
  const due = (path: string, text: string): string => records.timing(path, text);
  const agent = agentText("a", "schedule: daily 07:00\n");
  expect(due("agents/a.md", agent)).toBe(due("agents/a.md", `${agent}More.\n`));
  expect(due("agents/a.md", agent)).not.toBe(due("agents/a.md", agentText("a", "schedule: hourly\n")));
  expect(due("board/a.md", taskText("a", "every: hourly\n"))).toContain("hourly");
  expect([due("board/a.md", taskText("a")), due("board/a.md", "x"), due("x.md", agent)]).toEqual([
    "",
    "",
    "",
  ]);
});

test("a version that was read once is not read again", async () => {
  const { repo, commit } = await makeWorld({ files: tester });
  let asked = 0;
  const counting = {
    ...repo,
    blobs: (ids: Iterable<Sha>) => repo.blobs([...ids].map((id) => (asked++, id))),
  };
  const records = recordsOf(counting);
  await records.fleet(await refOf(repo, MAIN));
  expect(asked).toBe(2);
  await records.fleet(await commit({ "board/a.md": taskText("a") }));
  expect(asked).toBe(3);
});

test("a board of 2,000 tasks is a fleet", async () => {
  const { repo } = await makeWorld({ files: tester });
  const main = await refOf(repo, MAIN);
  const files = Array.from({ length: 2000 }, (_, i) => ({
    path: `board/t-${i}.md`,
    content: taskText(`t-${i}`),
  }));
  const fleet = await recordsOf(repo).fleet(await write(repo, { parents: [main], files }));
  expect([fleet.tasks.size, fleet.findings.length]).toEqual([2000, 0]);
});
