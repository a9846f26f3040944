import { expect, test } from "vitest";
import type { GateVerdict } from "../../src/domain/verdict/verdict.ts";
import { order } from "../../src/flow/control.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import {
  CONFIG,
  doneText,
  nothing,
  refs,
  settleBench,
  taskPath,
  taskText,
  type Bench,
} from "./settle-bench.ts";

const GATED = `${CONFIG}gates:
  links: { kind: command, run: [node, gates/links.mjs], files: [gates/**] }
  shape: { kind: schema, files: [reports/*], of: front, schema: schemas/report.json }
require:
  - { path: [reports/**], gates: [links] }
`;

/** A bench whose program is played: it says what `says` returns, and counts how often it was asked. */
async function gated(
  says: (asked: number) => GateVerdict["ruling"] = () => "pass",
  config = GATED,
): Promise<Bench & { flow: FlowWorld; asked: () => number; trees: string[] }> {
  const bench = await settleBench({ ".github/pullbeat.yml": config, "gates/links.mjs": "// one\n" });
  let asked = 0;
  const trees: string[] = [];
  const flow: FlowWorld = {
    ...bench.flow,
    judge: async ({ gate, judged }) => {
      asked++;
      trees.push(judged.entries.map((e) => e.path).join(" "));
      const ruling = says(asked);
      const verdict = { gate, ruling, sentence: `links say ${ruling}`, details: [], mendable: true };
      return { verdict };
    },
  };
  return { ...bench, flow, asked: () => asked, trees };
}

test("a program judges what the base branch would become, and an approved pull merges in the same settle", async () => {
  const { world, flow, propose, review, asked, trees, journal } = await gated();
  await review(await propose(), "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(asked()).toBe(1);
  expect(trees[0]).toContain("reports/T-aaaa.md");
  expect(await journal(/^verdicts\//)).toMatchObject([
    { gate: "links", pull: 1, verdict: { ruling: "pass" } },
  ]);
  expect(await world.far("log", "-1", "--format=%B", "main")).toContain("links=pass");
});

test("it is asked once about the same, before anybody has approved, and an idle settle writes nothing", async () => {
  const { world, flow, propose, asked } = await gated();
  await propose();
  await settle(flow);
  const before = await refs(world);
  expect(await settle(flow)).toEqual(nothing);
  expect(await refs(world)).toBe(before);
  expect(asked()).toBe(1);
});

test("a moved base branch asks it again only when the pull would merge then", async () => {
  const { world, flow, propose, review, asked, pulls } = await gated();
  const number = await propose();
  await settle(flow);
  await world.commit({ "notes.md": "new\n" });
  expect(await settle(flow)).toEqual(nothing);
  expect(asked()).toBe(1);
  expect((await pulls())[0]?.reviews).toEqual([]);
  await review(number, "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(asked()).toBe(2);
});

test("a program that judges the diff alone is not asked again, however the base branch moves", async () => {
  const diff = GATED.replace("files: [gates/**] }", "files: [gates/**], judges: diff }");
  const { world, flow, propose, review, asked } = await gated(undefined, diff);
  const numbers = [await propose(), await propose({ id: "T-bbbb" })];
  await settle(flow);
  expect(asked()).toBe(2);
  await world.commit({ "notes.md": "new\n" });
  await settle(flow);
  for (const number of numbers) await review(number, "ann", "approve");
  // The second merges onto what the first one made of the base branch.
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }, { pull: 2 }] });
  expect(asked()).toBe(2);
});

test("a program judges a task's file as it comes together field by field", async () => {
  const { world, flow, propose, review, asked } = await gated();
  await review(await propose(), "ann", "approve");
  const edited = taskText("T-aaaa").replace("status: todo", "status: todo # soon\npriority: urgent");
  await world.commit({ [taskPath("T-aaaa")]: edited });
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(asked()).toBe(1);
});

test("what passed on an older base branch does not merge when it fails on the new one", async () => {
  const { world, flow, propose, review } = await gated((asked) => (asked === 1 ? "pass" : "fail"));
  const number = await propose();
  await settle(flow);
  await world.commit({ "notes.md": "new\n" });
  await review(number, "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
});

test("another program at the tip judges anew", async () => {
  const { world, flow, propose, review, asked } = await gated((n) => (n === 1 ? "pass" : "fail"));
  const number = await propose();
  await settle(flow);
  await world.commit({ "gates/links.mjs": "// two\n" });
  await review(number, "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(asked()).toBe(2);
});

test("a program that fails sends the work back, and one that could not tell is asked again after an hour", async () => {
  const failing = await gated(() => "fail");
  await failing.propose();
  expect(await settle(failing.flow)).toMatchObject({
    judged: [{ what: "the gates say: fail" }],
    madeReady: true,
  });
  const unsure = await gated((n) => (n === 1 ? "inconclusive" : "pass"));
  const number = await unsure.propose();
  await unsure.review(number, "ann", "approve");
  expect((await settle(unsure.flow)).merged).toEqual([]);
  expect((await settle(unsure.flow)).merged).toEqual([]);
  expect(unsure.asked()).toBe(1);
  unsure.world.clock.pass(60);
  expect((await settle(unsure.flow)).merged).toMatchObject([{ pull: 1 }]);
});

test("where no program can be run, the gate has not judged, and nothing merges", async () => {
  const { propose, review, flow } = await gated();
  const { judge: _judge, ...without } = flow;
  await review(await propose(), "ann", "approve");
  expect((await settle(without)).merged).toEqual([]);
});

test("a gate whose verdict somebody wrote for another head says nothing", async () => {
  const { flow, propose, review, asked, world } = await gated((n) => (n === 1 ? "pass" : "fail"));
  const number = await propose();
  await settle(flow);
  await propose({ round: 2, files: { "reports/T-aaaa.md": "Other words.\n" } });
  await review(number, "ann", "approve");
  expect((await settle(flow)).merged).toEqual([]);
  expect(asked()).toBe(2);
  expect(await world.far("ls-tree", "-r", "--name-only", JOURNAL)).toMatch(
    /verdicts\/2026\/11\/T-aaaa--1--links-/,
  );
});

test("a program is not asked where the gates that need none have not passed", async () => {
  const { flow, propose, asked } = await gated();
  const files = { "reports/T-aaaa.md": "Well.\n", [taskPath("T-aaaa")]: doneText("T-aaaa") };
  await propose({ files: { ...files, "prices.md": "1\n" } });
  await settle(flow);
  expect(asked()).toBe(0);
  await propose({ id: "T-bbbb" });
  await settle(flow);
  expect(asked()).toBe(1);
});

test("what was said is kept when somebody else wrote into the journal meanwhile, and nobody is asked twice", async () => {
  const { flow, propose, review, asked, another, journal } = await gated();
  await review(await propose(), "ann", "approve");
  const rival = await another();
  const judge: FlowWorld["judge"] = async (trial) => {
    const hold = { verb: "hold", targets: ["T-bbbb"], who: "bob", why: "wait", until: null } as const;
    await order(rival, hold);
    return (await flow.judge?.(trial)) ?? null;
  };
  expect(await settle({ ...flow, judge })).toMatchObject({ merged: [{ pull: 1 }] });
  expect(asked()).toBe(1);
  expect(await journal(/^verdicts\//)).toHaveLength(1);
});
