import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rename, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildTo, OUT } from "../build.ts";
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
  await buildTo(main);
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
  const all = text + readFileSync(join(dir, "program.js"), "utf8");
  for (const place of [process.cwd(), homedir(), dir]) expect(all.includes(`${place}/`)).toBe(false);
});

test("the bundle is two files of a size that somebody watches", async () => {
  expect(readdirSync(dir).sort()).toEqual(["program.js", "pullbeat.js"]);
  expect((await stat(main)).size).toBeLessThan(2_000);
  expect((await stat(join(dir, "program.js"))).size).toBeLessThan(2_000_000);
});

test("a node that is too old is told so in a sentence, before it meets what it cannot read", async () => {
  const world = await makeWorld();
  const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})";
  await rename(join(dir, "program.js"), join(dir, "away.js"));
  const env = { NODE_OPTIONS: `--import ${old}` };
  const ran = await pullbeat(world, ["plan"], { main, env });
  await rename(join(dir, "away.js"), join(dir, "program.js"));
  expect(ran).toMatchObject({
    code: 3,
    out: "",
    err: expect.stringMatching(/^error: node 18\.20\.4 is too old/),
  });
  expect(ran.err).toContain(`node ${published.engines.node.replace(">=", "")} or newer`);
});
