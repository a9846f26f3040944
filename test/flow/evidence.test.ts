import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import type { Attempt } from "../../src/domain/record.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { makeFleet, specText, taskText, type FleetWorld } from "../fleet.ts";

const ADS =
  '{"campaigns":[{"id":"roofing-us","ctr":0.023},{"id":"siding-de","name":"Siding","ctr":0.041}]}\n';
const SPEC = specText(
  "writer",
  'reads: ["data/**"]\nproduces: ["reports/*.md"]\nevidence: { mode: strict }\nescalates: [{ id: odd, when: two rates are given }]\n',
);
const page = (statement: string): string => `# Week\n\n${statement}\n`;
const GOOD = page("The CTR of roofing-us is [2.3%](/data/ads.json#/campaigns/0/ctr).");

const calls = (...list: [name: string, args: object][]): string =>
  JSON.stringify({ calls: list.map(([name, args]) => ({ name, arguments: args })) });
const write = (text: string): [string, object] => ["write", { path: "reports/week.md", text }];
const finish = (summary = "Wrote reports/week.md.", claims?: object): [string, object] => [
  "finish",
  claims === undefined ? { summary } : { summary, claims },
];

const fleetWith = (...replies: string[]): Promise<FleetWorld> =>
  makeFleet({
    files: {
      "agents/writer.md": SPEC,
      "board/T-8kzf-week.md": taskText("T-8kzf", "writer", "produces: [reports/week.md]\n"),
      "data/ads.json": ADS,
    },
    scripts: { writer: replies.join("\n") },
  });

/** What the first attempt was told, and how it ended. */
async function worked(fleet: FleetWorld): Promise<Attempt | undefined> {
  await tick(fleet.flow);
  const { journal } = await read(fleet.flow);
  return journal.records[0]?.attempts[0];
}

test("an agent that invents a metric, misattributes one and leaves one bare is told each, and mends them", async () => {
  const bad = page(
    "The CTR of roofing-us is [3.1%](/data/ads.json#/campaigns/0/ctr).\nSiding has [2.3%](/data/ads.json#/campaigns/0/ctr). We made 12 more.",
  );
  const fleet = await fleetWith(calls(write(bad), finish()), calls(write(GOOD), finish()));
  const attempt = await worked(fleet);
  expect(attempt?.outcome).toBe("proposed");
  expect(attempt?.feedback).toEqual([
    "evidence: 3 statements not proved by the source; 0 verified",
    "reports/week.md:3: [3.1%](/data/ads.json#/campaigns/0/ctr): it differs: the text says 3.1%, the source 0.023 (2.3%)",
    "reports/week.md:4: [2.3%](/data/ads.json#/campaigns/0/ctr): that is the number of roofing-us, and the words around it name siding-de",
    'reports/week.md:4: 12 has no link to its source: "The CTR of roofing-us is 3.1%. Siding has 2.3%. We made 12 more."',
  ]);
  const [pull] = await fleet.flow.forge.pulls();
  expect(pull?.body).toContain("- **pass** evidence: 1 statement verified against the source");
});

test("an agent that keeps its invented number never opens a pull that looks done", async () => {
  const bad = calls(write(page("It is [3.1%](/data/ads.json#/campaigns/0/ctr).")), finish());
  const fleet = await fleetWith(bad, bad, bad, bad, bad);
  expect(await worked(fleet)).toMatchObject({ outcome: "failed", failure: "gate/evidence" });
  expect(await fleet.flow.forge.pulls()).toEqual([]);
});

test("a confused task id and a claim that the change does not show are told, and mended", async () => {
  const fleet = await fleetWith(
    calls(
      write(`${GOOD}\nIt waits for T-8k2f.\n`),
      finish("Updated data/ads.json; tests pass.", { changed: ["reports/weak.md"] }),
    ),
    calls(write(GOOD), finish()),
  );
  const attempt = await worked(fleet);
  expect(attempt?.outcome).toBe("proposed");
  expect(attempt?.feedback).toEqual([
    "references: it speaks of what is not there",
    "you claim to have changed reports/weak.md, and the change does not touch it; did you mean reports/week.md?",
    "the summary says that you changed data/ads.json, and the change does not touch it",
    "the summary says that tests ran, and none of your tools runs any: say only what you did",
    "reports/week.md:5: there is no task T-8k2f; did you mean T-8kzf?",
  ]);
});

const asks = (question: string, evidence: string): string =>
  calls([
    "escalate",
    { condition: "odd", question, evidence, recommendation: "Leave it out.", silence: "Nothing." },
  ]);

test("a question with a wrong number or a confused task is told which, and is asked once it is mended", async () => {
  const ask = "Which rate counts for roofing-us, that of T-8kzf?";
  const fleet = await fleetWith(
    asks(
      "Which rate counts for roofing-us, that of T-8k2f?",
      "It has [3.1%](/data/ads.json#/campaigns/0/ctr).",
    ),
    asks(ask, "roofing-us has [2.3%](/data/ads.json#/campaigns/0/ctr)."),
  );
  const attempt = await worked(fleet);
  expect(attempt?.feedback).toEqual([
    "references: it speaks of what is not there",
    expect.stringContaining("there is no task T-8k2f; did you mean T-8kzf?"),
    "evidence: 1 statement not proved by the source; 0 verified",
    expect.stringContaining("it differs: the text says 3.1%, the source 0.023 (2.3%)"),
  ]);
  expect(attempt).toMatchObject({ outcome: "asked", failure: null, question: { question: ask } });
  const pulls = await fleet.flow.forge.pulls();
  expect(pulls).toMatchObject([{ kind: "question" }]);
});

test("a question that keeps its wrong number is never asked", async () => {
  const bad = asks("Which?", "roofing-us has [3.1%](/data/ads.json#/campaigns/0/ctr).");
  const fleet = await fleetWith(bad, bad, bad, bad);
  expect(await worked(fleet)).toMatchObject({ outcome: "failed", failure: "gate/evidence", proposal: null });
  expect(await fleet.flow.forge.pulls()).toEqual([]);
});

test("an approved pull whose source says something else by now does not merge, and says why", async () => {
  const fleet = await fleetWith(calls(write(GOOD), finish()));
  await tick(fleet.flow);
  const approve = { verdict: "approve" as const, body: "", at: fleet.clock.now() };
  await fleet.commit({ "data/ads.json": ADS.replace("0.023", "0.031") });
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), approve);
  expect((await settle(fleet.flow)).merged).toEqual([]);
  const [pull] = await fleet.flow.forge.pulls();
  expect(pull?.reviews.map((r) => r.body).join("\n")).toContain("the source moved under 1 statement");
  expect(await fleet.file("reports/week.md")).toBeNull();
  await fleet.commit({ "data/ads.json": ADS.replace("]}", ',{"id":"doors","ctr":0.5}]}') });
  expect((await settle(fleet.flow)).merged).toHaveLength(1);
});
