import { expect, test } from "vitest";
import { settle } from "../../src/flow/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";
import { Login, PullNumber } from "../../src/domain/id.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one-write.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
};

test("a ready task is worked, reviewed, merged and done, and its claim is gone", async () => {
  const fleet = await makeFleet({
    files: FILES,
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  const { beats } = await tick(fleet.flow);
  expect(beats).toMatchObject([
    { agent: "writer", outcome: "worked", attempts: [{ task: "one", outcome: "proposed", pull: 1 }] },
  ]);
  const at = fleet.clock.now();
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at,
  });
  const settled = await settle(fleet.flow);
  expect(settled.merged).toMatchObject([{ pull: 1 }]);
  expect(await fleet.file("reports/one.md")).toBe("# One\n");
  expect(await fleet.file("board/one-write.md")).toContain("status: done");
  expect(await fleet.show()).toMatchSnapshot();
});
