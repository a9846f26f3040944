import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { specText, taskText, writes } from "../fleet.ts";
import { pullbeat } from "../cli/cli.ts";
import { runWorkflow, type Ended } from "./runner.ts";
import { ends, filesWith, pushes, yard } from "./yard.ts";

const run = promisify(execFile);

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/editor.md": specText("editor", 'produces: ["pages/*.md"]\n'),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two-it.md": taskText("two", "editor", "needs: [one]\nproduces: [pages/two.md]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": "# One\n" }, "::set-output name=x::y"),
  "scripts/editor.jsonl": writes({ "pages/two.md": "# Two\n" }),
};

test("a tick runs from this repository's own workflow: who works may not push, and who pushes has no key", async () => {
  const { fleet, machine, text } = await yard(FILES);
  const jobs = await runWorkflow(text, machine);
  expect(jobs.map((j) => j.log).join("\n")).not.toContain("::error");
  expect(ends(jobs)).toEqual([
    "plan success",
    "work success",
    "publish success",
    "judge skipped",
    "settle success",
  ]);
  expect(await fleet.file("reports/one.md", "pullbeat/work/one--1")).toBe("# One\n");
  const [plan, work, publish] = jobs;
  expect(work?.steps.get("work")).toMatchObject({ OPENAI_API_KEY: "sk-model-key" });
  expect(JSON.stringify(work?.steps.get("work"))).not.toContain("work-read");
  for (const job of [plan, publish])
    expect(JSON.stringify([...(job?.steps.values() ?? [])])).not.toContain("sk-model-key");
  expect(plan?.summary).toContain("| writer | due |");
  expect(publish?.summary).toContain("| writer | worked |");
});

test("the server refuses what the working job pushes, because its workflow gives it no right to", async () => {
  const { fleet, machine, text } = await yard(FILES);
  const tried: string[] = [];
  const after = async (job: Ended): Promise<void> => {
    if (job.name === "work") tried.push(await pushes(job, machine, "temp/base"));
  };
  const shallow = text.replace("contents: read", "contents: write");
  await runWorkflow(shallow, { ...machine, after });
  expect(tried).toEqual(["pushed"]);
  await fleet.far("update-ref", "-d", "refs/heads/stolen");
  const second = await yard(FILES);
  await runWorkflow(second.text, {
    ...second.machine,
    after: async (job) => {
      if (job.name === "work") tried.push(await pushes(job, second.machine, "temp/base"));
    },
  });
  expect(tried[1]).toContain("work-read may not push");
  expect(await second.fleet.far("for-each-ref", "refs/heads/stolen")).toBe("");
});

test("the working job's folders hold neither its token nor a remote", async () => {
  const { machine, text } = await yard(FILES);
  let found: string[] = [];
  let remotes = "?";
  await runWorkflow(text, {
    ...machine,
    async after(job) {
      if (job.name !== "work") return;
      remotes = (await run("git", ["remote"], { cwd: join(job.home, "temp/base") })).stdout;
      found = await filesWith(job, ["work-read", "sk-model-key"]);
    },
  });
  expect([found, remotes]).toEqual([[], ""]);
});

test("a tick in which nothing is due is one job, which says why everybody rests", async () => {
  const { machine, text, fleet } = await yard({ "agents/writer.md": FILES["agents/writer.md"] });
  const before = await fleet.far("for-each-ref");
  const jobs = await runWorkflow(text, machine);
  expect(ends(jobs)).toEqual([
    "plan success",
    "work skipped",
    "publish skipped",
    "judge skipped",
    "settle skipped",
  ]);
  expect(jobs[0]?.summary).toContain("| writer | it has no open task");
  expect(jobs[0]?.log).toContain("nothing is due: this was the only job of the tick");
  expect(await fleet.far("for-each-ref")).toBe(before);
});

test("what an agent says is never obeyed by the runner that shows it", async () => {
  const { machine, text } = await yard(FILES);
  const jobs = await runWorkflow(text, machine);
  const lines = jobs.flatMap((j) => j.log.split("\n"));
  const commands = lines
    .filter((line) => /^\s*::|##\[/.test(line))
    .map((line) => line.replace(/[0-9a-f-]{36}/, "<random>"));
  expect([...new Set(commands)].sort()).toEqual([
    "::<random>::",
    "::endgroup::",
    ...["fetch", "plan", "publish", "settle", "work"].map((job) => `::group::pullbeat ${job}`),
    "::stop-commands::<random>",
  ]);
  expect(lines.join("\n")).toContain("set-output");
});

test("a job of work that dies leaves a failed slot, and the tick goes on", async () => {
  const { fleet, machine, text } = await yard(FILES);
  const dead = text.replace("job: fetch", "job: dig");
  const jobs = await runWorkflow(dead, machine);
  expect(ends(jobs)).toEqual([
    "plan success",
    "work failure",
    "publish success",
    "judge skipped",
    "settle success",
  ]);
  const record = await fleet.file("beats/2026/11/22/writer@20261122T0700Z/record.json", "pullbeat/journal");
  expect(JSON.parse(record ?? "null")).toMatchObject({
    outcome: "failed",
    attempts: [{ failure: "airlock/missing" }],
  });
  expect(jobs.find((j) => j.name === "publish")?.log).toContain(
    "::error title=Not taken in%3A writer::one (airlock/missing)",
  );
});

test("a person's review is settled from the base branch's own workflow, and what became ready begins a tick", async () => {
  const { fleet, machine, text } = await yard(FILES);
  await runWorkflow(text, machine);
  expect((await pullbeat(fleet, ["pull", "approve", "1"])).code).toBe(0);
  const people = await readFile(".github/workflows/pullbeat-people.yml", "utf8");
  const repository = { default_branch: "main" };
  const said = { event: "workflow_run", payload: { repository, workflow_run: { conclusion: "success" } } };
  const [job] = await runWorkflow(people, { ...machine, ...said });
  expect(job?.log).toContain("somebody or some gate has something to do now");
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
  expect(await readFile(join(fleet.dir, "gh.log"), "utf8")).toBe(
    "settle-write: workflow run pullbeat.yml --ref main --field chain=1\n",
  );
});

test.each([
  ["a bot's comment", { user: { type: "Bot" }, author_association: "OWNER" }],
  ["a stranger's comment", { user: { type: "User" }, author_association: "NONE" }],
])("%s wakes nobody", async (_, comment) => {
  const { machine } = await yard(FILES);
  const people = await readFile(".github/workflows/pullbeat-people.yml", "utf8");
  const payload = { repository: { default_branch: "main" }, issue: { pull_request: {} }, comment };
  const [job] = await runWorkflow(people, { ...machine, event: "issue_comment", payload });
  expect(job?.result).toBe("skipped");
});
