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

test("a title on several lines is watched on one, and commands no workflow runner", async () => {
  const title = '"Write\\n::stop-commands::x"';
  const { flow, said } = await makeFleet({
    files: {
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-write.md": taskText("one", "writer").replace("title: Do one", `title: ${title}`),
    },
    scripts: { writer: writes({}) },
  });
  await tick(flow);
  expect(said.filter((line) => line.includes("Write"))).toHaveLength(1);
  expect(said.join("\n")).not.toMatch(/^::/m);
});
