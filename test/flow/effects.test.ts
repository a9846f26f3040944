import { expect, test } from "vitest";
import { read } from "../../src/flow/read.ts";
import { besides } from "../../src/flow/verdict/radar.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { weigh } from "../../src/flow/verdict/weigh.ts";
import { Login } from "../../src/domain/id.ts";
import { json, pullbeat } from "../cli/cli.ts";
import { makeFleet, specText, taskText as task, writes } from "../fleet.ts";
import type { Files } from "../world.ts";
import { effectText } from "../gate/bench.ts";
import { CONFIG, doneText, settleBench, SPEC, taskPath, taskText, type Bench } from "./settle-bench.ts";

const LIST = `effects:
  campaign.pause: { class: reversible, target: ["roofing-*"] }
  campaign.launch: { class: irreversible, target: ["*"] }
`;
const PATH = "board/effects/pause-roofing-us.md";
const MERGED = "board/effects/E-8k2f.md";

/** A fleet whose writer may propose any effect; one was approved before. */
const bench = (files: Files = {}): Promise<Bench> =>
  settleBench({
    ".github/pullbeat.yml": CONFIG + LIST,
    "agents/writer.md": SPEC.replace("produces:", 'effects: ["*"]\nproduces:'),
    [MERGED]: effectText({ target: "roofing-de" }),
    ...files,
  });

/** Work on a task that changes these besides what the task asks for. */
const work = (id: string, files: Readonly<Record<string, string | null>>) => ({
  id,
  files: { [`reports/${id}.md`]: "Paused is better.\n", [taskPath(id)]: doneText(id), ...files },
});

test("an agent proposes an effect with the tools that it has, a person approves it, and it stands on the board", async () => {
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml": `version: 1\nroster: [{ login: ann, emails: [ann@example.com] }]\n${LIST}`,
      "agents/writer.md": specText("writer", 'effects: [campaign.pause]\nproduces: ["reports/*.md"]\n'),
      "board/T-aaaa.md": task("T-aaaa", "writer", "produces: [board/effects/pause-roofing-us.md]\n"),
    },
    scripts: { writer: writes({ [PATH]: effectText() }) },
  });
  await tick(fleet.flow);
  const { pulls } = await read(fleet.flow);
  expect(pulls).toHaveLength(1);
  expect((await settle(fleet.flow)).merged).toEqual([]);
  for (const { number } of pulls)
    await fleet.flow.forge.review(number, Login.parse("ann"), {
      verdict: "approve",
      body: "",
      at: fleet.clock.now(),
    });
  expect((await settle(fleet.flow)).merged).toHaveLength(1);
  expect(await fleet.file(PATH)).toBe(effectText());
  expect((await read(fleet.flow)).fleet).toMatchObject({
    effects: [{ path: PATH, effect: { effect: "campaign.pause", target: "roofing-us", task: "T-aaaa" } }],
    findings: [],
  });
});

/** An effect of one attempt's own. */
const mine = (id: string, more: Partial<Record<string, string>> = {}): Record<string, string> => ({
  [`board/effects/${id.toLowerCase()}.md`]: effectText({ task: id, ...more }),
});

const ATTACKS: Readonly<Record<string, (id: string) => Readonly<Record<string, string | null>>>> = {
  "an unlisted effect": (id) => mine(id, { effect: "money.send" }),
  "an effect that the proposal itself lists": (id) => ({
    ...mine(id, { effect: "money.send" }),
    ".github/pullbeat.yml": CONFIG + LIST.replace("campaign.pause", "money.send"),
  }),
  "a target outside": (id) => mine(id, { target: "solar" }),
  "a target in other letters": (id) => mine(id, { target: "ROOFING-us" }),
  "a target that leads elsewhere": (id) => mine(id, { target: "roofing-us/../solar" }),
  "another task's effect": (id) => mine(id, { task: "T-aaaa" }),
  "an approved effect with another target": (id) => ({ [MERGED]: effectText({ task: id }) }),
  "an approved effect that goes": () => ({ [MERGED]: null }),
  "an approved effect's id in other letters": (id) => ({
    "board/effects/E-8K2F.md": effectText({ task: id }),
  }),
  "what only looks like an effect": (id) => ({ [`board/effects/${id.toLowerCase()}.md`]: "Pause it.\n" }),
};
const IDS = Object.keys(ATTACKS).map((_, i) => `T-bb${"abcdefghjk"[i]}b`);

test("whatever people approve, of proposed effects only what the tip lists merges, once and as it was", async () => {
  const fleet = await bench(Object.fromEntries(IDS.map((id) => [taskPath(id), taskText(id)])));
  const attacks = Object.values(ATTACKS).map((attack, i) => work(IDS[i] ?? "", attack(IDS[i] ?? "")));
  const numbers = await fleet.proposeAll([...attacks, work("T-aaaa", mine("T-aaaa"))]);
  for (const number of numbers) {
    await fleet.review(number, "ann", "approve");
    await fleet.review(number, "bob", "approve");
  }
  const { merged } = await settle(fleet.flow);
  const names = [...Object.keys(ATTACKS), "an honest effect"];
  expect(merged.map(({ pull }) => names[numbers.indexOf(pull)])).toEqual(["an honest effect"]);
  expect((await read(fleet.flow)).fleet.effects.map((e) => e.path)).toEqual([
    MERGED,
    "board/effects/t-aaaa.md",
  ]);
  expect(await fleet.world.file(MERGED)).toBe(effectText({ target: "roofing-de" }));
});

test("an effect that people took off the list meanwhile does not merge", async () => {
  const fleet = await bench();
  const number = await fleet.propose(work("T-aaaa", mine("T-aaaa")));
  await fleet.review(number, "ann", "approve");
  await fleet.world.commit({ ".github/pullbeat.yml": CONFIG });
  expect((await settle(fleet.flow)).merged).toEqual([]);
});

test("a gate that the config requires for the effect is asked for", async () => {
  const gates = 'gates: { funnel: { kind: schema, files: ["data/*.json"], schema: none.json } }';
  const fleet = await bench({
    ".github/pullbeat.yml": `${CONFIG}${LIST}${gates}\nrequire: [{ effect: [campaign.*], gates: [funnel] }]\n`,
  });
  await fleet.propose(work("T-aaaa", mine("T-aaaa")));
  const snapshot = await read(fleet.flow);
  const [pull] = snapshot.pulls;
  if (pull === undefined) throw new Error("there is no pull");
  const { verdict } = await weigh(fleet.flow, snapshot, pull);
  expect(verdict.gates.filter((g) => g.ruling !== "pass")).toMatchObject([{ gate: "funnel" }]);
});

test("two open pulls that act on one target are told on each, in lists, in the digest, and nothing else is", async () => {
  const fleet = await bench();
  await fleet.propose(work("T-aaaa", mine("T-aaaa")));
  await fleet.propose(work("T-bbbb", mine("T-bbbb", { effect: "campaign.launch", target: "Roofing-US" })));
  const snapshot = await read(fleet.flow);
  const radar = [...(await besides(fleet.flow, snapshot)).values()];
  expect(radar).toMatchObject([
    { conflicts: [], acts: [{ pull: 2, targets: ["roofing-us"] }] },
    { conflicts: [], acts: [{ pull: 1, targets: ["Roofing-US"] }] },
  ]);
  const { value } = await json(fleet.world, ["pull", "list"]);
  expect(value).toMatchObject({
    pulls: [{ beside: { acts: [{ pull: 2 }] } }, { beside: { acts: [{ pull: 1 }] } }],
  });
  expect((await pullbeat(fleet.world, ["pull", "list"])).out).toContain("acts on one target with 2");
  expect((await pullbeat(fleet.world, ["pull", "show", "1"])).out).toContain(
    "- proposes an effect on roofing-us, and so does pull 2. Decide about both together: one may undo the other.",
  );
  const digest = (await pullbeat(fleet.world, ["digest"])).out;
  expect([1, 2].map((n) => digest.includes(`acts on the same target as pull ${n}`))).toEqual([true, true]);
});
