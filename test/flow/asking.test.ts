import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";
import { relay } from "../relay.ts";

const ask = (condition: string): string =>
  JSON.stringify({
    calls: [
      {
        name: "escalate",
        arguments: {
          condition,
          question: "Which page?",
          evidence: "board/ names two.",
          recommendation: "The first.",
          silence: "Nothing.",
        },
      },
      { name: "finish", arguments: { summary: "Decided by myself." } },
    ],
  });
const script = (...lines: string[]): string => ['{"attempt":"*"}', ...lines].join("\n");
const ESCALATES = "escalates: [{ id: which-page, when: two pages are meant, max: 1/week }]\n";

const SCRIPTS = { writer: script(ask("which-page")) };

/** A fleet whose writer asks on both of its tasks, and may do so once a week. */
const start = (): Promise<FleetWorld> =>
  makeFleet({
    files: {
      "agents/writer.md": specText("writer", ESCALATES),
      "board/one.md": taskText("one", "writer"),
      "board/two.md": taskText("two", "writer"),
    },
    scripts: SCRIPTS,
  });

test("one beat asks no more often than a week may, over all the tasks that it works on", async () => {
  const fleet = await start();
  await tick(fleet.flow);
  const records = await fleet.show();
  expect(records).toContain("refs/heads/pullbeat/work/one--1");
  const answers = fleet.said.flatMap((h) =>
    h.kind === "step" && h.step.kind === "answers" && h.step.tool === "escalate" ? [h.step.text] : [],
  );
  expect(answers[0]).toBe("Asked. Your work on this task ends here.");
  expect(answers[1]).toBe(
    "Error: Nothing was asked: it asked 1 times under which-page in the last week, and 1/week is the most. " +
      "Decide yourself, and note why; or finish, and say what is open.",
  );
});

test("while a duty's question waits its further days wait too, so it is asked once; the answer lets it go on", async () => {
  const fleet = await makeFleet({
    files: {
      "agents/writer.md": specText(
        "writer",
        "schedule: daily 07:00\nescalates: [{ id: which-page, when: two pages are meant }]\n",
      ),
      "board/one.md": taskText("one", "writer", "every: daily 07:00\n"),
    },
    scripts: { writer: script(ask("which-page")) },
  });
  const day = async (): Promise<number[]> => {
    fleet.clock.pass(24 * 60);
    await tick(fleet.flow);
    return (await fleet.flow.forge.pulls()).map((p) => p.number);
  };
  expect([await day(), await day(), await day()]).toEqual([[1], [1], [1]]);
  const said = { verdict: "answer" as const, body: "The first.", at: fleet.clock.now() };
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), said);
  await settle(fleet.flow);
  expect(await fleet.file("board/one.md")).toContain("The first.");
  expect(await day()).toEqual([2]);
});

test("a job without the journal asks no more often either: what is too much is not taken in", async () => {
  const fleet = await start();
  await (await relay(fleet, SCRIPTS)).publish();
  const { journal } = await read(fleet.flow);
  expect(journal.records.flatMap((r) => r.attempts.map((a) => [a.unit, a.outcome, a.failure]))).toEqual([
    ["one", "asked", null],
    ["two", "failed", "asked-too-often/which-page"],
  ]);
  expect(await fleet.flow.forge.pulls()).toMatchObject([{ kind: "question", task: "one" }]);
});
