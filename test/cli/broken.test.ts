import { chown, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { report } from "../../src/cli/exit.ts";
import { Fault, type FaultCode } from "../../src/domain/fault.ts";
import { specText, taskText } from "../fleet.ts";
import { makeWorld, type World } from "../world.ts";
import { pullbeat, quietTerminal, type Place } from "./cli.ts";

const FILES = { "agents/writer.md": specText("writer"), "board/one.md": taskText("one", "writer") };

/** What was wrong, in a world that one thing was done to, and what to type next. */
async function told(place: Place, args: readonly string[] = ["plan"]): Promise<string> {
  const { code, out, err } = await pullbeat(place, args);
  expect({ code, out }).toEqual({ code: 3, out: "" });
  return err;
}

const own = (world: World, ...args: string[]): Promise<string> => world.git("-C", world.clone, ...args);

test("without a remote, or with one that is gone, it says how to have one", async () => {
  const world = await makeWorld({ files: FILES });
  await rename(world.origin, `${world.origin}.gone`);
  expect(await told(world)).toMatch(/did not answer: .*\n {2}expected: .*\n {2}next: .*git ls-remote origin/);
  await own(world, "remote", "remove", "origin");
  expect(await told(world)).toMatch(
    /no remote named origin\n[^]*next: git init --bare .* && git push -u origin main/,
  );
});

test("a remote whose HEAD names nothing is mended by the command that is named", async () => {
  const world = await makeWorld({ files: FILES });
  await world.far("symbolic-ref", "HEAD", "refs/heads/elsewhere");
  await own(world, "remote", "set-head", "origin", "--delete");
  const [, next = ""] = /next: git (.*)\n/.exec(await told(world)) ?? [];
  expect(next).toBe("remote set-head origin main");
  await own(world, ...next.split(" "));
  expect((await pullbeat(world, ["plan"])).code).toBe(0);
});

test("a shallow clone is told how to get the rest", async () => {
  const world = await makeWorld({ files: FILES });
  const shallow = join(world.dir, "shallow");
  await world.git("clone", "--quiet", "--depth=1", `file://${world.origin}`, shallow);
  expect(await told({ ...world, clone: shallow })).toContain("next: git fetch --unshallow origin");
});

test("a detached HEAD is none of a tick's business", async () => {
  const world = await makeWorld({ files: FILES });
  await own(world, "checkout", "--quiet", "--detach");
  for (const args of [["plan"], ["board"], ["check"]]) expect((await pullbeat(world, args)).code).toBe(0);
});

/** The journal's only record says this. */
async function journalOf(world: World, text: string): Promise<void> {
  await own(world, "switch", "--quiet", "--orphan", "journal");
  await writeFile(join(world.clone, "text"), text);
  const blob = (await own(world, "hash-object", "-w", "text")).trim();
  await own(world, "update-index", "--add", "--cacheinfo", `100644,${blob},${RECORD}`);
  await own(world, "commit", "--quiet", "--message", "x");
  await own(world, "push", "--quiet", "--force", "origin", "HEAD:refs/heads/pullbeat/journal");
  await own(world, "switch", "--quiet", "main");
}

const RECORD = "beats/2026/11/22/writer@20261122T0600Z/record.json";

test("a record that cannot be read is named with what is wrong, and not called missing", async () => {
  const world = await makeWorld({ files: FILES });
  await journalOf(world, "{broken");
  const said = await told(world, ["log", "show", "writer@20261122T0600Z"]);
  expect(said).toContain(`error: the journal's ${RECORD} cannot be read: not JSON: `);
  expect(said).toContain(`next: git log origin/pullbeat/journal -- ${RECORD} shows who wrote it`);
  for (const name of ["writer@20261122T0700Z", "riter@20261122T0600Z", ""])
    expect(await pullbeat(world, ["log", "show", name])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`the journal has no beat ${name}`),
    });
});

test.skipIf(process.getuid?.() !== 0)("a repository of somebody else's is not called none", async () => {
  const world = await makeWorld({ files: FILES });
  await chown(join(world.clone, ".git"), 65_534, 65_534);
  await chown(world.clone, 65_534, 65_534);
  expect(await told(world)).toMatch(
    /somebody else owns it\n[^]*next: git config --global --add safe.directory \S+\n/,
  );
});

test.skipIf(!existsSync("/dev/full"))("output that cannot be written is no success", async () => {
  const world = await makeWorld({ files: FILES });
  const command = `"${process.execPath}" src/main.ts board -C "${world.clone}" > /dev/full`;
  const { status, stderr } = spawnSync("bash", ["-c", command], { env: world.env });
  expect([status, stderr.toString()]).toEqual([
    3,
    expect.stringMatching(/^error: the output could not be .*\n$/),
  ]);
});

const CODES: readonly FaultCode[] = [
  "usage",
  "not-found",
  "refused",
  "git",
  "remote",
  "config",
  "engine",
  "race",
  "broken",
];

test.each(CODES)("a fault of kind %s ends with what to do, even where nobody thought of it", (code) => {
  const terminal = quietTerminal();
  report(new Fault(code, "it broke"), terminal, { json: false, command: "pullbeat tick" });
  expect(terminal.errors.at(-1)).toMatch(/^ {2}next: \S+/);
  expect(terminal.errors.join("\n")).not.toContain("<command>");
});

test("a full disk or a place that may not be written is said in a sentence, without a stack", () => {
  for (const code of ["ENOSPC", "EACCES", "EROFS"]) {
    const terminal = quietTerminal();
    const error = Object.assign(new Error(`${code}: open '/x'`), { code });
    expect(report(error, terminal, { json: false, command: "pullbeat init" })).toBe(3);
    expect(terminal.errors).toEqual([
      `error: ${code}: open '/x'`,
      expect.stringMatching(/^ {2}expected: /),
      expect.stringMatching(/^ {2}next: /),
    ]);
  }
});

test("what nobody foresaw is called a bug, with where it happened", () => {
  const terminal = quietTerminal();
  expect(report(new TypeError("x is not a function"), terminal, { json: false, command: "pullbeat" })).toBe(
    3,
  );
  expect(terminal.errors.join("\n")).toMatch(/next: tell pullbeat's maintainers[^]*broken\.test\.ts/);
});
