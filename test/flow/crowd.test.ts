import { expect, test } from "vitest";
import { besides } from "../../src/flow/verdict/radar.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { doneText, settleBench, SPEC, taskPath, taskText } from "./settle-bench.ts";

// 37 agents at once: each writes a page of its own, all add to one log, and two of them write one page besides.

const LOG = "logs/days.csv";
const ROWS = "day,pages\n";
const AGENTS = Array.from({ length: 37 }, (_, i) => `writer${i}`);
const BOTH = ["writer5", "writer31"];

const idOf = (agent: string): string => `page-${agent}`;
const by = (text: string, agent: string): string => text.replace("agent: writer", `agent: ${agent}`);
const specOf = (agent: string): string =>
  SPEC.replace("name: writer", `name: ${agent}`).replace(
    '["reports/*.md"]',
    '["reports/*.md", { path: "logs/*.csv", mode: append }]',
  );

test("37 pulls merge in one settle but for one that conflicts, which was named before anybody approved", async () => {
  const { flow, world, proposeAll, review } = await settleBench({
    [LOG]: ROWS,
    ...Object.fromEntries(
      AGENTS.flatMap((agent) => [
        [`agents/${agent}.md`, specOf(agent)],
        [taskPath(idOf(agent)), by(taskText(idOf(agent)), agent)],
      ]),
    ),
  });
  const numbers = await proposeAll(
    AGENTS.map((agent) => ({
      id: idOf(agent),
      agent,
      files: {
        [taskPath(idOf(agent))]: by(doneText(idOf(agent)), agent),
        [`reports/${idOf(agent)}.md`]: "All is well.\n",
        [LOG]: `${ROWS}${agent},1\n`,
        ...(BOTH.includes(agent) ? { "reports/all.md": `By ${agent}.\n` } : {}),
      },
    })),
  );
  const radar = await besides(flow, await read(flow));
  const named = [...radar].flatMap(([n, { conflicts }]) => conflicts.map((c) => [n, c.pull, ...c.paths]));
  expect(named).toEqual([
    [6, 32, "reports/all.md"],
    [32, 6, "reports/all.md"],
  ]);
  for (const number of numbers) await review(number, "ann", "approve");
  const settled = await settle(flow);
  expect(settled.merged).toHaveLength(36);
  expect(settled.conflicts.map((c) => c.pull)).toEqual([32]);
  const rows = AGENTS.filter((a) => a !== "writer31").map((agent) => `${agent},1\n`);
  expect(await world.file(LOG)).toBe(ROWS + rows.join(""));
}, 300_000);
