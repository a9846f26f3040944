import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specText, taskText, writes } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { json, pullbeat } from "./cli.ts";

const ask = (question: string): string =>
  JSON.stringify({
    calls: [
      {
        name: "escalate",
        arguments: {
          condition: "unclear",
          question,
          evidence: "two",
          recommendation: "the first",
          silence: "it waits",
        },
      },
    ],
  });

/** One agent whose pulls the demo merges, one whose pulls wait, one that asks, and one that rests until there is work. */
const FILES = {
  // Side by side, beats end in no order, and pulls are numbered as they end.
  ".github/pullbeat.yml":
    "version: 1\nroster:\n  - { login: ann, emails: [ann@example.com] }\nlimits: { parallel: 1 }\ndigest: { at: daily 18:00 }\n",
  "agents/surveyor.md": specText("surveyor", 'produces: ["reports/*.md"]\n'),
  "agents/writer.md": specText("writer", 'produces: ["pages/*.md"]\n'),
  "agents/asker.md": specText("asker", "escalates: [{ id: unclear, when: it is unclear }]\n"),
  "agents/indexer.md": specText("indexer", 'produces: ["index.md"]\nschedule: daily 09:00\n'),
  "board/measure.md": taskText("measure", "surveyor", "produces: [reports/size.md]\n"),
  "board/page.md": taskText("page", "writer", "needs: [measure]\nproduces: [pages/size.md]\n"),
  "board/which.md": taskText("which", "asker"),
  "board/index.md": taskText("index", "indexer", "needs: [page]\nproduces: [index.md]\n"),
  "fleet/scripts/surveyor.jsonl": writes({ "reports/size.md": "# 7\n" }, "Measured the size: 7."),
  "fleet/scripts/writer.jsonl": `${JSON.stringify({ calls: [{ name: "finish", arguments: { summary: "Done already." } }] })}\n${writes({ "pages/size.md": "# Size\n" }, "New page pages/size.md, with the size and where it was measured; it is long enough to be wrapped.")}`,
  "fleet/scripts/asker.jsonl": `${ask("Which of the two?")}\n{"attempt":"*"}\n${writes({}, "Took the first.")}`,
  "fleet/scripts/indexer.jsonl": writes({ "index.md": "- pages/size.md\n" }),
};

/** The commands that a demo printed, in order. */
const commandsIn = (out: string): string[] =>
  out.split("\n").flatMap((l) => (l.startsWith("    .demo/") ? [l.trim()] : []));

test(
  "a day passes in the sandbox, and every command that is printed then works when pasted",
  {
    // A process for each of them.
    timeout: 180_000,
  },
  async () => {
    const world = await makeWorld({ files: FILES });
    const { code, out, err } = await pullbeat(world, ["demo"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    await expect(out).toMatchFileSnapshot("../snapshots/demo.md");
    expect(await world.git("status", "--porcelain")).toBe("");
    const commands = commandsIn(out);
    expect(commands.length).toBeGreaterThan(7);
    for (const command of commands) {
      const ran = spawnSync("bash", ["-c", command], { cwd: world.clone, env: world.env, encoding: "utf8" });
      expect({ command, status: ran.status, stderr: ran.stderr }).toEqual({ command, status: 0, stderr: "" });
    }
    const board = await json({ ...world, clone: join(world.clone, ".demo/clone") }, ["board", "--all"]);
    expect(board.value).toMatchObject({
      tasks: [
        { id: "index", state: "waiting" },
        { id: "measure", state: "done" },
        { id: "page", state: "done" },
        { id: "which", state: "waiting" },
      ],
    });
    expect(await world.show()).not.toContain("journal");
  },
);

test("a second demo begins anew, and takes nothing that is not a sandbox", async () => {
  const world = await makeWorld({ files: { "agents/surveyor.md": FILES["agents/surveyor.md"] } });
  const own = join(world.clone, "own");
  await mkdir(own);
  await writeFile(join(own, "thesis.md"), "three years of work");
  expect(await json(world, ["demo", "--to", "own"])).toMatchObject({
    code: 2,
    value: { error: { code: "usage", message: expect.stringContaining("no sandbox") } },
  });
  expect(await readdir(own)).toEqual(["thesis.md"]);
  await mkdir(join(world.clone, "empty"));
  const first = await json(world, ["demo", "--to", "empty"]);
  expect(first).toMatchObject({
    code: 0,
    value: { date: "2026-11-22", sandbox: join(world.clone, "empty"), beats: [], tasks: [], pulls: [] },
  });
  await writeFile(join(world.clone, "empty/clone/mine.md"), "made in the sandbox");
  expect((await json(world, ["demo", "--to", "empty"])).code).toBe(0);
  expect(await readdir(join(world.clone, "empty/clone"))).not.toContain("mine.md");
});

test.each([
  ["essay.md", "is a file"],
  ["essay.md/demo", "lies below a file"],
  ["link", "is a file"],
  ["loose", "is a link to nothing"],
])("a demo that is to go where no folder can be is refused, and nothing is touched: %s", async (to, said) => {
  const world = await makeWorld({ files: { "agents/surveyor.md": FILES["agents/surveyor.md"] } });
  await writeFile(join(world.clone, "essay.md"), "three years of work");
  await symlink("essay.md", join(world.clone, "link"));
  await symlink("nowhere", join(world.clone, "loose"));
  expect(await json(world, ["demo", "--to", to])).toMatchObject({
    code: 2,
    value: { error: { code: "usage", message: `${join(world.clone, to)} ${said}` } },
  });
  expect(await readFile(join(world.clone, "essay.md"), "utf8")).toBe("three years of work");
  expect(await readlink(join(world.clone, "link"))).toBe("essay.md");
  expect(await readlink(join(world.clone, "loose"))).toBe("nowhere");
  expect((await json(world, ["demo", "--to", "fresh/folder"])).code).toBe(0);
});

test("a repository without a commit, or without anybody on the roster, is told what is missing", async () => {
  const world = await makeWorld({ files: { ".github/pullbeat.yml": "version: 1\n" } });
  expect(await json(world, ["demo"])).toMatchObject({
    code: 3,
    value: { error: { code: "config", message: "a sandbox needs somebody who decides" } },
  });
  const clone = join(world.dir, "new");
  await world.git("init", "--quiet", clone);
  await mkdir(join(clone, ".github"));
  const roster = "version: 1\nroster: [{ login: ann, emails: [ann@example.com] }]\n";
  await writeFile(join(clone, ".github/pullbeat.yml"), roster);
  expect(await json({ ...world, clone }, ["demo"])).toMatchObject({
    code: 3,
    value: { error: { code: "git", message: "the repository has no commit yet" } },
  });
});
