import { expect, test } from "vitest";
import { read } from "../../src/flow/read.ts";
import { besides } from "../../src/flow/verdict/radar.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { doneText, settleBench, SPEC, taskPath, taskText, type Bench } from "./settle-bench.ts";

// Two agents' pulls add to one log. git cannot merge the second once the first is in.

const LOG = "logs/leads.csv";
const ROWS = "day,leads\n1,4\n";
const APPENDS = SPEC.replace('["reports/*.md"]', '["reports/*.md", { path: "logs/*.csv", mode: append }]');

const bench = (files = {}): Promise<Bench> =>
  settleBench({ "agents/writer.md": APPENDS, [LOG]: ROWS, ...files });

const work = (id: string, log: string | null): Record<string, string | null> => ({
  [taskPath(id)]: doneText(id),
  [`reports/${id}.md`]: "All is well.\n",
  [LOG]: log,
});

/** Both pulls stand approved on the same base. */
async function both(fleet: Bench, one: string, other: string): Promise<void> {
  for (const [id, log] of [
    ["T-aaaa", one],
    ["T-bbbb", other],
  ] as const)
    await fleet.review(await fleet.propose({ id, files: work(id, log) }), "ann", "approve");
}

test("what both added stands in the log, one behind the other, as it was approved", async () => {
  const fleet = await bench();
  await both(fleet, `${ROWS}2,5\n`, `${ROWS}3,6\n`);
  expect(await settle(fleet.flow)).toMatchObject({ merged: [{ pull: 1 }, { pull: 2 }], conflicts: [] });
  expect(await fleet.world.file(LOG)).toBe(`${ROWS}2,5\n3,6\n`);
  expect(await fleet.world.file("reports/T-bbbb.md")).toBe("All is well.\n");
  const [, second] = await fleet.journal(/^merges\//);
  expect(second).toMatchObject({ pull: 2, redone: [LOG], approvals: [{ login: "ann" }] });
  const message = await fleet.world.far("log", "-1", "--format=%B", "main");
  expect(message).toContain(`Its lines stand behind newer ones: ${LOG}`);
  // Of the approved head and exactly the base that it was judged against.
  const parents = (await fleet.world.far("rev-list", "--parents", "-1", "main")).trim().split(" ").slice(1);
  expect(second).toMatchObject({ base: parents[0], head: parents[1] });
});

test("nothing of it is a conflict to those who look beforehand", async () => {
  const fleet = await bench();
  await both(fleet, `${ROWS}2,5\n`, `${ROWS}3,6\n`);
  const seen = async (): Promise<unknown[]> => [
    ...(await besides(fleet.flow, await read(fleet.flow))).values(),
  ];
  const quiet = { conflicts: [], reads: [], readBy: [], acts: [], unknown: [] };
  expect(await seen()).toEqual([quiet, quiet]);
  await fleet.world.commit({ [LOG]: `${ROWS}9,9\n` });
  expect(await seen()).toEqual([quiet, quiet]);
});

test("two that add the same row are told as a conflict before anybody approves them", async () => {
  const fleet = await bench();
  await both(fleet, `${ROWS}2,5\n`, `${ROWS}2,5\n3,6\n`);
  const seen = await besides(fleet.flow, await read(fleet.flow));
  expect([...seen.values()].map((b) => b.conflicts.map((c) => c.paths))).toEqual([[[LOG]], [[LOG]]]);
});

/** A log, what the pull makes of it, and what the tip made of it meanwhile. */
interface Attack {
  was?: string;
  pull: string | null;
  tip: string | Uint8Array | null;
}

const attacks: Record<string, Attack> = {
  "the tip has deleted the log": { pull: `${ROWS}3,6\n`, tip: null },
  "the tip has rewritten an earlier row as well": { pull: `${ROWS}3,6\n`, tip: "day,leads\n1,7\n2,5\n" },
  "the tip has got one of its rows": { pull: `${ROWS}3,6\n4,7\n`, tip: `${ROWS}3,6\n` },
  "the tip's log is no text": { pull: `${ROWS}3,6\n`, tip: `${ROWS}2,\0\n` },
  "it rewrites an earlier row": { pull: "day,leads\n1,400\n3,6\n", tip: `${ROWS}2,5\n` },
  "it goes on with the last row": { was: "day,leads\n1,4", pull: "day,leads\n1,400\n", tip: `${ROWS}2,5\n` },
  "it deletes the log": { pull: null, tip: `${ROWS}2,5\n` },
  "both make the log": { was: "", pull: `${ROWS}3,6\n`, tip: `${ROWS}2,5\n` },
};

test("nothing is added again where it is not plain adding", async () => {
  const all = Object.entries(attacks).map(([name, attack], i) => ({
    name,
    ...attack,
    id: `log-${i}`,
    log: `logs/${i}.csv`,
  }));
  const fleet = await bench(
    Object.fromEntries(
      all.flatMap(({ id, log, was = ROWS }) => [
        [taskPath(id), taskText(id)],
        ...(was === "" ? [] : [[log, was]]),
      ]),
    ),
  );
  for (const { id, log, pull } of all) {
    const { [LOG]: _log, ...files } = work(id, null);
    await fleet.review(await fleet.propose({ id, files: { ...files, [log]: pull } }), "ann", "approve");
  }
  await fleet.world.commit(Object.fromEntries(all.map(({ log, tip }) => [log, tip])));
  expect((await settle(fleet.flow)).merged).toEqual([]);
  const merged = await Promise.all(
    all.map(async ({ name, id }) => ((await fleet.world.file(`reports/${id}.md`)) === null ? [] : [name])),
  );
  expect(merged.flat()).toEqual([]);
}, 60_000);

test("whether it may be added again the tip's spec says", async () => {
  const fleet = await bench();
  await fleet.review(await fleet.propose({ files: work("T-aaaa", `${ROWS}3,6\n`) }), "ann", "approve");
  const writes = SPEC.replace('["reports/*.md"]', '["reports/*.md", "logs/*.csv"]');
  await fleet.world.commit({ [LOG]: `${ROWS}2,5\n`, "agents/writer.md": writes });
  expect(await settle(fleet.flow)).toMatchObject({ merged: [], conflicts: [{ pull: 1 }] });
});

test("a link on either side is followed by nobody", async () => {
  const fleet = await bench();
  await fleet.review(await fleet.propose({ files: work("T-aaaa", `${ROWS}3,6\n`) }), "ann", "approve");
  const { world } = fleet;
  await world.commit({ "elsewhere.csv": `${ROWS}2,5\n`, [LOG]: null });
  const blob = (await world.git("hash-object", "-w", "--stdin", "--path", "x").catch(() => "")).trim();
  expect(blob).not.toBe("");
  await world.git("update-index", "--add", "--cacheinfo", `120000,${blob},${LOG}`);
  await world.git("commit", "--quiet", "--message", "a link");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/main");
  expect((await settle(fleet.flow)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

test("a branch that took in other history shows more than its agent added, and is not redone", async () => {
  const fleet = await bench();
  const { world } = fleet;
  const number = await fleet.propose({ files: work("T-aaaa", `${ROWS}3,6\n`) });
  await world.commit({ "notes.md": "by hand\n" });
  await world.git("fetch", "--quiet", "origin");
  await world.git("checkout", "--quiet", "--detach", "origin/pullbeat/work/T-aaaa--1");
  await world.git("merge", "--quiet", "--no-edit", "origin/main");
  await world.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/T-aaaa--1");
  await fleet.review(number, "bob", "approve");
  await world.commit({ [LOG]: `${ROWS}2,5\n` });
  expect((await settle(fleet.flow)).merged).toEqual([]);
});

const EVIDENCE = APPENDS.replace("produces:", "evidence: { mode: linked }\nproduces:");

/** Its page says which row of the log proves it; `tip`: what the log became meanwhile. */
async function cited(tip: Record<string, string>): Promise<Bench> {
  const fleet = await bench({ "agents/writer.md": EVIDENCE });
  const page = `We had [6](/${LOG}#cell=3,2) leads on day 3.\n`;
  const files = { ...work("T-aaaa", `${ROWS}3,6\n`), "reports/T-aaaa.md": page };
  await fleet.review(await fleet.propose({ files }), "ann", "approve");
  await fleet.world.commit(tip);
  return fleet;
}

test("a page that says in which row its number stands merges while it stands there", async () => {
  const { flow } = await cited({ "notes.md": "by hand\n" });
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
});

test("and does not where its row would come to stand elsewhere", async () => {
  const { flow, world } = await cited({ [LOG]: `${ROWS}2,5\n` });
  expect(await settle(flow)).toMatchObject({ merged: [], conflicts: [{ pull: 1 }] });
  expect(await world.file(LOG)).toBe(`${ROWS}2,5\n`);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

test("nor where git alone would put it there", async () => {
  const many = (first: string): string => `${ROWS}${first}3,3\n4,4\n5,5\n6,6\n7,7\n8,8\n`;
  const fleet = await bench({
    "agents/writer.md": EVIDENCE.replace("mode: append", "mode: write"),
    [LOG]: many(""),
  });
  const files = {
    ...work("T-aaaa", `${many("")}9,9\n`),
    "reports/T-aaaa.md": `We had [9](/${LOG}#cell=9,2) leads on day 9.\n`,
  };
  await fleet.review(await fleet.propose({ files }), "ann", "approve");
  const tip = many("2,2\n");
  await fleet.world.commit({ [LOG]: tip });
  expect((await settle(fleet.flow)).merged).toEqual([]);
  expect(await fleet.world.file(LOG)).toBe(tip);
});

test("an approval of other rows does not count for these", async () => {
  const fleet = await bench();
  await fleet.review(await fleet.propose({ files: work("T-aaaa", `${ROWS}3,6\n`) }), "ann", "approve");
  await fleet.propose({ round: 2, files: { [LOG]: `${ROWS}3,600\n` } });
  await fleet.world.commit({ [LOG]: `${ROWS}2,5\n` });
  expect((await settle(fleet.flow)).merged).toEqual([]);
  expect(await fleet.world.file(LOG)).toBe(`${ROWS}2,5\n`);
});
