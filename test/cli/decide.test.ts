import { expect, test } from "vitest";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { pullbeat, typed } from "./cli.ts";

const ask = JSON.stringify({
  calls: [
    {
      name: "escalate",
      arguments: {
        condition: "unclear",
        question: "Which one?",
        evidence: "two are there",
        recommendation: "the first",
        silence: "nothing",
      },
    },
  ],
});
const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "agents/asker.md": specText("asker", "escalates: [{ id: unclear, when: it is unclear }]\n"),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
  "board/two.md": taskText("two", "asker"),
};

/** A fleet whose first tick opened pull 1, work, and pull 2, a question; or the other way round. */
async function twoPulls(): Promise<{ fleet: FleetWorld; work: string; question: string }> {
  const scripts = { writer: writes({ "reports/one.md": "# One\n" }), asker: ask };
  const fleet = await makeFleet({ files: FILES, scripts });
  await typed(fleet, ["tick"]);
  const { value } = await typed(fleet, ["pull", "show", "1"]);
  return {
    fleet,
    ...(value["kind"] === "work" ? { work: "1", question: "2" } : { work: "2", question: "1" }),
  };
}

test("approve is a review: it merges at the next settle, not before", async () => {
  const { fleet, work } = await twoPulls();
  expect(await typed(fleet, ["pull", "approve", work])).toEqual({
    code: 0,
    value: { number: Number(work), by: "ann", verdict: "approve", against: [] },
  });
  expect(await fleet.file("reports/one.md")).toBeNull();
  expect(await typed(fleet, ["settle"])).toMatchObject({ value: { merged: [{ pull: Number(work) }] } });
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
});

test("merge approves and merges at once", async () => {
  const { fleet, work } = await twoPulls();
  expect(await typed(fleet, ["pull", "merge", work])).toMatchObject({
    code: 0,
    value: { merged: [{ pull: Number(work) }] },
  });
  expect(await fleet.file("board/one.md")).toContain("status: done");
});

test("request-changes sends the work back before anything new", async () => {
  const { fleet, work } = await twoPulls();
  await typed(fleet, ["pull", "request-changes", work, "-m", "name the source"]);
  expect(await typed(fleet, ["board", "--agent", "writer"])).toMatchObject({
    value: { tasks: [{ id: "one", state: "changes-requested", acts: "writer" }] },
  });
});

test("an answer lands in the task's file, and the task is ready again", async () => {
  const { fleet, question } = await twoPulls();
  expect(await typed(fleet, ["pull", "answer", question, "Take the first."])).toMatchObject({ code: 0 });
  expect(await fleet.file("board/two.md")).toContain("## Answer\n\nTake the first.\n\nann, 2026-11-22");
});

test("close parks the task", async () => {
  const { fleet, work } = await twoPulls();
  await typed(fleet, ["pull", "close", work, "--why", "not wanted"]);
  expect(await typed(fleet, ["board", "--agent", "writer"])).toMatchObject({
    value: { tasks: [{ state: "parked", reason: expect.stringContaining("ann: not wanted") }] },
  });
});

test("decisions that cannot be are refused, and say what to do instead", async () => {
  const { fleet, work, question } = await twoPulls();
  const refusals: [string[], string, string][] = [
    [["pull", "approve", question], "refused", "asks a question"],
    [["pull", "merge", question], "refused", "asks a question"],
    [["pull", "answer", work, "yes"], "refused", "asks nothing"],
    [["pull", "answer", question, "  "], "usage", "empty"],
    [["pull", "request-changes", work], "usage", "nobody names"],
    [["pull", "approve", "99"], "not-found", "no pull 99"],
    [["pull", "approve", "one"], "usage", "not a pull's number"],
    [["pull", "approve", work, "--as", "pullbeat"], "refused", "not on the roster"],
    [["pull", "close", work, "--as", "eve"], "refused", "not on the roster"],
  ];
  for (const [args, code, message] of refusals)
    expect(await typed(fleet, args)).toMatchObject({
      code: 2,
      value: { error: { code, message: expect.stringContaining(message) } },
    });
  await typed(fleet, ["pull", "merge", work]);
  for (const verb of ["approve", "merge", "close"])
    expect(await typed(fleet, ["pull", verb, work])).toMatchObject({
      code: 2,
      value: { error: { code: "refused", message: expect.stringContaining("was merged by") } },
    });
});

test("the account that opens the pulls decides nothing, even on the roster", async () => {
  const roster =
    "version: 1\nroster:\n  - { login: ann, emails: [ann@example.com] }\n  - { login: pullbeat }\n";
  const fleet = await makeFleet({
    files: { ...FILES, ".github/pullbeat.yml": roster },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await typed(fleet, ["tick", "--agent", "writer"]);
  expect(await typed(fleet, ["pull", "merge", "1", "--as", "pullbeat"])).toMatchObject({
    code: 2,
    value: { error: { code: "refused" } },
  });
  expect(await fleet.file("reports/one.md")).toBeNull();
});

test("somebody who wrote on the branch is told that the approval does not count", async () => {
  const roster =
    "version: 1\nroster:\n  - { login: ann, emails: [ann@example.com] }\n  - { login: bob, emails: [bob@example.com] }\n";
  const fleet = await makeFleet({
    files: { ...FILES, ".github/pullbeat.yml": roster },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  await typed(fleet, ["tick", "--agent", "writer"]);
  await fleet.git("fetch", "--quiet", "origin", "pullbeat/work/one--1");
  await fleet.git("checkout", "--quiet", "FETCH_HEAD");
  await fleet.git("commit", "--quiet", "--allow-empty", "--message", "by hand");
  await fleet.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/one--1");
  expect(await typed(fleet, ["pull", "approve", "1"])).toMatchObject({
    code: 0,
    value: { against: ["it waits for a person's approval of this change"] },
  });
  expect(await typed(fleet, ["pull", "merge", "1", "--as", "bob"])).toMatchObject({ code: 0 });
});

test("as a process: what was done, and what comes next", async () => {
  const { fleet, work } = await twoPulls();
  const merged = await pullbeat(fleet, ["pull", "merge", work]);
  expect(merged).toMatchObject({ code: 0, err: "" });
  expect(merged.out).toBe(
    `merged pull ${work} "one: Do one": approved by ann\nsomething may be ready now: \`pullbeat tick\` lets its agent work\n`,
  );
  expect((await pullbeat(fleet, ["pull", "show", work])).out).toContain("merged by");
});
