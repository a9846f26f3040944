import { expect, test } from "vitest";
import { specText } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { pullbeat } from "./cli.ts";

/** Tells on the error stream which modules node loads. */
const SPY = `data:text/javascript,${encodeURIComponent(
  'import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { process._rawDebug(url); return next(url, context); } });',
)}`;
const WATCHED = { env: { NODE_OPTIONS: `--import=${SPY}` } };

/** Packages that a command line loads. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const world = await makeWorld({ files: { "agents/writer.md": specText("writer") } });
  const { code, err } = await pullbeat(world, args, WATCHED);
  expect(code).toBe(0);
  const names = [...err.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map((m) => m[1] ?? "");
  return [...new Set(names)].sort();
}

test("the version and help are printed before anything large is loaded", async () => {
  expect(await loadedBy("--version")).toEqual([]);
  expect(await loadedBy("pull", "--help")).toEqual(["commander"]);
});

test("the model's library is loaded only where a model is called", async () => {
  const packages = await loadedBy("tick");
  expect(packages).toContain("zod");
  expect(packages).not.toContain("openai");
});
