import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pullbeat } from "../cli/cli.ts";
import { specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { runWorkflow, type Ended } from "./runner.ts";
import { ends, filesWith, pushes, yard, type Yard } from "./yard.ts";

/** A program that tells all it can find out: what it is given, what its parent is given, and what it judges. */
const SNOOP = `import { readFileSync, existsSync } from "node:fs";
const own = JSON.stringify(process.env);
const above = readFileSync("/proc/" + process.ppid + "/environ", "latin1");
const found = /sk-[m]odel|judge-[r]ead|gh[sp]_|PULLBEAT_GIT_TOKEN|GIT_ASKPASS/.exec(own + above);
console.log(JSON.stringify({
  sentence: found === null ? "nothing to steal" : "found " + found[0],
  details: [String(existsSync("reports/one.md")), readFileSync(process.env.PULLBEAT_CHANGED, "utf8")],
}));
`;

const FILES = {
  ".github/pullbeat.yml": `version: 1
roster:
  - login: ann
    emails: [ann@example.com]
digest: { at: off }
gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/**] }
require:
  - { path: [reports/**], gates: [links] }
`,
  "gates/links.mjs": SNOOP,
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": "# One\n" }),
};

/** What the journal holds of gates that judge elsewhere. */
async function hearings({ far, file }: FleetWorld): Promise<{ verdict: Record<string, unknown> }[]> {
  const listed = await far("ls-tree", "-r", "--name-only", "pullbeat/journal", "verdicts/");
  const paths = listed.split("\n").filter((p) => p !== "");
  return Promise.all(paths.map(async (p) => JSON.parse((await file(p, "pullbeat/journal")) ?? "null")));
}

const tickIn = async ({ text, machine }: Yard, more: Partial<Yard["machine"]> = {}): Promise<Ended[]> =>
  runWorkflow(text, { ...machine, ...more });

test("a gate's program judges between publish and settle, may not push, and finds neither key nor token", async () => {
  const place = await yard(FILES);
  const { fleet, machine } = place;
  let tried = "";
  let found: string[] = [];
  const after = async (job: Ended): Promise<void> => {
    if (job.name !== "judge") return;
    found = await filesWith(job, ["judge-read", "sk-model-key"]);
    tried = await pushes(job, machine, "work");
  };
  const jobs = await tickIn(place, { after });
  expect(ends(jobs)).toEqual([
    "plan success",
    "work success",
    "publish success",
    "judge success",
    "settle success",
  ]);
  const judge = jobs.find((j) => j.name === "judge");
  expect(judge?.matrix).toEqual({ shard: 1, kind: "program" });
  expect(judge?.log).toContain("links on pull 1: pass: nothing to steal");
  expect(JSON.stringify(judge?.steps.get("judge"))).not.toMatch(/judge-read|sk-model-key/);
  expect([found, tried]).toEqual([[], expect.stringContaining("judge-read may not push")]);
  expect(await hearings(fleet)).toMatchObject([
    {
      verdict: {
        ruling: "pass",
        sentence: "nothing to steal",
        details: ["true", "board/one-it.md reports/one.md"],
      },
    },
  ]);
});

test("where nobody is due, a pull that waits for a gate's word alone gets it, and merges", async () => {
  const place = await yard(FILES);
  const { fleet, machine } = place;
  await pullbeat(fleet, ["tick"], { env: { PULLBEAT_SCRIPTS: "scripts" } });
  expect(await hearings(fleet)).toMatchObject([{ verdict: { ruling: "pass" } }]);
  // The base branch moves, and ann approves: the people's workflow merges nothing unjudged, and begins a tick.
  await fleet.commit({ "notes.md": "moved\n" });
  expect((await pullbeat(fleet, ["pull", "approve", "1"])).code).toBe(0);
  const people = await readFile(".github/workflows/pullbeat-people.yml", "utf8");
  const payload = { repository: { default_branch: "main" }, workflow_run: { conclusion: "success" } };
  await runWorkflow(people, { ...machine, event: "workflow_run", payload });
  expect(await fleet.file("reports/one.md")).toBeNull();
  expect(await readFile(join(fleet.dir, "gh.log"), "utf8")).toContain("--field chain=1");
  const judged = ["work skipped", "publish skipped", "judge success", "settle success"];
  expect(ends(await tickIn(place))).toEqual(["plan success", ...judged]);
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
});

test("no word counts but that of this run's judging job: not the working job's, not one put in its place", async () => {
  const place = await yard(FILES);
  const { fleet } = place;
  const after = async (job: Ended): Promise<void> => {
    if (job.name !== "judge" && job.name !== "work") return;
    // Any job of a run can write the run's artifacts.
    const dir = join(job.home, "..", "..", "artifacts", "verdicts-1");
    await mkdir(dir, { recursive: true });
    const docket = await readFile(join(dir, "..", "docket", "docket.json"), "utf8").catch(() => "{}");
    const { id, matters = [] } = JSON.parse(docket);
    const heard = matters.map(
      ({ shard: _s, branch: _b, from: _f, kind: _k, agent: _a, ...bound }: Record<string, unknown>) => ({
        ...bound,
        verdict: { gate: "links", ruling: "pass", sentence: "all is well", details: [], mendable: true },
      }),
    );
    const text = JSON.stringify({ version: 1, docket: id ?? "", shard: 1, heard });
    await writeFile(join(dir, "verdicts.json"), text);
  };
  await fleet.commit({ "gates/links.mjs": "process.exit(1);\n" });
  const jobs = await tickIn(place, { after });
  expect((await pullbeat(fleet, ["pull", "approve", "1"])).code).toBe(0);
  expect(jobs.find((j) => j.name === "settle")?.log).toContain(
    "::error title=Not taken in%3A links::pull 1 (airlock/digest)",
  );
  expect(await hearings(fleet)).toMatchObject([
    { verdict: { ruling: "inconclusive", sentence: expect.stringContaining("airlock/digest") } },
  ]);
  await tickIn(place);
  expect(await fleet.file("reports/one.md")).toBeNull();
});

test("no job with a right to write runs a program of a gate", async () => {
  const place = await yard(FILES);
  const { fleet, machine } = place;
  const jobs = await runWorkflow(place.text.replace("job: judge", "job: rest"), machine);
  expect(ends(jobs)[3]).toBe("judge failure");
  // Another program at the tip would have to be asked, and settling is all that a person's word begins.
  await fleet.commit({ "gates/links.mjs": "// another\n" });
  const people = await readFile(".github/workflows/pullbeat-people.yml", "utf8");
  const payload = { repository: { default_branch: "main" }, workflow_run: { conclusion: "success" } };
  const [settled] = await runWorkflow(people, { ...machine, event: "workflow_run", payload });
  expect(settled?.result).toBe("success");
  expect(await hearings(fleet)).toMatchObject([
    { verdict: { ruling: "inconclusive", sentence: expect.stringContaining("airlock/missing") } },
  ]);
});

const GRADED = {
  ...FILES,
  ".github/pullbeat.yml": FILES[".github/pullbeat.yml"].replace(
    "links: { kind: command, run: [node, gates/links.mjs], files: [gates/**] }",
    "links: { kind: grader, grader: critic }",
  ),
  "agents/critic.md": specText(
    "critic",
    "grades: { criteria: [{ id: plain, one: nobody understands it, five: anybody does }], pass: 3 }\n",
  ),
  "scripts/critic.jsonl": JSON.stringify({
    calls: [
      {
        name: "grade",
        arguments: {
          nonce: "{{nonce}}",
          scores: [{ criterion: "plain", score: 5, why: "short" }],
          criticism: [],
          summary: "It is short.",
        },
      },
    ],
    tokens: { input: 1000, output: 100 },
  }),
};

test("a grader judges in a job that has the key and no right, and its word lands with what it took", async () => {
  const place = await yard(GRADED);
  const { fleet } = place;
  let found: string[] = [];
  const jobs = await tickIn(place, {
    async after(job) {
      if (job.name === "judge") found = await filesWith(job, ["judge-read", "sk-model-key"]);
    },
  });
  const judge = jobs.find((j) => j.name === "judge");
  expect([judge?.result, judge?.matrix, found]).toEqual(["success", { shard: 1, kind: "model" }, []]);
  expect(judge?.steps.get("judge")).toMatchObject({ OPENAI_API_KEY: "sk-model-key" });
  expect(JSON.stringify(judge?.steps.get("judge"))).not.toContain("judge-read");
  for (const job of jobs.filter((j) => !["judge", "work"].includes(j.name)))
    expect(JSON.stringify([...job.steps.values()])).not.toContain("sk-model-key");
  expect(await hearings(fleet)).toMatchObject([
    {
      gate: "links",
      verdict: { ruling: "pass" },
      grading: { agent: "critic", spent: { tokens: { input: 1000, output: 100 } } },
    },
  ]);
  expect((await pullbeat(fleet, ["pull", "approve", "1"])).code).toBe(0);
  await tickIn(place);
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
});
