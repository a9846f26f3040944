import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";
import { typed } from "./cli.ts";

/** The samples of the reference, by command. */
const samples = new Map(
  [...readFileSync("docs/reference/json.md", "utf8").matchAll(/^## (.+)\n[^]*?(?=^## |$(?![^]))/gm)].flatMap(
    ([text, name = ""]) => {
      const [, sample] = /```json\n([^]*?)```/.exec(text) ?? [];
      return sample === undefined ? [] : [[name, JSON.parse(sample)] as const];
    },
  ),
);

/** Which keys stand where. Empty lists and null say nothing about what could stand in them. */
function keysOf(value: unknown, at = "", keys: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) keysOf(item, `${at}[]`, keys);
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) keysOf(inner, `${at}.${key}`, keys.add(`${at}.${key}`));
  return keys;
}

/** Keys of one value that another lacks. A list may be empty in a sample and in a world: then it tells nothing. */
const missing = (keys: Set<string>, others: Set<string>): string[] =>
  [...keys].filter((key) => {
    const list = key.includes("[]") ? key.slice(0, key.lastIndexOf("[]") + 2) : "";
    return !others.has(key) && [...others].some((k) => k.startsWith(list));
  });

const FILES = {
  "agents/idler.md": specText("idler"),
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one.md": taskText("one", "writer", "needs: [two]\n"),
  "board/two.md": taskText("two", "writer", "produces: [reports/two.md]\n"),
};

test("the reference shows the keys that are printed, and no others", async () => {
  const fleet = await makeFleet({
    files: FILES,
    scripts: { writer: writes({ "reports/two.md": "# Two\n" }) },
  });
  const printed = new Map<string, unknown>();
  const run = async (name: string, ...args: string[]): Promise<void> => {
    printed.set(name, (await typed(fleet, [...name.split(" "), ...args])).value);
  };
  await writeFile(join(fleet.clone, "board/three.md"), taskText("three", "nobody"));
  await run("check");
  await run("doctor");
  await writeFile(join(fleet.clone, "week.md"), "[3.1%](/ads.json#/ctr)\n\n7 more.\n");
  await writeFile(join(fleet.clone, "ads.json"), '{"ctr":0.023}\n');
  await run("verify", "week.md", "--strict");
  await run("board");
  await run("completion", "fish");
  await run("next", "writer");
  await run("plan");
  await run("beat", "writer", "--dry-run");
  await run("tick");
  await run("log");
  await run("agents");
  await run("task show", "two");
  await run("pull list");
  await run("digest");
  await run("policy explain", "1");
  await run("pull approve", "1");
  await run("pull show", "1");
  await run("settle");
  await run("task new", "Another", "--agent", "writer", "--every", "daily 07:00", "--due", "2026-12-01");
  await run("task edit", "one", "--priority", "high");
  await run("pause", "writer");
  printed.set("error", (await typed(fleet, ["pull", "lst"])).value);
  expect([...printed.keys()].sort()).toEqual([...samples.keys()].sort());
  for (const [name, value] of printed) {
    const [shown, real] = [keysOf(samples.get(name)), keysOf(value)];
    expect({ name, more: missing(real, shown) }).toEqual({ name, more: [] });
    expect({ name, less: missing(shown, real) }).toEqual({ name, less: [] });
  }
});
