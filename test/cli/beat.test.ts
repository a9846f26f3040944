import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { widthOf } from "../../src/cli/layout.ts";
import { main } from "../../src/cli/program.ts";
import type { Shell } from "../../src/cli/shell.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { agentAt, configAt, handsIn, startEndpoint } from "../story/endpoint.ts";
import { makeWorld } from "../world.ts";
import { json, MAIN, quietTerminal, pullbeat, typed } from "./cli.ts";

const ESCALATE = {
  condition: "unclear",
  question: "Which?",
  evidence: "two",
  recommendation: "the first",
  silence: "it waits",
};
const say = (...replies: object[]): string => replies.map((r) => JSON.stringify(r)).join("\n");
const call = (name: string, args: object): object => ({ calls: [{ name, arguments: args }] });

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/asker.md": specText("asker", "escalates: [{ id: unclear, when: it is unclear }]\n"),
  "agents/loser.md": specText("loser"),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/later.md": taskText("later", "writer", "needs: [one]\n"),
  "board/which.md": taskText("which", "asker"),
  "board/lost.md": taskText("lost", "loser"),
};
const SCRIPTS = {
  writer: writes({ "pages/one.md": "# Page\n", "reports/one.md": "# One\n" }),
  asker: say(call("escalate", ESCALATE)),
  loser: '{"failure":"billing","reason":"no credit"}',
};
const fleetOf = (): Promise<FleetWorld> => makeFleet({ files: FILES, scripts: SCRIPTS });

/** Every file below a folder with the hash of its bytes. */
async function bytesOf(dir: string): Promise<Record<string, string>> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = found.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  const hash = async (path: string): Promise<[string, string]> => [
    path,
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  ];
  return Object.fromEntries(await Promise.all(paths.toSorted().map(hash)));
}

/** The one attempt that a dry run tells of. */
const attemptIn = (value: Record<string, unknown>): Record<string, unknown> =>
  Object(Object(value)["attempts"])[0];

test("whatever it comes to, a dry run leaves remote and clone byte for byte as they were", async () => {
  const fleet = await fleetOf();
  await writeFile(join(fleet.clone, "trial.md"), specText("writer", 'produces: ["pages/*.md"]\n'));
  const before = [await bytesOf(fleet.origin), await bytesOf(fleet.clone)];
  const outcomes: unknown[] = [];
  for (const args of [["writer"], ["asker"], ["loser"], ["writer", "--spec", "trial.md"]])
    outcomes.push(attemptIn((await typed(fleet, ["beat", ...args, "--dry-run"])).value)["outcome"]);
  expect(outcomes).toEqual(["proposed", "asked", "failed", "failed"]);
  expect([await bytesOf(fleet.origin), await bytesOf(fleet.clone)]).toEqual(before);
});

test("it tells the request, each step with its refusals, the diff, every gate, the end and the cost", async () => {
  const { code, value } = await typed(await fleetOf(), ["beat", "writer", "--dry-run"]);
  expect(code).toBe(0);
  expect(value).toMatchObject({
    spec: { file: "agents/writer.md", merged: true },
    plan: { outcome: "due", reason: "one is ready" },
    rest: null,
    forced: false,
    attempts: [
      {
        task: "one",
        outcome: "proposed",
        scripted: true,
        request: {
          messages: [{ role: "system" }, { role: "user" }],
          tools: expect.arrayContaining(["write"]),
        },
        gates: ["paths", "size", "secrets", "record", "references"].map((gate) => ({ gate, ruling: "pass" })),
        spent: { steps: 1, tokens: { input: 100, output: 20 } },
        budget: { steps: 30 },
      },
    ],
  });
  const attempt = attemptIn(value);
  const answers = [attempt["steps"]].flat().filter((s) => Object(s).kind === "answers");
  expect(answers.map((s) => Object(s).refused)).toEqual([true, false, false]);
  expect(attempt["patch"]).toContain("+++ b/reports/one.md\n@@ -0,0 +1,1 @@\n+# One\n");
  expect(attempt["patch"]).toContain("+status: done");
  expect(attempt["patch"]).not.toContain("pages/one.md");
});

test("a failure that would park the task says so, and ends with 1", async () => {
  const { code, value } = await typed(await fleetOf(), ["beat", "loser", "--dry-run"]);
  expect(code).toBe(1);
  expect(attemptIn(value)).toMatchObject({ failure: "engine/billing", park: "no credit", gates: [] });
});

test("an unmerged spec is what the beat is worked and judged by, and the tip's is not touched", async () => {
  const fleet = await fleetOf();
  const trial = 'produces: ["pages/*.md", "reports/*.md"]\n';
  await writeFile(join(fleet.clone, "trial.md"), specText("writer", trial));
  const { value } = await typed(fleet, ["beat", "writer", "--dry-run", "--spec", "trial.md"]);
  expect(value).toMatchObject({ spec: { file: "trial.md", merged: false } });
  expect(attemptIn(value)).toMatchObject({
    outcome: "proposed",
    patch: expect.stringContaining("+++ b/pages/one.md"),
  });
  const { value: tip } = await typed(fleet, ["beat", "writer", "--dry-run"]);
  expect(attemptIn(tip)["patch"]).not.toContain("pages/one.md");
});

test("an agent that is not merged at all can be tried, on a task that another lends it", async () => {
  const scripts = { ...SCRIPTS, fresh: writes({ "reports/one.md": "# One\n" }) };
  const fleet = await makeFleet({ files: FILES, scripts });
  await writeFile(join(fleet.clone, "agents/fresh.md"), specText("fresh", 'produces: ["reports/*.md"]\n'));
  const fresh = ["beat", "fresh", "--dry-run", "--spec", "agents/fresh.md"];
  expect((await typed(fleet, fresh)).value).toMatchObject({ rest: "it has no open task", attempts: [] });
  const { value } = await typed(fleet, [...fresh, "--task", "one"]);
  expect(value).toMatchObject({ forced: true, attempts: [{ task: "one", outcome: "proposed" }] });
});

test("a task can be forced against the plan; without one the agent rests with its reason", async () => {
  const fleet = await fleetOf();
  await typed(fleet, ["pause", "writer"]);
  const rest = await typed(fleet, ["beat", "writer", "--dry-run"]);
  expect(rest).toMatchObject({
    code: 0,
    value: { rest: expect.stringContaining("paused by ann"), attempts: [] },
  });
  const { value } = await typed(fleet, ["beat", "writer", "--dry-run", "--task", "later"]);
  expect(value).toMatchObject({ forced: true, attempts: [{ task: "later", outcome: "proposed" }] });
});

test("work that the gates refuse is shown with the gates' words", async () => {
  const big = writes({ "reports/one.md": "x\n".repeat(4000) });
  const fleet = await makeFleet({
    files: FILES,
    scripts: { writer: Array.from({ length: 4 }, () => big).join("\n") },
  });
  const { code, value } = await typed(fleet, ["beat", "writer", "--dry-run"]);
  expect(code).toBe(1);
  expect(attemptIn(value)).toMatchObject({
    failure: "gate/size",
    gates: expect.arrayContaining([expect.objectContaining({ gate: "size", ruling: "fail" })]),
    patch: expect.stringContaining("+++ b/reports/one.md"),
    steps: expect.arrayContaining([expect.objectContaining({ kind: "sends-back" })]),
  });
});

test.each([
  [["beat", "writer"], "usage", { next: "for a beat that counts: pullbeat tick --agent writer" }],
  [["beat", "writr", "--dry-run"], "not-found", { expected: "perhaps writer" }],
  [["beat", "writer", "--dry-run", "--task", "on"], "not-found", {}],
  [["beat", "writer", "--dry-run", "--spec", "gone.md"], "not-found", {}],
  [["beat", "writer", "--dry-run", "--spec", "bad.md"], "refused", { where: "bad.md:5:9" }],
  [["beat", "writer", "--dry-run", "--spec", "agents/loser.md"], "refused", { where: "agents/loser.md:2:7" }],
])("%j is refused with what to do", async (args, code, more) => {
  const fleet = await fleetOf();
  await writeFile(join(fleet.clone, "bad.md"), specText("writer", "status: busy\n"));
  expect(await typed(fleet, args)).toMatchObject({ code: 2, value: { error: { code, ...more } } });
});

const PLAYED = { env: { PULLBEAT_SCRIPTS: "scripts" } };

test("in people's words it fits a terminal, says what it left out, and lets no agent's line pass for its own", async () => {
  const text = "a\n::stop-commands::x\n\u001b[2Jb\n";
  const script = say(
    { content: text, calls: [{ name: "write", arguments: { path: "pages/one.md", text } }] },
    call("write", { path: "reports/one.md", text }),
    call("finish", { summary: text }),
  );
  const world = await makeWorld({ files: { ...FILES, "scripts/writer.jsonl": script } });
  const { code, out, err } = await pullbeat(world, ["beat", "writer", "--dry-run"], PLAYED);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).not.toMatch(/^\s*::/m);
  expect(out).not.toContain("\u001b");
  await expect(out.replace(/tip [0-9a-f]{10}/, "tip <commit>")).toMatchFileSnapshot(
    "../snapshots/dry-run.md",
  );
  const full = await pullbeat(world, ["beat", "writer", "--dry-run", "--full"], PLAYED);
  expect(full.out).not.toContain("left out");
  expect(full.out).toContain("Work well.");
  const rest = await pullbeat(world, ["beat", "loser", "--dry-run", "--task", "one"]);
  expect(rest.out).toContain("no key: set OPENAI_API_KEY");
});

test("on a terminal no line is wider than it, so that none of an agent's begins where ours do", async () => {
  const long = `${"\t\u0001".repeat(9)}${"x".repeat(56)}  pass  paths ${"日本".repeat(60)} ${"word ".repeat(60)}`;
  const script = say(
    { content: long, calls: [{ name: "read", arguments: { path: long } }] },
    call("write", { path: "reports/one.md", text: long }),
    call("finish", { summary: long }),
  );
  const { flow, clone, clock } = await makeFleet({ files: FILES, scripts: { writer: script } });
  for (const full of [[], ["--full"]]) {
    const terminal = quietTerminal(60);
    const shell = (): Shell => ({
      dir: clone,
      json: false,
      now: clock.now(),
      terminal,
      open: async () => flow,
      email: async () => null,
    });
    await main(["node", "pullbeat", "beat", "writer", "--dry-run", ...full], { terminal, shell });
    expect(terminal.lines.filter((line) => widthOf(line) > 60)).toEqual([]);
    expect(terminal.lines.filter((line) => /^ {2}pass {2}/.test(line))).toHaveLength(5);
  }
});

test("a model behind an endpoint is really asked, its price is counted, and its key is nowhere", async () => {
  const endpoint = await startEndpoint();
  const usage = { prompt_tokens: 1000, completion_tokens: 100 };
  endpoint.mock.on({ model: "talker" }, { toolCalls: handsIn("talker"), usage });
  const world = await makeWorld({
    files: {
      ".github/pullbeat.yml": configAt(endpoint.url),
      "agents/talker.md": agentAt("talker"),
      "board/t.md": taskText("t", "talker"),
    },
  });
  const env = { OPENAI_API_KEY: "sk-test-0123456789abcdef" };
  const { code, value } = await json(world, ["beat", "talker", "--dry-run"], { env });
  expect(code).toBe(0);
  expect(attemptIn(Object(value))).toMatchObject({
    outcome: "proposed",
    model: "talker",
    scripted: false,
    spent: { steps: 1, usd: 0.002 },
  });
  expect(endpoint.heard).toHaveLength(1);
  const { messages } = JSON.parse(endpoint.heard[0]?.body ?? "");
  expect(Object(attemptIn(Object(value))["request"]).messages).toEqual(messages);
  expect(JSON.stringify(value)).not.toContain("sk-test");
});

/** A fleet whose one agent is a program. */
async function programs(source: string): Promise<Awaited<ReturnType<typeof makeWorld>> & { tmp: string }> {
  const engine = "engine: { kind: command, run: [node, tools/run.js], files: [tools/run.js] }";
  const spec = specText("runner", 'produces: ["reports/*.md"]\n').replace(/^engine: .*$/m, engine);
  const world = await makeWorld({
    files: { "agents/runner.md": spec, "board/r.md": taskText("r", "runner"), "tools/run.js": source },
  });
  const tmp = join(world.dir, "tmp");
  await mkdir(tmp);
  return { ...world, tmp };
}

test("a program is run for real, with what it printed, and its folder is gone", async () => {
  const world = await programs(
    `require("fs").mkdirSync("reports"); require("fs").writeFileSync("reports/r.md", "r\\n"); console.log("Counted.");`,
  );
  const { code, value } = await json(world, ["beat", "runner", "--dry-run"], { env: { TMPDIR: world.tmp } });
  expect(code).toBe(0);
  expect(attemptIn(Object(value))).toMatchObject({
    outcome: "proposed",
    request: null,
    steps: [
      { kind: "runs", program: "node tools/run.js" },
      { kind: "ran", how: "exit code 0", stdout: "Counted.\n", stderr: "" },
    ],
  });
  expect(await readdir(world.tmp)).toEqual([]);
});

test("Ctrl-C stops a dry run with 130, with its program, and leaves no folder behind", async () => {
  const world = await programs(`console.log("on"); setInterval(() => {}, 1000);`);
  const child = spawn(process.execPath, [MAIN, "beat", "runner", "--dry-run"], {
    cwd: world.clone,
    env: { ...world.env, TMPDIR: world.tmp, PULLBEAT_NOW: world.clock.now().toISOString() },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, err] = ["", ""];
  child.stderr.on("data", (some: Buffer) => (err += some.toString()));
  await new Promise<void>((begun) => {
    child.stdout.on("data", (some: Buffer) => {
      out += some.toString();
      if (out.includes("runs node")) begun();
    });
  });
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect({ code, err }).toEqual({
    code: 130,
    err: "stopped: nothing was claimed, nothing was published, nothing is left behind\n",
  });
  expect(await readdir(world.tmp)).toEqual([]);
  expect(await world.far("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main\n");
});
