import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { AgentName } from "../../src/domain/id.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import { beat, recordOf } from "../../src/flow/beat/beat.ts";
import { claim } from "../../src/flow/beat/claim.ts";
import { order } from "../../src/flow/control.ts";
import { publish, type FinishedBeat } from "../../src/flow/beat/publish.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import type { World } from "../../src/flow/world.ts";
import type { Repo } from "../../src/port/repo.ts";
import { openRepo } from "../../src/store/repo.ts";
import { testClock } from "../clock.ts";
import { flowWorld, makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";
import { gitServer } from "../http.ts";
import { sideBySide } from "../race/side.ts";

const FILES = {
  "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
  "board/one-it.md": taskText("one", "writer", "produces: [reports/one.md]\n"),
};
const scripts = { writer: writes({ "reports/one.md": "# One\n" }) };
const make = (more = {}): Promise<FleetWorld> => makeFleet({ files: FILES, scripts, ...more });

/** Claims what is due and works it; nothing but the claims is on the remote yet. */
async function worked(world: World): Promise<FinishedBeat> {
  const snapshot = await read(world);
  const [planned] = plan(snapshot).beats;
  const claims = planned === undefined ? null : await claim(world, snapshot, planned);
  if (planned === undefined || claims === null) throw new Error("nothing could be claimed");
  return beat(world, snapshot, planned, claims);
}

/** The same world, but with pushes of the test's own. */
const pushing = (world: World, push: (real: Repo["push"]) => Repo["push"]): World => ({
  ...world,
  repo: { ...world.repo, push: push((updates) => world.repo.push(updates)) },
});

/** Another tick's rest: a record without claims. */
async function rest(
  world: World,
  agent: string,
  slot: FinishedBeat["record"]["slot"],
): Promise<FinishedBeat> {
  const snapshot = await read(world);
  const record = recordOf(
    snapshot,
    { agent: AgentName.parse(agent), slot, reason: "nothing to do" },
    snapshot.now,
  );
  return { record: { ...record, outcome: "rested" }, claims: [], works: [] };
}

const refs = ({ far }: FleetWorld): Promise<string> => far("for-each-ref");
const files = async ({ far }: FleetWorld, ref: string): Promise<string[]> =>
  (await far("ls-tree", "-r", "--name-only", ref)).split("\n").filter((f) => f !== "");
const RECORD = "beats/2026/11/22/writer@20261122T0700Z/record.json";

test("a beat lands whole: branch, record and transcript come, and its claims go, in one push", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  let pushes = 0;
  const world = pushing(fleet.flow, (real) => (updates) => (pushes++, real(updates)));
  expect(await publish(world, [done])).toMatchObject([{ fate: "landed" }]);
  expect(pushes).toBe(1);
  const shown = (await fleet.show()).replace(/[0-9a-f]{64}/, "<sha256>");
  expect(shown).toMatchInlineSnapshot(`
    "refs/heads/main
      .github/pullbeat.yml
      agents/writer.md
      board/one-it.md
    refs/heads/pullbeat/journal
      beats/2026/11/22/writer@20261122T0700Z/record.json
    refs/heads/pullbeat/work/one--1
      .github/pullbeat.yml
      agents/writer.md
      board/one-it.md
      reports/one.md
    refs/pullbeat/transcripts/2026-11
      <sha256>.jsonl
    "
  `);
});

test("whoever was taken over publishes nothing, and is told who holds its claim", async () => {
  const fleet = await make();
  const old = await worked(fleet.flow);
  const heir = await fleet.elsewhere(testClock("2026-11-22T08:00:00Z", 2));
  const young = await worked(heir);
  const before = await refs(fleet);
  const [end] = await publish(fleet.flow, [old]);
  expect(end).toMatchObject({
    fate: "lost",
    reason: "its claim refs/pullbeat/beats/writer is held by somebody else now, or was released",
  });
  expect(await refs(fleet)).toBe(before);
  expect(await publish(heir, [young])).toMatchObject([{ fate: "landed", record: { turn: 2 } }]);
  expect(await publish(fleet.flow, [old])).toMatchObject([{ fate: "already" }]);
  expect(await files(fleet, JOURNAL)).toEqual([RECORD]);
});

test("a beat whose claim is taken over between its look and its push is lost as well", async () => {
  const fleet = await make();
  const old = await worked(fleet.flow);
  const heir = await fleet.elsewhere(testClock("2026-11-22T08:00:00Z", 2));
  let first = true;
  const late = pushing(fleet.flow, (real) => async (updates) => {
    if (first) await worked(heir);
    first = false;
    return real(updates);
  });
  expect(await publish(late, [old])).toMatchObject([{ fate: "lost" }]);
  expect(await fleet.show()).not.toContain("journal");
});

test("a beat whose task a person released is lost", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await order(fleet.flow, { verb: "release", targets: ["one"], who: "ann", why: "wrong task", until: null });
  expect((await settle(fleet.flow)).released).toEqual([
    "refs/pullbeat/beats/writer",
    "refs/pullbeat/claims/one",
  ]);
  const before = await refs(fleet);
  expect(await publish(fleet.flow, [done])).toMatchObject([
    { fate: "lost", reason: expect.stringContaining("refs/pullbeat/") },
  ]);
  expect(await refs(fleet)).toBe(before);
});

test("a slot that has its record keeps it, and the claims of whoever comes second are released", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  const other = await fleet.elsewhere();
  await publish(other, [await rest(other, "writer", done.record.slot)]);
  const record = await fleet.file(RECORD, JOURNAL);
  expect(await publish(fleet.flow, [done])).toMatchObject([
    { fate: "already", reason: "the journal holds writer@20261122T0700Z already" },
  ]);
  expect(await fleet.file(RECORD, JOURNAL)).toBe(record);
  expect(await fleet.show()).not.toMatch(/pullbeat\/(?:beats|claims|work|transcripts)/);
});

test("when the answer to a push is lost on the way, the beat has landed once", async () => {
  const server = gitServer();
  const fleet = await make({ serve: server.serve });
  const done = await worked(fleet.flow);
  server.cutNextPush();
  expect(await publish(fleet.flow, [done])).toMatchObject([{ fate: "landed" }]);
  expect(await fleet.far("rev-list", "--count", JOURNAL)).toBe("1\n");
  expect(await publish(fleet.flow, [done])).toMatchObject([{ fate: "already" }]);
});

test("a push that landed and was overtaken before anybody could look has landed", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  const other = await fleet.elsewhere();
  let first = true;
  const blind = pushing(fleet.flow, (real) => async (updates) => {
    const moved = await real(updates);
    if (!first) return moved;
    first = false;
    await publish(other, [await rest(other, "idle", done.record.slot)]);
    return false;
  });
  const [end] = await publish(blind, [done]);
  expect(end?.fate).toBe("landed");
  expect(end?.record.attempts[0]?.proposal?.head).toBe(
    (await fleet.far("rev-parse", "pullbeat/work/one--1")).trim(),
  );
  expect(await files(fleet, JOURNAL)).toHaveLength(2);
});

test("a journal that moved meanwhile keeps what others wrote, and gets ours behind it", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  const other = await fleet.elsewhere();
  let first = true;
  const late = pushing(fleet.flow, (real) => async (updates) => {
    if (first) await publish(other, [await rest(other, "idle", done.record.slot)]);
    first = false;
    return real(updates);
  });
  expect(await publish(late, [done])).toMatchObject([{ fate: "landed" }]);
  expect(await files(fleet, JOURNAL)).toEqual(["beats/2026/11/22/idle@20261122T0700Z/record.json", RECORD]);
  expect(await fleet.far("rev-list", "--parents", JOURNAL)).toMatch(/^(\w{40}) (\w{40})\n\2\n$/);
});

test.each([
  { refusals: 19, end: "lands" },
  { refusals: 20, end: "is a fault, and leaves its claims to their lease" },
])("a push that is refused $refusals times $end", async ({ refusals }) => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  const before = await refs(fleet);
  let pushes = 0;
  const world = pushing(
    fleet.flow,
    (real) => (updates) => (++pushes > refusals ? real(updates) : Promise.resolve(false)),
  );
  const end = await publish(world, [done]).catch((fault: unknown) => fault);
  expect(pushes).toBe(20);
  if (refusals < 20) expect(end).toMatchObject([{ fate: "landed" }]);
  else expect(end).toMatchObject({ code: "race" });
  if (refusals === 20) expect(await refs(fleet)).toBe(before);
});

test("a branch that somebody made meanwhile is not touched, and the attempt has failed", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  await fleet.git("push", "--quiet", "origin", "HEAD:refs/heads/pullbeat/work/one--1");
  expect(await publish(fleet.flow, [done])).toMatchObject([
    {
      fate: "landed",
      record: { outcome: "failed", attempts: [{ failure: "branch-moved", proposal: null }] },
    },
  ]);
  expect(await fleet.far("rev-parse", "pullbeat/work/one--1")).toBe(await fleet.far("rev-parse", "main"));
});

test("a proposal is judged by the tip of the moment at which it lands, also when the tip moves between two tries", async () => {
  const fleet = await make();
  const done = await worked(fleet.flow);
  let first = true;
  const late = pushing(fleet.flow, (real) => async (updates) => {
    if (!first) return real(updates);
    first = false;
    await fleet.commit({ "agents/writer.md": specText("writer", 'produces: ["drafts/*.md"]\n') });
    return false;
  });
  expect(await publish(late, [done])).toMatchObject([
    { fate: "landed", record: { outcome: "failed", attempts: [{ failure: "gate/paths" }] } },
  ]);
  expect(await fleet.show()).not.toContain("pullbeat/work");
});

test("37 publishers at once lose nothing", async () => {
  const names = Array.from({ length: 37 }, (_, i) => `a${i}`);
  const fleet = await makeFleet({
    files: {
      ".github/pullbeat.yml": "version: 1\nbudgets: { day: { usd: 100 } }\n",
      ...Object.fromEntries(names.map((n) => [`agents/${n}.md`, specText(n, `produces: ["out/*.md"]\n`)])),
      ...Object.fromEntries(names.map((n) => [`board/t-${n}.md`, taskText(`t-${n}`, n)])),
    },
  });
  const snapshot = await read(fleet.flow);
  const ready = await sideBySide(plan(snapshot).beats, async (planned) => {
    const world = await machine(fleet, planned.agent);
    const claims = (await claim(world, snapshot, planned)) ?? [];
    return { world, done: await beat(world, snapshot, planned, claims) };
  });
  const ends = await Promise.all(ready.map(({ world, done }) => publish(world, [done])));
  expect(ends.flat().map((e) => e.fate)).toEqual(names.map(() => "landed"));
  const { journal, branches, claims } = await read(fleet.flow);
  expect(journal.records.map((r) => `${r.agent} ${r.outcome}`).toSorted()).toEqual(
    names.map((n) => `${n} worked`).toSorted(),
  );
  const heads = journal.records.flatMap((r) => r.attempts.map((a) => a.proposal?.head ?? ""));
  expect(branches.map((b) => b.head).toSorted()).toEqual(heads.toSorted());
  const transcripts = journal.records.flatMap((r) => r.attempts.map((a) => `${a.transcript}.jsonl`));
  expect(await files(fleet, "refs/pullbeat/transcripts/2026-11")).toEqual(transcripts.toSorted());
  expect(claims).toEqual([]);
  expect(await fleet.far("rev-list", "--min-parents=2", JOURNAL)).toBe("");
}, 600_000);

/** A machine of an agent's own, which really waits between its tries. */
async function machine(fleet: FleetWorld, agent: string): Promise<World> {
  const dir = join(fleet.dir, agent);
  await promisify(execFile)("cp", ["-r", fleet.clone, dir]);
  const repo = await openRepo({ dir, remote: "origin", env: fleet.env });
  onTestFinished(() => repo.close());
  const clock = { ...testClock(undefined, Number(agent.slice(1)) + 2), sleep: (ms: number) => sleep(ms) };
  return flowWorld({ repo, clock, scripts: { [agent]: writes({ [`out/${agent}.md`]: agent }) } });
}
