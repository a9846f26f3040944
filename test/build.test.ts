import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACTION, actionOptions, options, OUT } from "../build.ts";
import { VERSION } from "../src/domain/version.ts";
import { json, pullbeat } from "./cli/cli.ts";
import { specText, taskText } from "./fleet.ts";
import { makeWorld } from "./world.ts";

const published = JSON.parse(readFileSync("package.json", "utf8"));
let dir = "";
let main = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "pullbeat-build-"));
  main = join(dir, "pullbeat.js");
  await build({ ...options, outfile: main });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test("the version is the one of package.json, which publishes what the build writes", () => {
  expect(VERSION).toBe(published.version);
  expect(published.bin.pullbeat).toBe(OUT);
});

test("the bundle runs alone, far from any node_modules", async () => {
  const world = await makeWorld({
    files: { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "writer") },
  });
  expect(await pullbeat(world, ["--version"], { main })).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  expect(await json(world, ["board"], { main })).toMatchObject({
    code: 0,
    value: { tasks: [{ id: "one", state: "ready" }], warning: null },
  });
  expect(await json(world, ["tick"], { main, env: { PULLBEAT_SCRIPTS: "scripts" } })).toMatchObject({
    code: 1,
    value: { beats: [{ attempts: [{ reason: expect.stringContaining("scripts/writer.jsonl") }] }] },
  });
});

test("the bundle can be started by its name, and knows nothing of the machine that made it", () => {
  const text = readFileSync(main, "utf8");
  expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
  for (const place of [process.cwd(), homedir(), dir]) expect(text.includes(`${place}/`)).toBe(false);
});

test("the action runs alone too: a job that it is not told is a mistake, said as an annotation", async () => {
  const world = await makeWorld();
  const action = join(dir, "action.js");
  await build({ ...actionOptions, outfile: action });
  expect(readFileSync("action.yml", "utf8")).toContain(`main: ${ACTION}\n`);
  const { code, out } = await pullbeat(world, [], { main: action, env: { INPUT_JOB: "dig" } });
  expect([code, out.split("\n")[0]]).toEqual([2, "::error title=pullbeat::the input job is dig"]);
  const idle = { INPUT_JOB: "plan", INPUT_PLAN: join(dir, "plan.json"), GITHUB_OUTPUT: join(dir, "output") };
  expect((await pullbeat(world, [], { main: action, env: idle })).code).toBe(0);
  expect(readFileSync(idle.GITHUB_OUTPUT, "utf8")).toMatch(/^due<<(.*)\nfalse\n\1\n/);
});

test("the bundle is one file of a size that somebody watches", async () => {
  expect((await stat(main)).size).toBeLessThan(2_000_000);
});
