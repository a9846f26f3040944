import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TaskId } from "../../src/domain/id.ts";
import { recordsOf } from "../../src/store/records.ts";
import { unseen, worktreeFleet } from "../../src/store/worktree.ts";
import { makeWorld } from "../world.ts";
import { MAIN, refOf } from "./draft.ts";
import { agentText, taskText } from "./fleet-files.ts";

const files = {
  "agents/tester.md": agentText("tester"),
  "board/a.md": taskText("a"),
  ".gitignore": "*.tmp.md\n",
  "data/x.csv": "1",
};

test("a clean checkout reads as the commit does", async () => {
  const { repo, clone, env } = await makeWorld({ files });
  const { config, ...there } = await recordsOf(repo).fleet(await refOf(repo, MAIN));
  const here = await worktreeFleet({ dir: join(clone, "agents"), env });
  expect(here.config).toEqual(config);
  expect(here.entries).toEqual(there.entries);
  expect([...here.agents.keys(), ...here.tasks.keys()]).toEqual(["tester", "a"]);
  expect(here.tasks.get(TaskId.parse("a"))?.blob).toBe(there.tasks.get(TaskId.parse("a"))?.blob);
});

test("what lies on the disk counts, tracked or not; ignored and deleted files do not", async () => {
  const { clone, env } = await makeWorld({ files });
  await writeFile(join(clone, "board/b.md"), taskText("b"));
  await writeFile(join(clone, "board/c.tmp.md"), taskText("c"));
  await symlink("b.md", join(clone, "board/d.md"));
  await rm(join(clone, "board/a.md"));
  const fleet = await worktreeFleet({ dir: clone, env });
  expect([...fleet.tasks.keys()]).toEqual(["b"]);
  expect(fleet.findings.map((f) => f.file)).toEqual(["board/d.md"]);
});

test("a missing or broken config is a finding, and all else is still told", async () => {
  const { clone, env } = await makeWorld({ files });
  await writeFile(join(clone, "board/a.md"), "no front matter");
  await writeFile(join(clone, ".github/pullbeat.yml"), "version: 2\n");
  const told = async (): Promise<string[]> =>
    (await worktreeFleet({ dir: clone, env })).findings.map((f) => `${f.file} ${f.rule}`);
  expect(await told()).toEqual([".github/pullbeat.yml schema/invalid", "board/a.md matter/fence"]);
  await rm(join(clone, ".github/pullbeat.yml"));
  expect(await told()).toEqual(["board/a.md matter/fence", ".github/pullbeat.yml config/missing"]);
});

test("files that the next tick will not see are named with why", async () => {
  const { clone, env, git, commit } = await makeWorld({ files });
  const tip = "refs/remotes/origin/main";
  const look = () => unseen({ dir: clone, env }, tip);
  expect(await look()).toEqual([]);
  await mkdir(join(clone, "board/directives"));
  await writeFile(join(clone, "board/directives/new one.md"), "x");
  await writeFile(join(clone, "data/x.csv"), "2");
  await writeFile(join(clone, "board/a.md"), taskText("a", "priority: high\n"));
  await git("commit", "-qm", "mine", "board/a.md");
  expect(await look()).toEqual([
    { file: "board/a.md", why: "not pushed" },
    { file: "board/directives/new one.md", why: "uncommitted" },
  ]);
  await git("push", "-q", "origin", "HEAD:main");
  await commit({ "board/directives/new one.md": "x" });
  expect(await look()).toEqual([]);
});

test("without a remote branch everything is unseen", async () => {
  const { clone, env } = await makeWorld({ files });
  const all = await unseen({ dir: clone, env }, "refs/remotes/origin/trunk");
  expect(all.map((u) => `${u.file}: ${u.why}`)).toEqual([
    ".github/pullbeat.yml: not pushed",
    "agents/tester.md: not pushed",
    "board/a.md: not pushed",
  ]);
});

test("a clone that is behind has nothing unseen", async () => {
  const { clone, env, git, commit } = await makeWorld({ files });
  await commit({ "board/a.md": taskText("a", "priority: low\n") });
  await git("reset", "-q", "--hard", "HEAD~1");
  expect(await unseen({ dir: clone, env }, "refs/remotes/origin/main")).toEqual([]);
});
