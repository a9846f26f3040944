import { expect, test } from "vitest";
import { decide } from "../../src/domain/clearance/clearance.ts";
import { Config } from "../../src/domain/config.ts";
import {
  advisoryGates,
  Calibration,
  graderStanding,
  tallyOf,
  type Sample,
} from "../../src/domain/grading/calibration.ts";
import { AgentName, Instant } from "../../src/domain/id.ts";
import { Policy } from "../../src/domain/clearance/policy.ts";
import { told } from "../../src/domain/reason.ts";
import type { AgentFile } from "../../src/domain/spec.ts";
import { gate, routine, sha, type Stage } from "../domain/ruling.ts";
import { agentOf } from "../job.ts";

const criteria = [{ id: "correct", one: "wrong", five: "right" }];
const grader = (more: Record<string, unknown> = {}): AgentFile =>
  agentOf({
    name: "checker",
    engine: { kind: "openai", model: "gpt-5-mini" },
    grades: { criteria, pass: 3, calibration: { caught: 0.7, false_stops: 0.2 } },
    ...more,
  });
const CONFIG = Config.parse({ version: 1, gates: { honest: { kind: "grader", grader: "checker" } } });

/** So many faults caught of so many, and so much accepted work stopped of so much. */
function found(
  [caught, seeded]: [number, number],
  [stopped, accepted]: [number, number],
  more: Partial<Calibration> = {},
): Calibration {
  const fault = { kind: "number" as const, path: "a.md", line: 1 };
  const samples = [
    ...Array.from({ length: seeded }, (_, i) => ({ pull: 1, fault, ruling: i < caught ? "fail" : "pass" })),
    ...Array.from({ length: accepted }, (_, i) => ({
      pull: 1,
      fault: null,
      ruling: i < stopped ? "fail" : "pass",
    })),
  ];
  return Calibration.parse({
    version: 1,
    grader: "checker",
    spec: grader().blob,
    model: "gpt-5-mini",
    at: "2026-11-22T07:00:00Z",
    who: "ann",
    seed: 1,
    samples,
    spent: { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 0, ms: 1 },
    ...more,
  });
}

const standing = (calibrations: readonly Calibration[], findings: readonly { file: string }[] = []) =>
  graderStanding(grader(), CONFIG, { calibrations, findings });

const kind = (calibrations: readonly Calibration[]): string => standing(calibrations).kind;

test("a bar that is just reached is reached, and one fault less is below it", () => {
  expect(kind([found([7, 10], [2, 10])])).toBe("calibrated");
  expect(kind([found([6, 10], [2, 10])])).toBe("advisory");
  expect(kind([found([7, 10], [3, 10])])).toBe("advisory");
  expect(standing([found([3, 10], [5, 10])]).why).toBe(
    "caught 3 of 10 seeded faults and stopped 5 of 10 accepted works, and 70% must be caught and 20% may be stopped",
  );
});

test("what could not be told is neither caught nor let through", () => {
  const unsure = (c: Sample): Sample => ({ ...c, ruling: "inconclusive" });
  const { samples, ...rest } = found([10, 10], [0, 10]);
  expect(kind([{ ...rest, samples: samples.map((c, i) => (i < 4 ? unsure(c) : c)) }])).toBe("advisory");
  expect(kind([{ ...rest, samples: samples.map((c, i) => (i >= 17 ? unsure(c) : c)) }])).toBe("advisory");
  expect(tallyOf(samples.map((c, i) => (i < 4 || i >= 17 ? unsure(c) : c)))).toEqual({
    seeded: 10,
    caught: 6,
    accepted: 10,
    stopped: 3,
    unsure: 7,
  });
});

test("the newest calibration counts, of this spec with this model, and of enough faults", () => {
  const bad = found([0, 10], [0, 10]);
  expect(kind([])).toBe("uncalibrated");
  expect(kind([bad, found([10, 10], [0, 10])])).toBe("calibrated");
  expect(kind([{ ...bad, spec: sha("1") }])).toBe("uncalibrated");
  expect(kind([{ ...bad, model: "gpt-5" }])).toBe("uncalibrated");
  expect(kind([{ ...bad, grader: AgentName.parse("other") }])).toBe("uncalibrated");
  expect(kind([found([0, 3], [0, 10])])).toBe("uncalibrated");
  expect(kind([found([0, 4], [0, 10])])).toBe("advisory");
  const small = [found([0, 3], [0, 10]), found([0, 2], [0, 10])];
  expect(standing(small).why).toBe("was tried on 2 faults, too few to tell");
});

test("a gate's word is advice where its own grader is below its bar, and nowhere else", () => {
  const command = { kind: "command", run: ["node", "x.mjs"] };
  const tried = { kind: "grader", grader: "other" };
  const gone = { kind: "grader", grader: "gone" };
  const honest = { kind: "grader", grader: "checker" };
  const config = Config.parse({ version: 1, gates: { command, tried, gone, honest } });
  const files = [grader(), grader({ name: "other" })];
  const agents = new Map(files.map((file) => [file.spec.name, file]));
  const bad = found([3, 10], [0, 10]);
  const good = found([9, 10], [0, 10], { grader: AgentName.parse("other") });
  expect(advisoryGates({ config, agents }, { calibrations: [], findings: [] })).toEqual([]);
  expect(advisoryGates({ config, agents }, { calibrations: [bad, good], findings: [] })).toEqual([
    {
      gate: "honest",
      sentence:
        "The word of honest is advice: its grader checker caught 3 of 10 seeded faults and stopped 0 of 10 accepted works, and 70% must be caught",
    },
  ]);
});

test("a further calibration on too few faults takes nothing back of what an earlier one found", () => {
  const [bad, good] = [found([0, 10], [0, 10]), found([10, 10], [0, 10])];
  expect(kind([bad, found([3, 3], [0, 1])])).toBe("advisory");
  expect(kind([bad, found([0, 0], [0, 1])])).toBe("advisory");
  expect(kind([good, found([0, 3], [0, 1])])).toBe("calibrated");
});

test("a calibration that cannot be read may have found it wanting: its word is advice until a newer one", () => {
  const good = found([10, 10], [0, 10]);
  const small = found([0, 3], [0, 10], { at: Instant.parse("2026-11-24T07:00:00Z") });
  const lost = (file: string) => [{ file }];
  const newer = lost("calibrations/checker/20261123T070000Z-abcdef.json");
  expect(standing([good], newer)).toEqual({
    kind: "advisory",
    why: "was calibrated, and calibrations/checker/20261123T070000Z-abcdef.json cannot be read",
  });
  expect(standing([], newer).kind).toBe("advisory");
  expect(standing([good, small], newer).kind).toBe("advisory");
  expect(standing([good], lost("calibrations/checker/20261121T070000Z-abcdef.json")).kind).toBe("calibrated");
  expect(standing([good], lost("calibrations/other/20261123T070000Z-abcdef.json")).kind).toBe("calibrated");
});

const ADVISORY = {
  gate: "honest",
  sentence: "The word of honest is advice: its grader checker caught 1 of 9 seeded faults",
};

function advised(
  stage: Stage,
  more: Partial<Stage["facts"]>,
  verdicts: Stage["evidence"]["verdict"] = stage.evidence.verdict,
): ReturnType<typeof decide> {
  return decide(
    stage.policy,
    { ...stage.facts, advisory: [ADVISORY], ...more },
    { ...stage.evidence, verdict: verdicts },
    stage.now,
  );
}

test("what a grant would let in alone needs a person where its grader's word is advice", () => {
  const stage = routine();
  expect(advised(stage, {}).kind).toBe("merge");
  const asked = advised(stage, { required: ["honest"] });
  expect(asked).toMatchObject({
    kind: "pending",
    tier: "human",
    rules: ["grant:reports", "built-in:advisory"],
  });
  expect(told(asked.why.because)[1]?.text).toContain("grant reports makes it routine");
  expect(told(asked.why.because)[2]?.text).toBe(`  · ${ADVISORY.sentence}. That needs a person.`);
});

test("so does a tier that rests on that gate, and a change that no gate of that name judges does not", () => {
  const stage = routine();
  const reviewed = (gates: string[]): Policy =>
    Policy.parse({
      ...stage.policy,
      tiers: { reviewed: { gates } },
      raise: [{ id: "r", kind: ["report"], tier: "reviewed" }],
    });
  const passing = { gates: [...stage.evidence.verdict.gates, gate("other")] };
  expect(advised({ ...stage, policy: reviewed(["honest"]) }, {}).tier).toBe("human");
  expect(advised({ ...stage, policy: reviewed(["other"]) }, {}, passing)).toMatchObject({
    kind: "merge",
    tier: "reviewed",
  });
});

test("its fail blocks nothing and its silence is waited for by nobody; a grader that counts blocks and is waited for", () => {
  const stage = routine();
  const gates = stage.evidence.verdict.gates;
  const advice = { gates, advice: [gate("honest", "fail")] };
  expect(advised(stage, { required: ["honest"] }, advice)).toMatchObject({
    kind: "pending",
    waits: { gates: [] },
  });
  const counting = (verdicts: Stage["evidence"]["verdict"]): unknown =>
    advised(stage, { required: ["honest"], advisory: [] }, verdicts);
  expect(counting(advice)).toMatchObject({ kind: "pending", waits: { gates: ["honest"] } });
  expect(counting({ gates: [...gates, gate("honest", "fail")] })).toMatchObject({ kind: "blocked" });
  expect(counting({ gates: [...gates, gate("honest")] })).toMatchObject({ kind: "merge" });
});
