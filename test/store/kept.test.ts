import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boardView } from "../../src/domain/board/board.ts";
import { nextOf } from "../../src/domain/plan/next.ts";
import { AgentName } from "../../src/domain/id.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import { cacheAt } from "../../src/store/cache.ts";
import { keptIn, lookOnly } from "../../src/store/kept.ts";
import { recordsOf } from "../../src/store/records.ts";
import { json, pullbeat } from "../cli/cli.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";

const WRITER = AgentName.parse("writer");
const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/editor.md": specText("editor", "schedule: daily 07:00\n"),
  "board/one-it.md": taskText("one", "writer", "priority: high\n"),
  "board/two-it.md": taskText("two", "writer", "needs: [one]\n"),
  "board/three-it.md": taskText("three", "writer"),
  "board/daily-it.md": taskText("daily", "editor", "every: daily 07:00\n"),
  "board/bad-it.md": taskText("bad", "writer", "priority: hihg\n"),
  "board/zz-again.md": taskText("three", "editor"),
};

/** The same without two files of one id: such a board is read anew each time, so that both places can be named. */
const SOUND = Object.fromEntries(Object.entries(FILES).filter(([path]) => path !== "board/zz-again.md"));

/** A fleet that has worked once, so that its journal holds something. */
async function worked(files: Readonly<Record<string, string>> = FILES): Promise<FleetWorld> {
  const fleet = await makeFleet({ files, scripts: { writer: writes({ "reports/one.md": "# One\n" }) } });
  await tick(fleet.flow);
  return fleet;
}

/** All that commands show which only look, of a new process that remembers under this stamp; without one of none that does. */
async function seen({ flow, repo }: FleetWorld, stamp?: string): Promise<unknown> {
  const kept = stamp === undefined ? undefined : keptIn(repo.gitDir, stamp);
  const snapshot = await read({ ...flow, repo: lookOnly(repo), records: recordsOf(repo, kept) });
  const { findings, tasks } = snapshot.fleet;
  const { records, controls, merges } = snapshot.journal;
  return {
    board: boardView(snapshot),
    plan: plan(snapshot),
    next: nextOf(snapshot, WRITER, 9),
    tasks: [...tasks.values()].map(({ task, path, blob }) => ({ task, path, blob })),
    findings,
    journal: { records, controls, merges },
  };
}

const files = ({ repo }: FleetWorld): string[] =>
  ["fleet", "journal"].map((f) => join(repo.gitDir, "pullbeat", f));

/** Puts another body under a head that is right: what somebody would write who wants to be believed. */
async function forge(file: string, change: (body: string) => string): Promise<void> {
  const [head = "", body = ""] = (await readFile(file, "utf8")).split(/\n(.*)/s);
  const lie = change(body);
  expect(lie).not.toBe(body);
  const sum = createHash("sha256").update(lie).digest("hex");
  await writeFile(file, `${head.replace(/[0-9a-f]{64}$/, sum)}\n${lie}`);
}

test("what is remembered shows the same as what is read, findings and their places too", async () => {
  for (const given of [FILES, SOUND]) {
    const fleet = await worked(given);
    const plain = await seen(fleet);
    expect(await seen(fleet, "s")).toEqual(plain);
    expect(await seen(fleet, "s")).toEqual(plain);
    const next = await fleet.commit({ "board/one-it.md": taskText("one", "editor") });
    expect(next).toMatch(/^[0-9a-f]{40}$/);
    const after = await seen(fleet);
    expect(after).not.toEqual(plain);
    expect(await seen(fleet, "s")).toEqual(after);
  }
});

test("a warm reading asks git for no file of the board", async () => {
  const fleet = await worked({
    "agents/writer.md": specText("writer"),
    "board/one-it.md": taskText("one", "writer"),
  });
  await seen(fleet, "s");
  const asked: string[] = [];
  const { base: main } = await read(fleet.flow);
  const repo = {
    ...fleet.repo,
    blobs: (ids: Iterable<string>) => {
      asked.push(...ids);
      return fleet.repo.blobs([]);
    },
  };
  await recordsOf(repo, keptIn(fleet.repo.gitDir, "s")).fleet(main);
  expect(asked).toEqual([]);
});

test("a file that is cut off, changed, empty, another's or of another version changes nothing but speed", async () => {
  const fleet = await worked(SOUND);
  const plain = await seen(fleet);
  await seen(fleet, "s");
  for (const file of files(fleet)) {
    const whole = await readFile(file);
    const half = whole.length >> 1;
    const flipped = Buffer.from(whole);
    flipped[half] = (flipped[half] ?? 0) ^ 1;
    const broken = [0, 1, 40, half, whole.length - 1].map((n) => whole.subarray(0, n));
    for (const bytes of [
      ...broken,
      flipped,
      Buffer.from("{}"),
      Buffer.from("\0\0\n[]"),
      Buffer.alloc(9999),
    ]) {
      await writeFile(file, bytes);
      expect(await seen(fleet, "s")).toEqual(plain);
    }
    await writeFile(file, whole);
    expect(await seen(fleet, "of another version")).toEqual(plain);
  }
});

test.each(["[]", "[[1]]", "null", "7", '[["a",null]]', '[["k",{"kind":"task"}]]', '{"a":1}', "[["])(
  "a body under a right sum that nobody of ours wrote is not used: %s",
  async (body) => {
    const fleet = await worked(SOUND);
    const plain = await seen(fleet);
    await seen(fleet, "s");
    for (const file of files(fleet)) await forge(file, () => body);
    expect(await seen(fleet, "s")).toEqual(plain);
  },
);

test("a cache that lies is believed by what only looks, and changes nothing that a tick decides", async () => {
  const fleet = await makeFleet({ files: SOUND });
  const scripts = { env: { PULLBEAT_SCRIPTS: "scripts" } };
  const next = (): Promise<unknown> => json(fleet, ["next", "writer"]).then((r) => r.value);
  expect(await next()).toMatchObject({ tasks: [{ id: "one" }] });
  const [file = ""] = files(fleet);
  await forge(file, (body) =>
    body
      .replaceAll('"status":"todo"', '"status":"done"')
      .replaceAll('"status":"active"', '"status":"retired"')
      .replaceAll('"login":"ann"', '"login":"eve"'),
  );
  expect(await next()).toMatchObject({ tasks: [] });
  const lied = await json(fleet, ["tick"], scripts);
  expect(lied.value).toMatchObject({
    beats: expect.arrayContaining([
      expect.objectContaining({
        agent: "writer",
        attempts: expect.arrayContaining([expect.objectContaining({ task: "one" })]),
      }),
    ]),
  });
  // The lie was there all the time, and nothing that writes has looked at it or mended it.
  expect(await readFile(file, "utf8")).toContain('"login":"eve"');
  expect((await pullbeat(fleet, ["pause", "fleet", "--as", "eve"])).code).toBe(2);
});

test("from a world that only looks nothing can be written", async () => {
  const { repo } = await worked();
  const look = lookOnly(repo);
  await expect(look.push([])).rejects.toMatchObject({ code: "broken" });
  await expect(look.write([])).rejects.toMatchObject({ code: "broken" });
});

test("many writers at once leave one whole file, and nothing else", async () => {
  const { dir } = await makeFleet();
  const folder = join(dir, "cache");
  const cache = cacheAt<number>(join(folder, "numbers"), "s", { pack: (n) => n, unpack: Number });
  const memo = (n: number): Map<string, number> =>
    new Map(Array.from({ length: 500 }, (_, i) => [`k${i}`, n]));
  await cache.save(memo(0));
  const jobs = Array.from({ length: 20 }, async (_, n) => {
    await cache.save(memo(n));
    const found = await cache.load();
    return found.size === 500 && new Set(found.values()).size === 1;
  });
  expect(await Promise.all(jobs)).not.toContain(false);
  expect(await readdir(folder)).toEqual(["numbers"]);
});

test("where nothing can be written, nothing is remembered and nothing breaks", async () => {
  const fleet = await worked();
  const plain = await seen(fleet);
  await writeFile(join(fleet.repo.gitDir, "pullbeat"), "a file in the way");
  expect(await seen(fleet, "s")).toEqual(plain);
});

test("the cache is no file of the work tree", async () => {
  const fleet = await makeFleet({ files: FILES });
  expect((await pullbeat(fleet, ["board"])).code).toBe(0);
  expect(await readdir(join(fleet.repo.gitDir, "pullbeat"))).toContain("fleet");
  expect(await fleet.git("status", "--porcelain", "--ignored")).toBe("");
});
