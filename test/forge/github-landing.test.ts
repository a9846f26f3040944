import { expect, test } from "vitest";
import { order } from "../../src/flow/control.ts";
import { digestByHand } from "../../src/flow/digest/digest.ts";
import { specText, taskText } from "../fleet.ts";
import { ann, makeOpened } from "../github/fleet.ts";

const ADS = `{
  "campaigns": [
    { "id": "roofing-us", "ctr": 0.023 },
    { "id": "siding-de", "ctr": 0.041 }
  ]
}
`;
const FILES = {
  "agents/writer.md": specText(
    "writer",
    'reads: ["data/**"]\nproduces: ["reports/*.md"]\nevidence: { mode: strict }\nescalates: [{ id: odd, when: the data is odd }]\n',
  ),
  "board/first.md": taskText("first", "writer"),
  "data/ads.json": ADS,
  "data/leads (1).csv": "campaign,leads\nroofing-us,412\n",
};
const PAGE = `# Week

The CTR of roofing-us is [2.3%](/data/ads.json#/campaigns/0/ctr), from [412](<../data/leads (1).csv#cell=2,2>) leads.
Siding-de has [4.1%](/data/ads.json#/campaigns/1/ctr).
`;
const script = (...calls: [string, object][]): string =>
  JSON.stringify({ calls: calls.map(([name, args]) => ({ name, arguments: args })) });

const write = (text: string): [string, object] => ["write", { path: "reports/first.md", text }];
const SUMMARY =
  "roofing-us has [2.3%](/data/ads.json#/campaigns/0/ctr); see [the page](reports/first.md), [none](/data/none.json#/a) and [the web](https://evil.example/data).";

const opened = (...replies: string[]) =>
  makeOpened({ files: FILES, scripts: { writer: replies.join("\n") } });

test("each statement of a pull lands on its source's line, at the commit that the agent read", async () => {
  const bad = write(PAGE.replace("2.3%", "3.2%"));
  const good = write(PAGE);
  const { pull, far } = await opened(
    script(bad, ["finish", { summary: "Done." }]),
    script(good, ["finish", { summary: SUMMARY }]),
  );
  const base = (await far("rev-parse", "main")).trim();
  const head = (await far("rev-parse", "pullbeat/work/first--1")).trim();
  expect(pull.body).toContain("## Evidence\n\n3 statements are verified against their sources");
  expect(pull.body).toMatch(/^- `reports\/first\.md:3`: \[2\.3%\]\(\S+\), from `data\/ads\.json:3`$/m);
  for (const place of [
    "data/ads.json?plain=1#L3",
    "data/ads.json?plain=1#L4",
    "data/leads%20%281%29.csv?plain=1#L2",
  ])
    expect(pull.body).toContain(`/acme/fleet/blob/${base}/${place})`);
  // The summary's links land as well: its page in the head, what is not there nowhere, and none leads away.
  const why = pull.body.slice(pull.body.indexOf("## Why"), pull.body.indexOf("## What was caught"));
  expect(why).toMatch(new RegExp(`\\[2\\.3%\\]\\(\\S+/blob/${base}/data/ads\\.json\\?plain=1#L3\\)`));
  expect(why).toMatch(new RegExp(`\\[the page\\]\\(\\S+/blob/${head}/reports/first\\.md\\)`));
  expect(why).toContain("[none](/data/none.json#/a)");
  expect(why).toContain("[the web］(https：//evil.example/data)");
  // What happened on the way stands there too.
  expect(pull.body).toContain("## What was caught\n\nGates sent this back before anybody saw it.");
  expect(pull.body).toContain("the text says 3.2%, the source 0.023 (2.3%)");
});

test("the same pull is told in the same words again, and a question's links land too", async () => {
  const ask = {
    condition: "odd",
    question: "Which of the two rates counts?",
    evidence: "roofing-us has [2.3%](/data/ads.json#/campaigns/0/ctr).",
    recommendation: "The first.",
    silence: "Nothing.",
  };
  const world = await opened(script(["escalate", ask]));
  const base = (await world.far("rev-parse", "main")).trim();
  expect(world.pull.body).toMatch(
    new RegExp(`\\[2\\.3%\\]\\(\\S+/blob/${base}/data/ads\\.json\\?plain=1#L3\\)`),
  );
  const { body } = world.pull;
  await world.settle();
  expect(world.pull.body).toBe(body);
});

test("what a gate says of a wrong statement lands on the source, and is said once", async () => {
  const world = await opened(script(write(PAGE), ["finish", { summary: "Done." }]));
  const base = /blob\/([0-9a-f]{40})\//.exec(world.pull.body)?.[1];
  await world.commit({ "data/ads.json": ADS.replace("0.023", "0.031") });
  await world.review(ann, "APPROVE");
  expect((await world.settle()).judged).toHaveLength(1);
  const review = world.hub.state.reviews.find((r) => r.body?.startsWith("Gates: "));
  expect(review?.body).toContain("the source moved");
  expect(review?.body).toMatch(
    new RegExp(`\\[2\\.3%\\]\\(\\S+/blob/${base}/data/ads\\.json\\?plain=1#L3\\)`),
  );
  expect((await world.settle()).judged).toEqual([]);
});

test("a digest's links land on the commit that it was made from", async () => {
  const { flow, hub, commit } = await opened(script(write(PAGE), ["finish", { summary: "Done." }]));
  await commit({ "board/second.md": taskText("second", "writer") });
  await order(flow, { verb: "park", targets: ["second"], who: "ann", why: "later", until: null });
  await digestByHand(flow);
  const pull = hub.state.pulls.find((p) => p.title.startsWith("Digest"));
  expect(pull?.body).toMatch(/\]\(\S+\/acme\/fleet\/blob\/[0-9a-f]{40}\/board\/second\.md\)/);
  expect(pull?.body).not.toContain("](/board");
});
