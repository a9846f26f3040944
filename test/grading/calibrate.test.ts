import { expect, test } from "vitest";
import { AgentName, PullNumber } from "../../src/domain/id.ts";
import { calibrate, type Calibrated } from "../../src/flow/grading/calibrate.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { weigh } from "../../src/flow/verdict/weigh.ts";
import { told } from "../../src/domain/reason.ts";
import { doneText, taskPath } from "../flow/settle-bench.ts";
import {
  GATED,
  GRADER,
  gradedBench,
  gradedFlow,
  grades,
  playing,
  type GradedBench,
  type Plays,
} from "./bench.ts";

const REPORT = "# The week\n\nThe rate is 2.3% and it rose.\nAll campaigns were better than last week.\n";
const files = { "reports/T-aaaa.md": REPORT, [taskPath("T-aaaa")]: doneText("T-aaaa") };
/** A grader with a bar, whose people have said what a breach looks like. */
const SPEC = GRADER.replace(
  "  pass: 3.5",
  '  pass: 3.5\n  calibration: { caught: 0.7, false_stops: 0.2, breaks: ["Buy now!"] }',
);

/** Sees every fault: it knows the report by heart. */
const sharp: Plays = (s) => [grades(s, isRight(s.order) ? {} : { correct: 1 })];
/** Lets everything pass. */
const blind: Plays = (s) => [grades(s)];

const isRight = (order: string): boolean =>
  splitShown(order) === splitShown(REPORT.replaceAll(/^/gm, "+    1  "));

/** The report's own lines as they were shown. */
const splitShown = (text: string): string =>
  (text.match(/^\+ +\d+ {2}.+$/gm) ?? [])
    .map((line) => line.replace(/^\+ +\d+ {2}/, ""))
    .filter((line) => !/^(?:---|id:|title:|status:|agent:|produces:|## Brief|Write it\.)/.test(line))
    .join("\n");

/** A fleet in which one report was merged, with the grader's word or without. */
async function landed(plays: Plays, more: Record<string, string> = {}): Promise<GradedBench> {
  const bench = await gradedBench(plays, { "agents/checker.md": SPEC, ...more });
  await bench.review(await bench.propose({ files }), "ann", "approve");
  if ((await settle(bench.flow)).merged.length !== 1) throw new Error("it did not merge");
  return bench;
}

const run = async (
  { flow }: GradedBench,
  more: { dryRun?: boolean; seed?: number; from?: number[] } = {},
): Promise<Calibrated> =>
  calibrate(flow, await read(flow), {
    grader: AgentName.parse("checker"),
    from: (more.from ?? []).map((n) => PullNumber.parse(n)),
    works: 5,
    seed: more.seed ?? 1,
    who: "ann",
    dryRun: more.dryRun ?? false,
  });

test("a grader that sees every fault catches each kind, stops nothing, and what came out is in the journal", async () => {
  const bench = await landed(sharp);
  const { calibration, after, before } = await run(bench);
  expect(before.kind).toBe("uncalibrated");
  expect(after).toEqual({
    kind: "calibrated",
    why: "caught 4 of 4 seeded faults and stopped 0 of 1 accepted works",
  });
  expect(calibration?.samples.map((c) => [c.fault?.kind ?? null, c.ruling])).toEqual([
    [null, "pass"],
    ["number", "fail"],
    ["dropped", "fail"],
    ["inverted", "fail"],
    ["rule", "fail"],
  ]);
  expect(calibration?.spent).toMatchObject({ steps: 5, usd: 0.05 });
  expect(await bench.journal(/^calibrations\/checker\//)).toEqual([calibration]);
  const { journal } = await read(bench.flow);
  expect([journal.calibrations, journal.findings]).toEqual([[calibration], []]);
});

test("a dry run says which faults it would put in, and asks and writes nothing; another seed puts in others", async () => {
  const bench = await landed(sharp);
  const asked = bench.model.asked;
  const one = await run(bench, { dryRun: true });
  expect(one.questions.map((q) => q.fault?.what ?? null)).toEqual([
    null,
    expect.stringMatching(/became/),
    expect.stringMatching(/is gone$/),
    expect.stringMatching(/became/),
    "a line that breaks a rule: Buy now!",
  ]);
  expect(await run(bench, { dryRun: true })).toEqual(one);
  expect(await run(bench, { dryRun: true, seed: 5 })).not.toEqual(one);
  expect([bench.model.asked, await bench.journal(/^calibrations/)]).toEqual([asked, []]);
});

test("one that misses them has advice to give, and no veto: what needs it needs a person, and everybody can read why", async () => {
  const config = GATED.replace(
    /$/,
    'policy: { grant: [{ id: reports, kind: [report], only_paths: ["reports/**"], tier: routine, per_day: 9 }] }\n',
  );
  const bench = await landed(blind, { ".github/pullbeat.yml": config });
  expect((await run(bench)).after).toMatchObject({ kind: "advisory" });
  const number = await bench.propose({ id: "T-bbbb" });
  const stern = gradedFlow(
    bench.flow,
    playing((sent) => [grades(sent, { correct: 1, says: ["correct reports/T-bbbb.md:1 not in the data"] })]),
  );
  expect((await settle(stern)).merged).toEqual([]);
  const snapshot = await read(stern);
  const pull = snapshot.pulls.find((p) => p.number === number);
  if (pull === undefined) throw new Error("no pull");
  const { decision } = await weigh(stern, snapshot, pull);
  expect([decision.tier, ...told(decision.why.because).map((l) => l.text)].join("\n")).toMatchSnapshot();
  expect(pull.reviews.at(-1)).toMatchObject({ verdict: "comment" });
  expect(pull.reviews.at(-1)?.body).toMatchSnapshot();
  await bench.review(number, "ann", "approve");
  expect(await settle(stern)).toMatchObject({ merged: [{ pull: 2 }] });
});

test("a calibration is of one text of the spec: another text counts, and is not yet calibrated", async () => {
  const bench = await landed(blind);
  await run(bench);
  await bench.world.commit({ "agents/checker.md": `${SPEC}Be strict.\n` });
  const { before } = await run(bench, { dryRun: true });
  expect(before.kind).toBe("uncalibrated");
});

test("one that stops what people accepted is advice as well", async () => {
  let asked = 0;
  const bench = await landed((s) => [grades(s, asked++ === 0 ? {} : { correct: 1 })]);
  expect((await run(bench)).after).toEqual({
    kind: "advisory",
    why: "caught 4 of 4 seeded faults and stopped 1 of 1 accepted works, and 20% may be stopped",
  });
});
test("an endpoint that is down catches nothing and lets nothing through", async () => {
  let first = true;
  const bench = await landed((s) => {
    const reply = first ? [grades(s)] : { ok: false as const, failure: "server" as const, reason: "503" };
    first = false;
    return reply;
  });
  expect((await run(bench)).after).toMatchObject({
    kind: "advisory",
    why: "caught 0 of 4 seeded faults and stopped 1 of 1 accepted works, and 70% must be caught and 20% may be stopped",
  });
});

test("it stops asking when the grader's day pays for no more, and says how many were left out", async () => {
  const bench = await landed(sharp, {
    "agents/checker.md": SPEC.replace(
      "reads:",
      "budget: { attempt: { usd: 0.02 }, day: { usd: 0.05 } }\nreads:",
    ),
  });
  const { calibration, unasked, after } = await run(bench);
  expect([calibration?.samples.length, unasked, after.kind]).toEqual([3, 2, "uncalibrated"]);
});

test("work of its own, and a pull that nobody merged, are no work to try it on", async () => {
  const bench = await landed(sharp);
  await expect(run(bench, { from: [7] })).rejects.toThrow(
    "there is no merged work that checker could be tried on",
  );
  expect((await run(bench, { from: [1], dryRun: true })).questions).toHaveLength(5);
});
