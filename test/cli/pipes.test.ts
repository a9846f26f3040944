import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specText, taskText, writes } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { pullbeat } from "./cli.ts";

const PAGE = "# Page\n\nold\n\n";
/** Ends in an empty line of context, has a tab and a carriage return, and clears the screen of whoever prints it. */
const WRITTEN = "# Page\n\n\u001b[2J\u001b]0;owned\u0007new\tline\r\n\n";
const FILES = {
  "agents/writer.md": specText("writer", 'reads: [pages/**]\nproduces: ["pages/*.md"]\n'),
  "board/one.md": taskText("one", "writer", "produces: [pages/a.md]\n"),
  "pages/a.md": PAGE,
  "scripts/writer.jsonl": writes({ "pages/a.md": WRITTEN }),
};
const PLAYED = { env: { PULLBEAT_SCRIPTS: "scripts" } };

test("a pull's diff is a patch that git applies, and nothing else that is printed can act on a terminal", async () => {
  const world = await makeWorld({ files: FILES });
  expect(await pullbeat(world, ["tick"], PLAYED)).toMatchObject({ code: 0, err: "" });
  const { out } = await pullbeat(world, ["pull", "diff", "1"]);
  const applied = spawnSync("git", ["apply", "--whitespace=nowarn"], {
    cwd: world.clone,
    env: world.env,
    input: out,
  });
  expect(applied.stderr.toString()).toBe("");
  expect(await readFile(join(world.clone, "pages/a.md"), "utf8")).toBe(WRITTEN);
  const others = [["board"], ["log"], ["plan"], ["pull", "list"], ["pull", "show", "1"], ["check"]];
  const shown = await Promise.all(others.map((args) => pullbeat(world, args)));
  const json = await pullbeat(world, ["pull", "diff", "1", "--json"]);
  for (const { out: text } of [...shown, json]) expect(text).not.toMatch(/(?![\n\t])\p{Control}/u);
  expect(JSON.parse(json.out)).toMatchObject({ patch: expect.stringContaining("\u001b[2J") });
});

test("colours come when asked for, and not when not wanted", async () => {
  const world = await makeWorld({ files: FILES });
  const ran = (env: Record<string, string>) =>
    pullbeat(world, ["plan"], { env: { PULLBEAT_SCRIPTS: "scripts", ...env } });
  expect((await ran({ FORCE_COLOR: "1" })).out).toContain("\u001b[32mdue\u001b[39m");
  for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }, { FORCE_COLOR: "0" }, {}])
    expect((await ran(env)).out).not.toContain("\u001b");
});
