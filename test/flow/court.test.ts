import { expect, test } from "vitest";
import { PullNumber } from "../../src/domain/id.ts";
import { docketOf } from "../../src/flow/job/docket.ts";
import { settleJob } from "../../src/flow/job/settle.ts";
import { read } from "../../src/flow/read.ts";
import { passes, session, twist } from "../court.ts";
import { CONFIG, settleBench, type Bench } from "./settle-bench.ts";

const configOf = (judges: "diff" | "merged"): string => `${CONFIG}gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/**], judges: ${judges} }
require:
  - { path: [reports/**], gates: [links] }
`;

/** Two pulls that ann approved, and a gate that no job with rights may run. */
async function approved(judges: "diff" | "merged" = "diff"): Promise<Bench> {
  const bench = await settleBench({
    ".github/pullbeat.yml": configOf(judges),
    "gates/links.mjs": "// one\n",
  });
  for (const id of ["T-aaaa", "T-bbbb"]) await bench.review(await bench.propose({ id }), "ann", "approve");
  return bench;
}

const hearings = ({ journal }: Bench): Promise<unknown[]> => journal(/^verdicts\//);
const merged = (said: { merged: readonly { pull: number }[] }): number[] => said.merged.map((m) => m.pull);

test("what is judged in jobs lands in the journal, and pulls that waited for it alone merge", async () => {
  const bench = await approved();
  expect(await settleJob(bench.flow, 0)).toMatchObject({ merged: [], again: true });
  expect(await settleJob(bench.flow, 8)).toMatchObject({ merged: [], again: false });
  const run = await session(bench);
  expect(run.docket.matters.map((m) => [m.pull, m.gate, m.shard])).toEqual([
    [1, "links", 1],
    [2, "links", 2],
  ]);
  const said = await run.settle();
  expect([merged(said), said.verdicts, said.again]).toEqual([[1, 2], { heard: 2, refused: [] }, true]);
  expect(await hearings(bench)).toMatchObject([
    { pull: 1, gate: "links", verdict: { ruling: "pass", sentence: "links finds nothing" } },
    { pull: 2, gate: "links", verdict: { ruling: "pass" } },
  ]);
  expect(await docketOf(bench.flow, await read(bench.flow))).toBeNull();
});

test("a judging job makes the merge again, and its program sees what the base branch would become", async () => {
  const bench = await approved("merged");
  await bench.world.commit({ "notes.md": "moved\n" });
  const seen: string[][] = [];
  const run = await session(bench, (asked) => {
    seen.push([...asked.paths.filter((p) => !/^(?:board|agents|\.github)/.test(p)), "|", ...asked.changed]);
    return passes(asked);
  });
  expect(seen[0]).toEqual([
    "gates/links.mjs",
    "notes.md",
    "reports/T-aaaa.md",
    "|",
    "board/T-aaaa-write.md",
    "reports/T-aaaa.md",
  ]);
  expect(merged(await run.settle())).toEqual([1]);
});

test("a base branch that moved by the first merge begins another tick, which judges what is left", async () => {
  const bench = await approved("merged");
  const said = await (await session(bench)).settle();
  expect([merged(said), said.again]).toEqual([[1], true]);
  const run = await session(bench);
  expect(run.docket.matters.map((m) => m.pull)).toEqual([2]);
  const last = await run.settle();
  expect(merged(last)).toEqual([2]);
  expect(await docketOf(bench.flow, await read(bench.flow))).toBeNull();
});

test("a word that is not taken in leaves its reason in the journal, and what lies beside it lands", async () => {
  const bench = await approved();
  const run = await session(bench);
  twist(run, (heard) => ({ ...heard, docket: "a".repeat(16) }));
  const said = await run.settle();
  expect(merged(said)).toEqual([2]);
  const why = "its words belong to another docket";
  expect(said.verdicts).toEqual({ heard: 1, refused: [{ pull: 1, gate: "links", code: "replay", why }] });
  expect(await hearings(bench)).toMatchObject([
    {
      pull: 1,
      verdict: { ruling: "inconclusive", sentence: `its word was not taken in (airlock/replay): ${why}` },
    },
    { pull: 2, verdict: { ruling: "pass" } },
  ]);
  expect(await bench.world.file("reports/T-aaaa.md")).toBeNull();
  // It is asked again after an hour, and not before.
  expect(await docketOf(bench.flow, await read(bench.flow))).toBeNull();
  bench.world.clock.pass(60);
  expect(merged(await (await session(bench)).settle())).toEqual([1]);
});

test("a run that is run again cannot speak last: what was heard since stands", async () => {
  const bench = await approved();
  const old = await session(bench);
  const newer = await session(bench, (asked) => ({ ...passes(asked), ruling: "fail" }));
  await newer.settle();
  const said = await old.settle();
  expect([merged(said), said.verdicts]).toEqual([[], { heard: 0, refused: [] }]);
  expect(await hearings(bench)).toMatchObject([
    { verdict: { ruling: "fail" } },
    { verdict: { ruling: "fail" } },
  ]);
});

test("verdicts of a head that was replaced meanwhile, or by a gate that is another since, merge nothing", async () => {
  const bench = await approved();
  const run = await session(bench);
  await bench.propose({ round: 2, files: { "reports/T-aaaa.md": "Other words.\n" } });
  await bench.review(PullNumber.parse(1), "ann", "approve");
  const said = await run.settle();
  expect(merged(said)).toEqual([2]);
  expect(said.again).toBe(true);
  const late = await approved();
  const before = await session(late);
  await late.world.commit({ "gates/links.mjs": "// two\n" });
  expect(merged(await before.settle())).toEqual([]);
  expect((await session(late)).docket.matters).toHaveLength(2);
});
