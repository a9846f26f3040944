import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";
import { gradedBench, grades } from "../grading/bench.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { json, typed } from "./cli.ts";

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
  "agents/writer.md": specText(
    "writer",
    'produces: ["reports/*.md"]\nescalates: [{ id: no-data, when: there is none }]\n',
  ),
  "board/one.md": taskText("one", "writer", "needs: [two]\n"),
  "board/two.md": taskText("two", "writer", "produces: [reports/two.md]\n"),
};

/** What a calibration prints, of a grader that a test plays. */
async function calibrated(): Promise<unknown> {
  const { flow, world, propose, review } = await gradedBench((sent) => [grades(sent)]);
  await review(await propose(), "ann", "approve");
  await settle(flow);
  const { clone, clock } = world;
  return (await typed({ flow, clone, clock }, ["calibrate", "checker"])).value;
}

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
  await run("case add", "1", "--why", "it is dull");
  await run("case run");
  await run("task new", "Another", "--agent", "writer", "--every", "daily 07:00", "--due", "2026-12-01");
  await run("task edit", "one", "--priority", "high");
  await run("pause", "writer");
  printed.set("error", (await typed(fleet, ["pull", "lst"])).value);
  await run("plan --month");
  printed.set("calibrate", await calibrated());
  for (const [name, value] of await jobsSaid()) printed.set(name, value);
  expect([...printed.keys()].sort()).toEqual([...samples.keys()].sort());
  for (const [name, value] of printed) {
    const [shown, real] = [keysOf(samples.get(name)), keysOf(value)];
    expect({ name, more: missing(real, shown) }).toEqual({ name, more: [] });
    expect({ name, less: missing(shown, real) }).toEqual({ name, less: [] });
  }
});

/** What the jobs of a tick print; the last of them finds nothing that was handed over. */
async function jobsSaid(): Promise<Map<string, unknown>> {
  const script = { "scripts/writer.jsonl": writes({ "reports/two.md": "# Two\n" }) };
  const fleet = await makeFleet({ files: { ...FILES, ...script } });
  const said = new Map<string, unknown>();
  const run = async (name: string, at: string, ...args: string[]): Promise<void> => {
    const env = { PULLBEAT_SCRIPTS: "scripts" };
    said.set(name, (await json({ ...fleet, clone: at }, [...name.split(" "), ...args], { env })).value);
  };
  await run("workflows", fleet.clone, "--action", ".@v0.1.0", "--dry-run");
  const file = join(fleet.dir, "plan.json");
  await run("job plan", fleet.clone, "--plan", file);
  const digest = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  const plan = ["--plan", file, "--digest", digest];
  const bench = join(fleet.dir, "bench");
  await mkdir(bench);
  await run("job fetch", bench, ...plan, "--shard", "1", "--from", `file://${fleet.origin}`);
  await run("job work", bench, ...plan, "--shard", "1", "--out", join(fleet.dir, "out"));
  await run("job publish", fleet.clone, ...plan, "--in", join(fleet.dir, "nothing"));
  const docket = join(fleet.dir, "docket.json");
  const text = JSON.stringify(docketFor((await fleet.git("rev-parse", "HEAD")).trim()));
  await writeFile(docket, text);
  const asked = ["--docket", docket, "--digest", createHash("sha256").update(text).digest("hex")];
  const words = join(fleet.dir, "handed", "verdicts-1");
  await run("job judge", bench, ...asked, "--shard", "1", "--out", words);
  await run("job settle", fleet.clone, ...asked, "--in", join(fleet.dir, "handed"));
  return said;
}

/** A docket with one matter, of a gate that the tip does not have. */
const docketFor = (base: string): unknown => ({
  version: 1,
  id: "k7w2m9qx4tzp3vhd",
  pullbeat: "test",
  now: "2026-11-22T07:00:00Z",
  base,
  matters: [
    {
      kind: "command",
      agent: "writer",
      pull: 1,
      gate: "links",
      head: base,
      judged: base,
      of: "0".repeat(64),
      branch: "pullbeat/work/two--1",
      from: base,
      shard: 1,
    },
  ],
});
