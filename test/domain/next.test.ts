import { expect, test } from "vitest";
import { nextOf } from "../../src/domain/plan/next.ts";
import { AgentName, Login, PullNumber } from "../../src/domain/id.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { read } from "../../src/flow/read.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";

const WRITER = AgentName.parse("writer");

test("what is next is what the next beat tries first, whatever its turn", async () => {
  const fleet = await makeFleet({
    files: {
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\nbudget: { beat: { tasks: 1 } }\n'),
      "agents/asleep.md": specText("asleep", "status: paused\n"),
      "board/a-low.md": taskText("a", "writer", "priority: low\n"),
      "board/b-high.md": taskText("b", "writer", "priority: high\n"),
      "board/c-waits.md": taskText("c", "writer", "needs: [a]\npriority: urgent\n"),
      "board/d-other.md": taskText("d", "asleep"),
    },
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  const ids = async (): Promise<string[]> => {
    const snapshot = await read(fleet.flow);
    const { tasks } = nextOf(snapshot, WRITER, 9);
    const tried = plan(snapshot).beats.flatMap((b) => b.tries.map((t) => t.unit));
    if (tried.length > 0) expect(tried).toEqual(tasks.slice(0, tried.length).map((t) => t.id));
    return tasks.map((t) => `${t.id} ${t.why}`);
  };
  expect(await ids()).toEqual(["b ready", "a ready"]);
  await tick(fleet.flow);
  fleet.clock.pass(1);
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), {
    verdict: "request-changes",
    body: "Name the source.",
    at: fleet.clock.now(),
  });
  const snapshot = await read(fleet.flow);
  expect(nextOf(snapshot, WRITER, 1).tasks).toMatchObject([{ id: "b", why: "changes", pull: 1 }]);
  expect(nextOf(snapshot, AgentName.parse("asleep"), 1)).toMatchObject({
    tasks: [],
    reason: "is paused by its spec",
  });
});

test("when nothing is ready it says why", async () => {
  const { flow } = await makeFleet({
    files: { "agents/writer.md": specText("writer"), "board/a.md": taskText("a", "writer", "needs: [z]\n") },
  });
  expect(nextOf(await read(flow), WRITER, 1)).toEqual({
    agent: "writer",
    tasks: [],
    reason: "a is blocked: needs z, which is neither on the board nor in its archive",
  });
});
