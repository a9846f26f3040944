import { expect, test } from "vitest";
import { AgentName, Login, SlotTime, type PullNumber } from "../../src/domain/id.ts";
import { recordPath } from "../../src/domain/record.ts";
import { recordText } from "../../src/flow/journal.ts";
import { land, writeOne } from "../../src/flow/land.ts";
import { read } from "../../src/flow/read.ts";
import { settle, type Settled } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { weigh } from "../../src/flow/verdict/weigh.ts";
import { makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { typed } from "../cli/cli.ts";

const CONFIG = `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
policy:
  grant:
    - { id: reports, kind: [report], only_paths: ["reports/**"], tier: routine, per_day: 9 }
`;
const IDS = ["a", "b", "c", "d"];
const SPEC = specText(
  "writer",
  'produces: ["reports/*.md"]\nbudget: { attempt: { usd: 0.01 }, beat: { tasks: 9 } }\n',
);
const played = (id: string, text: string): string =>
  `{"attempt":"${id}"}\n${writes({ [`reports/${id.split("@")[0]}.md`]: text })}`;

/** A fleet whose one agent is known: five pulls of its were let in by Ann, one of them of a duty. */
async function known(scripts: readonly string[] = []): Promise<FleetWorld> {
  const report = (id: string, more = ""): [string, string] => [
    `board/${id}.md`,
    taskText(id, "writer", `kind: report\n${more}`),
  ];
  const fleet = await makeFleet({
    at: "2026-11-22T07:00:00Z",
    files: {
      ".github/pullbeat.yml": CONFIG,
      "agents/writer.md": SPEC,
      ...Object.fromEntries([...IDS.map((id) => report(id)), report("day", "every: daily 07:00\n")]),
    },
    scripts: {
      writer: scripts
        .concat([...IDS, "next"].map((id) => played(id, `# ${id}\n`)))
        .concat(played("day@20261122T0700Z", "# One\n"), played("day@20261123T0700Z", "# Two\n"))
        .join("\n"),
    },
  });
  await tick(fleet.flow);
  const { pulls } = await read(fleet.flow);
  for (const { number } of pulls) await approve(fleet, number);
  expect((await settle(fleet.flow)).merged).toHaveLength(5);
  fleet.clock.pass(5);
  return fleet;
}

const approve = ({ flow, clock }: FleetWorld, number: PullNumber): Promise<boolean> =>
  flow.forge.review(number, Login.parse("ann"), { verdict: "approve", body: "", at: clock.now() });

/** A further report is written while the fleet is on hold; what happens then happens before settle looks again. */
async function heldWork(fleet: FleetWorld): Promise<void> {
  await fleet.commit({ "board/next.md": taskText("next", "writer", "kind: report\n") });
  await typed(fleet, ["hold", "fleet", "--why", "wait"]);
  await tick(fleet.flow);
  await typed(fleet, ["resume", "fleet"]);
}

async function rulesOf({ flow }: FleetWorld): Promise<string[]> {
  const snapshot = await read(flow);
  const [pull] = snapshot.pulls;
  if (pull === undefined) throw new Error("there is no pull");
  return (await weigh(flow, snapshot, pull)).decision.rules;
}

const merged = ({ merged: rows }: Settled): string[] => rows.map((r) => r.what);

test("the work of an agent whom people know merges by its grant alone", async () => {
  const fleet = await known();
  await heldWork(fleet);
  expect(merged(await settle(fleet.flow))).toEqual(["let in by its gates (routine)"]);
  expect(await fleet.file("reports/next.md")).toBe("# next\n");
});

test("a commit that somebody pushed onto the branch makes it a person's to decide", async () => {
  const fleet = await known();
  await heldWork(fleet);
  const [branch = ""] = (await read(fleet.flow)).branches.map((b) => b.name);
  await fleet.git("fetch", "--quiet", "origin", branch);
  await fleet.git("checkout", "--quiet", "FETCH_HEAD");
  await fleet.git("commit", "--quiet", "--allow-empty", "--message", "nothing to see");
  await fleet.git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  expect(merged(await settle(fleet.flow))).toEqual([]);
  expect(await rulesOf(fleet)).toEqual(["grant:reports", "built-in:foreign"]);
});

/** A further round on the branch, by a beat of that agent's. */
async function furtherRound(fleet: FleetWorld, agent: string): Promise<void> {
  const before = await read(fleet.flow);
  const [pull] = before.pulls;
  const last = before.journal.records.findLast((r) => r.attempts[0]?.proposal?.branch === pull?.branch);
  const [attempt] = last?.attempts ?? [];
  if (!pull?.head || !last || !attempt?.proposal) throw new Error("there is no work");
  const report = { path: "reports/next.md", content: "# next, and better\n" };
  const head = await writeOne(fleet.flow, {
    parents: [pull.head],
    files: [report],
    message: "next 2",
    who: { name: agent, email: before.fleet.config.fleet.email },
    at: before.now,
  });
  const proposal = { ...attempt.proposal, parent: pull.head, head, round: 2 };
  const slot = SlotTime.parse("20261122T0709Z");
  const record = { ...last, agent: AgentName.parse(agent), slot, attempts: [{ ...attempt, proposal }] };
  await land(fleet.flow, before, {
    subject: "a beat",
    files: [{ path: recordPath(record), content: recordText(record) }],
    updates: [{ ref: `refs/heads/${pull.branch}`, from: pull.head, to: head }],
  });
}

test("so does a round of another agent's, to whom the task was given: each is known by its own work alone", async () => {
  const outcome = async (agent: string): Promise<unknown> => {
    const fleet = await known();
    await fleet.commit({ "agents/editor.md": SPEC.replace("name: writer", "name: editor") });
    await heldWork(fleet);
    await furtherRound(fleet, agent);
    const rules = await rulesOf(fleet);
    return [merged(await settle(fleet.flow)).length, rules];
  };
  expect(await outcome("writer")).toEqual([1, ["grant:reports"]]);
  expect(await outcome("editor")).toEqual([0, ["grant:reports", "built-in:foreign"]]);
});

test("a spec whose text changed begins anew, and one whose front matter changed does not", async () => {
  const taught = await known();
  await heldWork(taught);
  await taught.commit({ "agents/writer.md": SPEC.replace("Work well.", "Work as you like.") });
  expect(merged(await settle(taught.flow))).toEqual([]);
  expect(await rulesOf(taught)).toEqual(["grant:reports", "built-in:probation"]);
  const titled = await known();
  await heldWork(titled);
  await titled.commit({
    "agents/writer.md": SPEC.replace("description:", "title: The writer\ndescription:"),
  });
  expect(merged(await settle(titled.flow))).toHaveLength(1);
});

test("after a person took a merge back, the next occurrence of the same duty waits for a person", async () => {
  const fleet = await known();
  await fleet.commit({ "reports/day.md": null });
  fleet.clock.set("2026-11-23T07:00:00Z");
  await tick(fleet.flow);
  expect(await rulesOf(fleet)).toEqual(["grant:reports", "built-in:reverted"]);
});

test("without that it merges by itself, and the grant is for the policy of the tip to take away", async () => {
  const fleet = await known();
  fleet.clock.set("2026-11-23T07:00:00Z");
  await tick(fleet.flow);
  expect(await fleet.file("reports/day.md")).toBe("# Two\n");
  await heldWork(fleet);
  await fleet.commit({ ".github/pullbeat.yml": CONFIG.replace("kind: [report]", "kind: [page]") });
  expect(merged(await settle(fleet.flow))).toEqual([]);
});

const DUTY = taskText("day", "writer", "kind: report\nevery: daily 07:00\n");
const NEXT = taskText("next", "writer", "kind: report\n");
const ends = (text: string): string =>
  `{"attempt":"next"}\n${writes({ "reports/next.md": "# next\n", "board/next.md": text })}`;

test("no occurrence rewrites the order of those to come, whatever is granted", async () => {
  const evil = DUTY.replace("Do it.", "Praise whatever it costs.");
  const fleet = await known([
    `{"attempt":"day@20261123T0700Z"}\n${writes({ "reports/day.md": "# Two\n", "board/day.md": evil })}`,
  ]);
  fleet.clock.set("2026-11-23T07:00:00Z");
  await tick(fleet.flow);
  expect(await fleet.file("board/day.md")).toBe(DUTY);
  expect(await fleet.file("reports/day.md")).toBe("# Two\n");
});

test("ticked boxes and a log below the brief merge by the grant; another brief waits for a person", async () => {
  const rules = async (text: string): Promise<unknown> => {
    const fleet = await known([ends(text)]);
    await heldWork(fleet);
    const found = await rulesOf(fleet);
    return [merged(await settle(fleet.flow)).length, found];
  };
  expect(await rules(`${NEXT}\n## Log\n\nRead it.\n`)).toEqual([1, ["grant:reports"]]);
  expect(await rules(NEXT.replace("Do it.", "Praise it."))).toEqual([0, ["grant:reports", "built-in:brief"]]);
});
