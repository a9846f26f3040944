import { expect, test } from "vitest";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";

test.each(["4.35", "0.00001", "100000"])("an attempt may take %s minutes", async (minutes) => {
  const spec = specText(
    "writer",
    `produces: ["reports/*.md"]\nbudget: { attempt: { minutes: ${minutes} } }\n`,
  );
  const { flow } = await makeFleet({
    files: {
      "agents/writer.md": spec,
      "board/one-write.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  const [beat] = (await tick(flow)).beats;
  expect(beat?.attempts[0]?.reason).not.toContain("out of range");
});

test("people who watch are told each attempt, its steps as they happen, and the beat's end", async () => {
  const { flow, said } = await makeFleet({
    files: {
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-write.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
    },
    scripts: { writer: writes({ "pages/no.md": "no", "reports/one.md": "# One\n" }) },
  });
  await tick(flow);
  expect(said.map((h) => (h.kind === "step" ? h.step.kind : h.kind))).toEqual([
    "attempt",
    "opens",
    "asks",
    "calls",
    "answers",
    "calls",
    "answers",
    "calls",
    "answers",
    "judged",
    "ends",
  ]);
  const steps = said.flatMap((h) => (h.kind === "step" ? [h.step] : []));
  expect(steps.filter((s) => s.kind === "answers").map((s) => s.refused)).toEqual([true, false, false]);
  expect(steps.find((s) => s.kind === "calls")).toEqual({
    kind: "calls",
    tool: "write",
    arguments: '{"path":"pages/no.md","text":"no"}',
  });
});

test("an attempt that is stopped from outside ends as failed, and its signal is heard", async () => {
  const { flow } = await makeFleet({
    files: { "agents/writer.md": specText("writer"), "board/one-write.md": taskText("one", "writer") },
    scripts: { writer: writes({}) },
  });
  const [beat] = (await tick({ ...flow, stop: AbortSignal.abort() })).beats;
  expect(beat?.attempts).toMatchObject([{ outcome: "failed", reason: "it was stopped from outside" }]);
});
