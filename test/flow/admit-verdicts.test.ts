import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Docket } from "../../src/domain/verdict/docket.ts";
import { verdictsIn } from "../../src/flow/job/admit-verdicts.ts";
import { hatchIn } from "../../src/store/hatch.ts";
import { left, twist, type Left } from "../court.ts";
import { FALSE_WORDS } from "../false-words.ts";

function leftHere(): Left {
  const dir = mkdtempSync(join(tmpdir(), "pullbeat-words-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return left(dir);
}

const take = (jobs: Left): ReturnType<typeof verdictsIn> =>
  verdictsIn({ ...jobs, hatch: (shard) => hatchIn(jobs.box(shard)) });

test("what judging jobs say of what they were asked is taken in word by word", async () => {
  const words = await take(leftHere());
  expect(words.map((w) => [w.listed.pull, w.refused, w.verdict.ruling, w.verdict.sentence])).toEqual([
    [1, null, "pass", "links finds nothing"],
    [2, null, "pass", "links finds nothing"],
  ]);
});

test.each(FALSE_WORDS)(
  "$name: no pass but a reason, and what lies beside it is taken in",
  async ({ forge, code, says }) => {
    const jobs = leftHere();
    forge(jobs);
    const [first, second] = await take(jobs);
    expect(first?.refused?.code).toBe(code);
    expect(first?.refused?.message).toMatch(says);
    expect(first?.verdict).toMatchObject({
      gate: "links",
      ruling: "inconclusive",
      mendable: false,
      sentence: `its word was not taken in (airlock/${code}): ${first?.refused?.message}`,
    });
    expect(second).toMatchObject({ refused: null, verdict: { ruling: "pass" } });
  },
);

test("what a gate says is nobody's mention, no command and no credential, whatever its job left", async () => {
  const jobs = leftHere();
  const key = ["ghp", "0123456789abcdefghijklmnopqrstuvwxyz"].join("_");
  const words = { sentence: "@ann closes #1 \u001b[2J", details: [`token ${key}`] };
  twist(jobs, (heard, first) => ({
    ...heard,
    heard: [{ ...first, verdict: { ...first.verdict, ...words } }],
  }));
  const [first] = await take(jobs);
  expect(JSON.stringify(first?.verdict)).not.toMatch(/@ann|\\u001b|ghp_/);
  expect(first?.verdict.details[0]).toContain("[withheld: looks like a credential");
});

test("a grader's ruling is that of the grader who was asked, in the version that was asked", async () => {
  const spec = "c".repeat(40);
  const work = { agent: "writer", unit: "T-aaaa", task: "T-aaaa", models: ["demo"], round: 1 };
  const jobs = leftHere();
  const [first, ...others] = jobs.docket.matters;
  const asked = { ...first, kind: "grader", grader: "critic", spec, work };
  const docket = Docket.parse({ ...jobs.docket, matters: [asked, ...others] });
  const engine = { kind: "openai", model: "gpt-5-mini", scripted: false };
  const spent = { steps: 1, tokens: { input: 1, cached: 0, output: 1 }, usd: 0, ms: 1 };
  const said = async (ruling: string, more: object): Promise<unknown> => {
    twist(jobs, (heard, one) => ({
      ...heard,
      heard: [{ ...one, verdict: { ...one.verdict, ruling }, grading: undefined, ...more }],
    }));
    const [word] = await take({ ...jobs, docket });
    return word?.refused?.code ?? word?.verdict.ruling;
  };
  const grading = { agent: "critic", spec, engine, spent };
  expect(await said("pass", { grading })).toBe("pass");
  expect(await said("pass", {})).toBe("grading");
  expect(await said("fail", {})).toBe("grading");
  expect(await said("pass", { grading: { ...grading, agent: "other" } })).toBe("grading");
  expect(await said("pass", { grading: { ...grading, spec: "d".repeat(40) } })).toBe("grading");
  expect(await said("inconclusive", {})).toBe("inconclusive");
});
