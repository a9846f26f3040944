import { expect, test } from "vitest";
import { Login, PullNumber } from "../../src/domain/id.ts";
import { JOURNAL } from "../../src/domain/record.ts";
import { read } from "../../src/flow/read.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { tick } from "../../src/flow/tick.ts";
import { counted, makeFleet, specText, taskText, writes, type FleetWorld } from "../fleet.ts";

const refs = ({ far }: FleetWorld): Promise<string> => far("for-each-ref");

/** A fleet at seven o'clock in which everybody has a reason to rest. */
async function idle(): Promise<FleetWorld & { asked: () => number }> {
  const model = counted(writes({ "reports/one.md": "# One\n" }));
  const fleet = await makeFleet({
    at: "2026-11-21T12:00:00Z",
    files: {
      "agents/asleep.md": specText("asleep", "status: paused\n"),
      "agents/daily.md": specText("daily", "schedule: daily 07:00\n"),
      "agents/hungry.md": specText(
        "hungry",
        'schedule: daily 07:00\nreads: [{ path: "data/**", max_age: 1h }]\n',
      ),
      "agents/writer.md": specText("writer", 'produces: ["reports/*.md"]\n'),
      "board/one-it.md": taskText("one", "writer"),
      "board/two-it.md": taskText("two", "writer", "needs: [one]\n"),
    },
    scripts: { daily: model, hungry: model, writer: model },
  });
  // The one thing to do is done, and waits for a person.
  await tick(fleet.flow);
  fleet.clock.set("2026-11-22T07:00:00Z");
  return { ...fleet, asked: () => model.asked };
}

test("a tick with nothing to do asks no model, opens nothing, and closes all due slots with one journal commit", async () => {
  const fleet = await idle();
  const [asked, count] = [fleet.asked(), Number(await fleet.far("rev-list", "--count", JOURNAL))];
  const { beats } = await tick(fleet.flow);
  expect(beats.map((b) => [b.agent, b.slot, b.outcome, b.reason])).toEqual([
    ["asleep", null, "rested", "is paused by its spec"],
    ["daily", "20261122T0700Z", "rested", "it has no open task"],
    ["hungry", "20261122T0700Z", "rested", "data/**: there is no such file"],
    ["writer", null, "rested", "none of its 2 open tasks is ready: 1 blocked, 1 waiting; no slot is to come"],
  ]);
  expect(fleet.asked()).toBe(asked);
  expect(Number(await fleet.far("rev-list", "--count", JOURNAL))).toBe(count + 1);
  expect(await fleet.flow.forge.pulls()).toHaveLength(1);
  const { journal } = await read(fleet.flow);
  const rested = journal.records.filter((r) => r.outcome === "rested").map((r) => `${r.agent}: ${r.reason}`);
  expect(rested).toEqual(["daily: it has no open task", "hungry: data/**: there is no such file"]);
});

test("a second tick with nothing to do writes nothing at all", async () => {
  const fleet = await idle();
  await tick(fleet.flow);
  const before = await refs(fleet);
  fleet.clock.pass(10);
  await tick(fleet.flow);
  await tick(await fleet.elsewhere());
  expect(await refs(fleet)).toBe(before);
});

test("what waits for a person stays still however often it is settled", async () => {
  const fleet = await idle();
  await tick(fleet.flow);
  const before = await refs(fleet);
  for (let n = 0; n < 3; n++) await settle(fleet.flow);
  expect(await refs(fleet)).toBe(before);
});

test("what a merge makes ready is worked in the same tick, and then it is quiet", async () => {
  const fleet = await idle();
  const at = fleet.clock.now();
  await fleet.flow.forge.review(PullNumber.parse(1), Login.parse("ann"), {
    verdict: "approve",
    body: "",
    at,
  });
  const { beats } = await tick(fleet.flow);
  expect(beats.filter((b) => b.outcome === "worked").map((b) => b.attempts.map((a) => a.task))).toEqual([
    ["two"],
  ]);
  const before = await refs(fleet);
  await tick(fleet.flow);
  expect(await refs(fleet)).toBe(before);
});
