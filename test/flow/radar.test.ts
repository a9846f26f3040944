import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digest } from "../../src/domain/digest/digest.ts";
import { Login, PullNumber, type Sha } from "../../src/domain/id.ts";
import type { Beside } from "../../src/domain/pull/radar.ts";
import type { Snapshot } from "../../src/domain/snapshot.ts";
import { digestByHand } from "../../src/flow/digest/digest.ts";
import { besides } from "../../src/flow/verdict/radar.ts";
import { read } from "../../src/flow/read.ts";
import { recall } from "../../src/flow/digest/recall.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { openRepo } from "../../src/store/repo.ts";
import { pull } from "../domain/fleet.ts";
import { doneText, settleBench, taskPath, taskText, type Bench } from "./settle-bench.ts";

const PAGE = "docs/page.md";
const LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const quiet: Beside = { conflicts: [], reads: [], readBy: [], acts: [], unknown: [] };

const bench = (): Promise<Bench> =>
  settleBench({ [PAGE]: LINES, "docs/other.md": "Other.\n", [taskPath("T-cccc")]: taskText("T-cccc") });

/** What is beside each pull, by its number; only what is not quiet. */
async function seen({ flow }: Bench): Promise<Record<string, Partial<Beside>>> {
  const all = await besides(flow, await read(flow));
  const loud = ([, beside]: [number, Beside]): boolean =>
    Object.values(beside).some((list) => list.length > 0);
  return Object.fromEntries(
    [...all]
      .filter(loud)
      .map(([n, beside]) => [
        n,
        Object.fromEntries(Object.entries(beside).filter(([, list]) => list.length > 0)),
      ]),
  );
}

const page = (from: string, to: string): Record<string, string> => ({ [PAGE]: LINES.replace(from, to) });

test("two pulls that change the same line are named on both, with the path", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("one", "I") });
  await fleet.propose({ id: "T-cccc", files: { "docs/other.md": "Another.\n" } });
  expect(await seen(fleet)).toEqual({
    1: { conflicts: [{ pull: 2, paths: [PAGE] }] },
    2: { conflicts: [{ pull: 1, paths: [PAGE] }] },
  });
});

test("what is named is what settle finds: of two in conflict it merges one", async () => {
  const fleet = await bench();
  for (const [id, to] of Object.entries({ "T-aaaa": "1", "T-bbbb": "I" }))
    await fleet.review(
      await fleet.propose({
        id,
        files: { [taskPath(id)]: doneText(id), [`reports/${id}.md`]: "x\n", "reports/all.md": `${to}\n` },
      }),
      "ann",
      "approve",
    );
  expect(Object.keys(await seen(fleet))).toEqual(["1", "2"]);
  expect(await settle(fleet.flow)).toMatchObject({ merged: [{ pull: 1 }], conflicts: [{ pull: 2 }] });
});

test("pulls that change different files, or different lines of one, are not in each other's way", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("seven", "7") });
  await fleet.propose({ id: "T-cccc" });
  expect(await seen(fleet)).toEqual({});
});

test.each<[string, Record<string, string | null>, string[]]>([
  ["deletes", { [PAGE]: null }, [PAGE]],
  ["moves", { [PAGE]: null, "docs/moved.md": LINES }, ["docs/moved.md"]],
  ["makes a folder of", { [PAGE]: null, [`${PAGE}/part.md`]: "Part.\n" }, [PAGE]],
])("a pull that %s a file conflicts with one that changes it", async (_, files, paths) => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files });
  await fleet.propose({ id: "T-bbbb", files: page("one", "1") });
  const found = await seen(fleet);
  expect(found).toMatchObject({ 1: { conflicts: [{ pull: 2 }] }, 2: { conflicts: [{ pull: 1 }] } });
  expect(found[1]?.conflicts?.[0]?.paths.join(" ")).toContain(paths.join(" "));
});

test("a file where another pull makes a folder is a conflict, though no path is changed by both", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: { notes: "A file.\n" } });
  await fleet.propose({ id: "T-bbbb", files: { "notes/one.md": "A folder.\n" } });
  expect(Object.keys(await seen(fleet))).toEqual(["1", "2"]);
});

test("changes of one task's file that settle brings together field by field are no conflict", async () => {
  const fleet = await bench();
  const file = taskPath("T-cccc");
  const edited = taskText("T-cccc").replace("status: todo", "status: todo\npriority: urgent");
  await fleet.propose({ id: "T-aaaa", files: { [file]: edited } });
  await fleet.propose({ id: "T-cccc", files: { [file]: doneText("T-cccc") } });
  const { base, pulls } = await read(fleet.flow);
  const [one, other] = pulls.map((p) => p.head);
  if (!one || !other) throw new Error("there are two heads");
  // git alone would call it one.
  expect(await fleet.flow.repo.merge(one, other)).toMatchObject({ conflicts: [file] });
  expect(await fleet.flow.repo.merge(base, other)).toHaveProperty("tree");
  expect(await seen(fleet)).toEqual({});
});

test("the same field of one task's file, changed by two, is a conflict", async () => {
  const fleet = await bench();
  const file = taskPath("T-cccc");
  const titled = (title: string): string => taskText("T-cccc").replace("Write T-cccc", title);
  await fleet.propose({ id: "T-aaaa", files: { [file]: titled("Write less") } });
  await fleet.propose({ id: "T-bbbb", files: { [file]: titled("Write more") } });
  expect(await seen(fleet)).toMatchObject({ 1: { conflicts: [{ pull: 2, paths: [file] }] } });
});

test("a conflict with the base branch is not laid at another pull's door", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.world.commit(page("one", "I"));
  const both = LINES.replace("one", "I").replace("seven", "7");
  await fleet.propose({ id: "T-bbbb", files: { [PAGE]: both } });
  expect(await seen(fleet)).toEqual({});
});

test("of two that the base branch takes neither of, nobody says that they merge", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("one", "I") });
  await fleet.world.commit(page("one", "first"));
  expect(await seen(fleet)).toEqual({ 1: { unknown: [2] }, 2: { unknown: [1] } });
});

test("a pull that changes what another one read is named on both", async () => {
  const fleet = await bench();
  const [entry] = await fleet.flow.repo.entries((await read(fleet.flow)).base, [PAGE]);
  if (entry === undefined) throw new Error("there is a page");
  await fleet.propose({ id: "T-aaaa", saw: [{ path: PAGE, blob: entry.blob }] });
  await fleet.propose({ id: "T-bbbb", files: page("one", "1") });
  expect(await seen(fleet)).toEqual({
    1: { reads: [{ pull: 2, paths: [PAGE] }] },
    2: { readBy: [{ pull: 1, paths: [PAGE] }] },
  });
});

test("who has read what the other pull makes of a file, or only the other's own task, is not told", async () => {
  const fleet = await bench();
  await fleet.propose({
    id: "T-bbbb",
    files: { ...page("one", "1"), [taskPath("T-bbbb")]: doneText("T-bbbb") },
  });
  const { changes } = await read(fleet.flow);
  const blobOf = (path: string): string =>
    [...changes.values()].flat().find((c) => c.path === path)?.newBlob ?? "";
  const old = (await read(fleet.flow)).fleet.entries.find((e) => e.path === taskPath("T-bbbb"))?.blob ?? "";
  const saw = [
    { path: PAGE, blob: blobOf(PAGE) },
    { path: taskPath("T-bbbb"), blob: old },
  ];
  await fleet.propose({ id: "T-aaaa", saw });
  expect(await seen(fleet)).toEqual({});
});

test("a pull that ended, or whose branch is gone, is in nobody's way", async () => {
  const fleet = await bench();
  const first = await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("one", "I") });
  await fleet.propose({ id: "T-cccc", files: page("one", "i") });
  const { forge } = fleet.flow;
  await forge.close(first, Login.parse("ann"), "no", fleet.world.clock.now());
  await fleet.world.far("update-ref", "-d", "refs/heads/pullbeat/work/T-bbbb--1");
  expect(await seen(fleet)).toEqual({});
});

test("a head with a history of its own hides only itself", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("one", "I") });
  await fleet.propose({ id: "T-cccc", files: page("one", "i") });
  const who = { name: "ann", email: "ann@example.com" };
  const files = [{ path: PAGE, content: "Else.\n" }];
  const at = fleet.world.clock.now();
  const [alien = ""] = await fleet.flow.repo.write([{ parents: [], files, message: "mine", who, at }]);
  await fleet.world.git(
    "push",
    "--quiet",
    "--force",
    "origin",
    `${alien}:refs/heads/pullbeat/work/T-cccc--1`,
  );
  const paths = [PAGE];
  expect(await seen(fleet)).toEqual({
    1: { conflicts: [{ pull: 2, paths }], unknown: [3] },
    2: { conflicts: [{ pull: 1, paths }], unknown: [3] },
    3: { unknown: [1, 2] },
  });
});

test("a digest names the pulls that a pull conflicts with, and is still made again byte for byte", async () => {
  const fleet = await bench();
  await fleet.propose({ id: "T-aaaa", files: page("one", "1") });
  await fleet.propose({ id: "T-bbbb", files: page("one", "I") });
  await fleet.propose({ id: "T-cccc", files: { "docs/other.md": "Another.\n" } });
  expect(await digestByHand(fleet.flow)).toMatchObject({ merged: true });
  const [path = ""] = (await fleet.world.far("ls-tree", "-r", "--name-only", "main", "digest/")).split("\n");
  const items = ((await fleet.world.file(path)) ?? "").split("\n").filter((line) => /^\d\. /.test(line));
  const conflicts = items.map((line) => [/Pull \d/, /conflicts with[^,]*/].map((p) => p.exec(line)?.[0]));
  expect(conflicts).toEqual([
    ["Pull 1", "conflicts with pull 2"],
    ["Pull 2", "conflicts with pull 1"],
    ["Pull 3", undefined],
  ]);
  // The one that it conflicted with ends, and the day's page tells what was seen that day.
  await fleet.flow.forge.close(PullNumber.parse(2), Login.parse("ann"), "no", fleet.world.clock.now());
  const elsewhere = await fleet.another();
  const { journal } = await read(elsewhere);
  if (journal.digest === null) throw new Error("there is a digest");
  expect(digest(await recall(elsewhere, journal.digest))).toBe(await fleet.world.file(path));
});

/** A fleet whose git writes down what it is asked, and `count` pulls of which every two change the files given. */
async function crowd(
  count: number,
  files: (n: number) => Record<string, string>,
): Promise<{
  snapshot: Snapshot;
  look: (only?: PullNumber) => ReturnType<typeof besides>;
  gits: () => Promise<string[]>;
}> {
  const { flow, world } = await bench();
  const log = join(world.dir, "gits");
  const bin = join(world.dir, "bin");
  await mkdir(bin);
  const real = (world.env["PATH"] ?? "").split(":").map((dir) => join(dir, "git"));
  await writeFile(
    join(bin, "git"),
    `#!/bin/sh\necho "$@" >> ${log}\nfor g in ${real.join(" ")}; do [ -x "$g" ] && exec "$g" "$@"; done\n`,
  );
  await chmod(join(bin, "git"), 0o755);
  const before = await read(flow);
  const who = { name: "writer", email: "fleet@example.com" };
  const heads = await flow.repo.write(
    Array.from({ length: count }, (_, n) => ({
      parents: [before.base],
      files: Object.entries(files(n)).map(([path, content]) => ({ path, content })),
      message: `pull ${n}`,
      who,
      at: before.now,
    })),
  );
  const diffs = await flow.repo.diffs(heads.map((to: Sha) => ({ from: before.base, to })));
  const pulls = heads.map((head, n) => pull(n + 1, `t-${n}`, { head, base: before.base }));
  const changes = new Map(pulls.map((p, n) => [p.branch, diffs[n] ?? []]));
  const snapshot = { ...before, pulls, changes };
  const repo = await openRepo({
    dir: world.clone,
    remote: "origin",
    env: { ...world.env, PATH: `${bin}:${world.env["PATH"] ?? ""}` },
  });
  await writeFile(log, "");
  return {
    snapshot,
    look: (only) => besides({ ...flow, repo }, snapshot, only),
    gits: async () => {
      repo.close();
      const lines = (await readFile(log, "utf8")).trim().split("\n");
      return lines.map((line) => /--no-replace-objects (?:-c \S+ |--\S+ )*(\S+)/.exec(line)?.[1] ?? line);
    },
  };
}

test("37 pulls of which every two conflict cost six git processes, the reader of objects included", async () => {
  const { look, gits } = await crowd(37, (n) => page("one", `number ${n}`));
  const all = await look();
  expect([...all.values()].map((b) => b.conflicts.length)).toEqual(Array.from({ length: 37 }, () => 36));
  expect((await gits()).toSorted()).toEqual([
    "cat-file",
    "diff-tree",
    "diff-tree",
    "fast-import",
    "merge-tree",
    "merge-tree",
  ]);
});

test("37 pulls of which no two change one path cost no git process", async () => {
  const { look, gits } = await crowd(37, (n) => ({ [`reports/${n}.md`]: "x\n" }));
  expect([...(await look()).values()]).toEqual(Array.from({ length: 37 }, () => quiet));
  expect(await gits()).toEqual([""]);
});

test("more merges field by field than are tried at a time are not told as merging", async () => {
  const { look, gits } = await crowd(12, (n) => ({
    [taskPath("T-cccc")]: taskText("T-cccc").replace("title:", `${FIELDS[n]}\ntitle:`),
  }));
  const all = await look();
  const told = [...all.values()].flatMap((b) => [...b.unknown, ...b.conflicts]);
  expect(told.length / 2).toBeGreaterThanOrEqual(66 - 8);
  expect((await gits()).length).toBeLessThan(6 + 8 * 16);
});

const FIELDS = [
  "priority: urgent",
  "priority: high",
  "priority: low",
  "due: 2026-12-01",
  "due: 2026-12-02",
  "due: 2026-12-03",
  "kind: a",
  "kind: b",
  "kind: c",
  "needs: [T-aaaa]",
  "needs: [T-bbbb]",
  "needs: []",
];

test("pairs beyond a thousand are not told as merging", async () => {
  const { look } = await crowd(46, () => ({ "reports/all.md": "the same\n" }));
  const all = [...(await look()).values()];
  expect(all.flatMap((b) => b.conflicts)).toEqual([]);
  expect(all.flatMap((b) => b.unknown)).toHaveLength(2 * ((46 * 45) / 2 - 1000));
});

test("one pull is looked at by itself with the same answer", async () => {
  const { look } = await crowd(4, (n) => page("one", `number ${n % 2}`));
  const all = await look();
  const second = PullNumber.parse(2);
  expect(await look(second)).toEqual(new Map([[second, all.get(second)]]));
  expect(all.get(second)?.conflicts.map((c) => c.pull)).toEqual([1, 3]);
});
