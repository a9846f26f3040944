import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle/settle.ts";
import { nothing, refs, taskPath, taskText } from "../flow/settle-bench.ts";
import { GATED, GRADER, gradedBench, grades } from "./bench.ts";

test("a grader is asked once, its word is in the journal with what it took, and an approved pull merges", async () => {
  const { flow, propose, review, model, journal, world } = await gradedBench((sent) => [grades(sent)]);
  await review(await propose(), "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(model.asked).toBe(1);
  expect(await journal(/^verdicts\//)).toMatchObject([
    {
      gate: "honest",
      verdict: { ruling: "pass", sentence: "checker gives it 4.75 of 5, and 3.5 passes" },
      grading: {
        agent: "checker",
        spent: { usd: 0.01, tokens: { input: 1000 } },
        engine: { model: "gpt-5-mini" },
      },
    },
  ]);
  expect(await world.far("log", "-1", "--format=%B", "main")).toContain("honest=pass");
});

test("its pass is a veto that was not used, and nobody's approval", async () => {
  const { flow, propose, world, pulls } = await gradedBench((sent) => [grades(sent)]);
  await propose();
  expect((await settle(flow)).merged).toEqual([]);
  expect(await world.file("reports/T-aaaa.md")).toBeNull();
  expect((await pulls())[0]?.reviews.map((r) => [r.verdict, r.body])).toMatchSnapshot();
});

test("a base branch that moved asks nobody again: not after commits, another source, or an approval", async () => {
  const { world, flow, propose, review, model } = await gradedBench((sent) => [grades(sent)]);
  const number = await propose();
  await settle(flow);
  for (const n of [1, 2, 3]) {
    await world.commit({ [`notes-${n}.md`]: "new\n", "data/ads.json": `{ "rate": ${n} }\n` });
    expect(await settle(flow)).toEqual(nothing);
  }
  const before = await refs(world);
  expect(await settle(flow)).toEqual(nothing);
  expect(await refs(world)).toBe(before);
  await review(number, "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(model.asked).toBe(1);
});

test("another change, another order, other settings, another policy and another text of its spec are each judged anew", async () => {
  const { world, flow, propose, model } = await gradedBench((sent) => [grades(sent)]);
  await propose();
  await settle(flow);
  await world.commit({ "agents/checker.md": `${GRADER}And be strict.\n` });
  await settle(flow);
  expect(model.asked).toBe(2);
  await world.commit({ ".github/pullbeat.yml": `${GATED}policy: { default: dual }\n` });
  await settle(flow);
  expect(model.asked).toBe(3);
  const others = GATED.replace("grader: checker }", "grader: checker, other_model: true }");
  await world.commit({ ".github/pullbeat.yml": `${others}policy: { default: dual }\n` });
  await settle(flow);
  expect(model.asked).toBe(4);
  await world.commit({ [taskPath("T-aaaa")]: `${taskText("T-aaaa")}Be brief.\n` });
  await settle(flow);
  expect(model.asked).toBe(5);
  await propose({ round: 2, files: { "reports/T-aaaa.md": "Other words.\n" } });
  await settle(flow);
  expect(model.asked).toBe(6);
  await settle(flow);
  expect(model.asked).toBe(6);
});

test("a fail goes back to the author with its criticism, as a request for changes, and is asked again of the next round", async () => {
  const { flow, propose, review, pulls, model } = await gradedBench((sent) => [
    grades(
      sent,
      sent.order.includes("Better")
        ? {}
        : { correct: 2, says: ["correct reports/T-aaaa.md:1 not in the data"] },
    ),
  ]);
  const number = await propose();
  await review(number, "ann", "approve");
  expect(await settle(flow)).toMatchObject({
    merged: [],
    judged: [{ what: "the gates say: fail" }],
    madeReady: true,
  });
  const [pull] = await pulls();
  expect(pull?.reviews.at(-1)).toMatchObject({ verdict: "request-changes", by: "fleet-bot" });
  expect(pull?.reviews.at(-1)?.body).toMatchSnapshot();
  await propose({ round: 2, files: { "reports/T-aaaa.md": "Better.\n" } });
  await review(number, "ann", "approve");
  expect(await settle(flow)).toMatchObject({ merged: [{ pull: 1 }] });
  expect(model.asked).toBe(2);
});

test("a grader is asked only when programs and the gates that judge here have passed", async () => {
  const config = GATED.replace("gates: [honest]", "gates: [honest, links]").replace(
    "gates:\n",
    "gates:\n  links: { kind: command, run: [node, links.mjs] }\n",
  );
  const bench = await gradedBench((sent) => [grades(sent)], { ".github/pullbeat.yml": config });
  const { propose, model, flow } = bench;
  await propose();
  const judge = async (trial: Parameters<NonNullable<typeof flow.judge>>[0]) =>
    trial.kind === "grader"
      ? ((await flow.judge?.(trial)) ?? null)
      : {
          verdict: {
            gate: trial.gate,
            ruling: "fail" as const,
            sentence: "dead",
            details: [],
            mendable: true,
          },
        };
  await settle({ ...flow, judge });
  expect(model.asked).toBe(0);
  const other = await gradedBench((sent) => [grades(sent)]);
  await other.propose({ files: { "prices.md": "1\n", "reports/T-aaaa.md": "Well.\n" } });
  await settle(other.flow);
  expect(other.model.asked).toBe(0);
});
