import { expect, test } from "vitest";
import { pullbeat, json } from "../cli/cli.ts";
import { specText, taskText, writes } from "../fleet.ts";
import { makeWorld } from "../world.ts";

const REPORT =
  "# One\n\nThe rate is 2.3% and it rose.\nAll campaigns were better than last week.\nIt is fine.\n";
const GRADE = {
  name: "grade",
  arguments: {
    nonce: "{{nonce}}",
    scores: [{ criterion: "correct", score: 5, why: "every number is in the data" }],
    summary: "Held each number against the data.",
  },
};
const FILES = {
  ".github/pullbeat.yml": `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
digest: { at: off }
gates:
  honest: { kind: grader, grader: checker }
require:
  - { path: ["reports/**"], gates: [honest] }
`,
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/checker.md": `---
name: checker
description: Checks that reports say what the data say
engine: { kind: scripted, script: scripts/checker.jsonl }
grades:
  criteria: [{ id: correct, one: a number is wrong, five: every number is right }]
  pass: 3.5
  calibration: { breaks: ["Buy now!"] }
---
Hold each number against the data.
`,
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "scripts/writer.jsonl": writes({ "reports/one.md": REPORT }),
  "scripts/checker.jsonl": JSON.stringify({ calls: [GRADE], tokens: { input: 900, output: 100 } }),
};

test("offline, from the first judgement to a calibration that everybody can read", async () => {
  const world = await makeWorld({ files: FILES });
  const run = (...args: string[]): ReturnType<typeof pullbeat> =>
    pullbeat(world, args, { env: { PULLBEAT_SCRIPTS: "scripts" } });
  expect((await run("check")).out).toBe("ok: 0 errors, 0 notes\n");
  expect((await run("tick")).out).toContain("pull 1");
  const shown = (await run("pull", "show", "1")).out;
  expect(shown).toContain("checker (scripted) gives it 5 of 5, and 3.5 passes");
  await run("pull", "approve", "1");
  expect((await run("settle")).out).toContain("merged pull 1");
  const planned = await run("calibrate", "checker", "--dry-run");
  const done = await run("calibrate", "checker");
  await expect(
    [shown, planned.out, done.out].join("\n---\n\n").replaceAll(/\b[0-9a-f]{10,40}\b|\b\d+(?= s\.)/g, "…"),
  ).toMatchFileSnapshot("../snapshots/calibrate.md");
  expect([planned.code, done.code]).toEqual([0, 0]);
  expect((await run("agents")).out.replaceAll(/\s+/g, " ")).toContain(
    "its word is advice: it caught 0 of 4 seeded faults",
  );
  expect(
    await json(world, ["calibrate", "checker", "--pulls", "1"], { env: { PULLBEAT_SCRIPTS: "scripts" } }),
  ).toMatchObject({
    code: 0,
    value: {
      grader: "checker",
      tally: { seeded: 4, caught: 0, accepted: 1, stopped: 0, unsure: 0 },
      unasked: 0,
      after: { kind: "advisory" },
    },
  });
});

test("what cannot be calibrated is said, with what to do", async () => {
  const world = await makeWorld({ files: FILES });
  const said = async (...args: string[]): Promise<string> => (await pullbeat(world, args)).err;
  expect(await said("calibrate", "chekcer")).toMatch(/there is no grader chekcer[^]*checker/);
  expect(await said("calibrate", "checker", "--works", "0")).toContain(
    "expected: a whole number from 1 to 50",
  );
  expect(await said("calibrate", "checker")).toContain(
    "there is no merged work that checker could be tried on",
  );
});
