import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specText, taskText } from "../fleet.ts";
import { makeWorld } from "../world.ts";
import { json, pullbeat, type Place, type Ran } from "./cli.ts";

const nowhere: Place = {
  clone: tmpdir(),
  env: { PATH: process.env["PATH"] ?? "" },
  clock: { now: () => new Date(0) },
};
const run = (...args: string[]): Promise<Ran> => pullbeat(nowhere, args);
/** Several command lines at once. */
const all = <T>(
  lines: readonly (readonly string[])[],
  one: (args: readonly string[]) => Promise<T>,
): Promise<T[]> => Promise.all(lines.map(one));

test.each([
  [["pul", "list"], "perhaps pull"],
  [["pull", "lst"], "perhaps list"],
  [["log", "shw"], "perhaps show"],
  [["board", "--jsn"], "perhaps --json"],
  [["pull", "show"], "pullbeat pull show [options] <number>"],
  [["log", "show"], "pullbeat log show [options] <beat>"],
  [["check", "now"], "pullbeat check [options]"],
  [["check", "--format", "xml"], "text or github"],
  [["board", "--now", "tomorrow"], "a time with its zone"],
  [["board", "--now", "2026-02-30T07:00:00Z"], "a time with its zone"],
  [["board", "--now", "2026-11-22T07:00:00"], "a time with its zone"],
])("the mistake in %j ends with 2 and says what was expected", async (args, expected) => {
  const { code, out, err } = await run(...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("error: ");
  expect(err).toContain(expected);
});

test("a command line without a command is no success, and shows a person the help", async () => {
  const lines = [[], ["pull"]];
  for (const { code, out, err } of await all(lines, (args) => run(...args))) {
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("list");
  }
  expect(JSON.parse((await run("pull", "--json")).out)).toMatchObject({
    error: { code: "usage", expected: expect.stringMatching(/^one of list, show/) },
  });
});

test("under --json a mistake is JSON too, wherever the option stands", async () => {
  const expected = {
    error: { code: "usage", message: expect.any(String), expected: "perhaps list", next: expect.any(String) },
  };
  const lines = [
    ["--json", "pull", "lst"],
    ["pull", "--json", "lst"],
    ["pull", "lst", "--json"],
  ];
  for (const { code, out, err } of await all(lines, (args) => run(...args)))
    expect({ code, err, value: JSON.parse(out) }).toEqual({ code: 2, err: "", value: expected });
});

test("help and the version are no mistakes, and go to standard output", async () => {
  const lines = [["--help"], ["--version"], ["pull", "--help"], ["help", "pull"], ["log", "show", "--help"]];
  for (const { code, out, err } of await all(lines, (args) => run(...args))) {
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).not.toBe("");
  }
});

test("a folder that is no repository, or no folder, is a broken world: 3", async () => {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-none-"));
  const lines = [["check"], ["board"], ["plan"], ["demo"]];
  for (const { code, out } of await all(lines, (args) => run("-C", dir, "--json", ...args)))
    expect({ code, value: JSON.parse(out) }).toMatchObject({ code: 3, value: { error: { code: "git" } } });
  expect((await run("check", "-C", join(dir, "gone"))).err).toContain("is no folder");
});

const FILES = { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "writer") };

test("-C, --json and --now may stand before the command, in its group, or behind it", async () => {
  const world = await makeWorld({ files: FILES });
  const [dir, at] = [world.clone, "2026-11-23T09:00:00+01:00"];
  const elsewhere = { cwd: tmpdir(), env: { OPENAI_API_KEY: "sk-test" } };
  const expected = { code: 0, value: { beats: [{ agent: "writer", slot: "20261123T0800Z" }] } };
  const plans = [
    ["-C", dir, "--now", at, "plan"],
    ["plan", "-C", dir, "--now", at],
    ["-C", tmpdir(), "plan", "--now", at, "-C", dir],
  ];
  for (const ran of await all(plans, (args) => json(world, args, elsewhere)))
    expect(ran).toMatchObject(expected);
  expect(await json(world, ["pull", "-C", dir, "list"], elsewhere)).toEqual({
    code: 0,
    value: { pulls: [] },
  });
  const missing = { code: 2, value: { error: { code: "not-found" } } };
  const shows = [
    ["log", "show", "x", "-C", dir],
    ["log", "-C", dir, "show", "x"],
  ];
  for (const ran of await all(shows, (args) => json(world, args, elsewhere)))
    expect(ran).toMatchObject(missing);
});

test("a name that is slightly wrong is not obeyed, and the right one is named", async () => {
  const world = await makeWorld({ files: FILES });
  const wrong = [
    ["tick", "--agent", "writr"],
    ["board", "--agent", "writr"],
    ["log", "--agent", "writr"],
  ];
  for (const ran of await all(wrong, (args) => json(world, args)))
    expect(ran).toMatchObject({
      code: 2,
      value: { error: { code: "not-found", expected: "perhaps writer" } },
    });
  const odd = [
    ["tick", "--agent", "writer", "--task", "on"],
    ["tick", "--task", "one"],
    ["log", "--limit", "many"],
  ];
  for (const { code } of await all(odd, (args) => json(world, args))) expect(code).toBe(2);
  expect(await world.far("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main\n");
});

test.each([
  [["verify", "none.md"], "git ls-files '*.md'"],
  [["case", "run", "writer", "--case", "nope"], "pullbeat case run --help"],
  [["case", "run", "writer", "--spec", "none.md"], "ls agents/"],
  [["task", "edit", "one", "--file", "/nonexistent"], "ls -l /nonexistent"],
  [["calibrate", "writer"], "pullbeat agents"],
  [["policy", "try", "--approve"], "pullbeat pull list"],
])("what is not there in %j is looked for where it could be", async (args, next) => {
  const world = await makeWorld({ files: FILES });
  const { code, value } = await json(world, args);
  expect({ code, value }).toMatchObject({ code: 2, value: { error: { next } } });
  expect(JSON.stringify(value)).not.toContain("undefined");
});

test.each([
  [["--due", "tomorrow"], "a day such as 2026-11-25"],
  [["--every", "never"], /^one of: on-demand, /],
  [["--priority", "hig"], "one of urgent, high, normal, low; did you mean high?"],
])("a value that cannot be taken, %j, is told what could be", async (option, expected) => {
  const world = await makeWorld({ files: FILES });
  const { code, value } = await json(world, ["task", "new", "X", "--agent", "writer", ...option]);
  expect({ code, value }).toMatchObject({
    code: 2,
    value: {
      error: {
        message: `${option[0]} "${option[1]}" cannot be taken`,
        expected: typeof expected === "string" ? expected : expect.stringMatching(expected),
      },
    },
  });
});

test("a beat by hand on a task that is another's, or has ended, is refused, and one that must wait says why", async () => {
  const world = await makeWorld({
    files: {
      ...FILES,
      "agents/counter.md": specText("counter"),
      "board/paid.md": taskText("paid", "writer", "status: done\n"),
      "board/later.md": taskText("later", "writer", "needs: [one]\n"),
    },
  });
  const refusals = [
    ["counter", "paid", "paid is writer's, and done", "pullbeat board --agent counter --all"],
    ["counter", "one", "one is writer's", "pullbeat tick --agent writer --task one"],
    ["writer", "paid", "paid is done", "pullbeat board --agent writer --all"],
  ];
  for (const [agent = "", task = "", message, next] of refusals)
    expect(await json(world, ["tick", "--agent", agent, "--task", task])).toMatchObject({
      code: 2,
      value: { error: { code: "refused", message, next } },
    });
  const { code, out } = await pullbeat(world, ["tick", "--agent", "writer", "--task", "later"]);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^rested +writer +later is blocked: needs one, which is not done/),
  });
  expect(out).not.toContain("pullbeat plan");
});

test("nothing is coloured and no progress is shown where nobody looks", async () => {
  const world = await makeWorld({ files: FILES });
  const { out, err } = await pullbeat(world, ["plan"], { env: { TERM: "xterm-256color" } });
  expect(out).not.toContain("\u001b");
  expect(err).toBe("");
});

test("a reader who has seen enough of the output is no error", async () => {
  const world = await makeWorld({ files: FILES });
  const command = `"${process.execPath}" src/main.ts board -C "${world.clone}" | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { env: world.env });
  expect([stdout.toString(), stderr.toString()]).toEqual(["0\n", ""]);
});
