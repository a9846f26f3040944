import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AgentName, Instant, SlotTime } from "../../src/domain/id.ts";
import type { PlannedBeat } from "../../src/domain/plan/plan.ts";
import { LEASE_MINUTES, shardsOf, WORK_MINUTES, type Weighed } from "../../src/domain/plan/shard.ts";

const beat = (agent: string): PlannedBeat => ({
  agent: AgentName.parse(agent),
  slot: SlotTime.parse("manual-test"),
  wake: "slot",
  reason: "due",
  tries: [],
  leaseEnd: Instant.parse("2026-11-22T08:00:00Z"),
  turn: 1,
  reserved: 0,
  takes: [],
});
const model = (agent: string, minutes: number): Weighed => ({
  beat: beat(agent),
  isProgram: false,
  env: [],
  minutes,
});
const program = (agent: string): Weighed => ({
  beat: beat(agent),
  isProgram: true,
  env: ["ADS_TOKEN"],
  minutes: 1,
});
const LIMITS = { jobs: 4, minutes: 10 };

test("a little work is one job, however many beats it is", () => {
  const { shards } = shardsOf([model("a", 2), model("b", 3), model("c", 1)], LIMITS);
  expect(shards).toEqual([{ shard: 1, kind: "model", agents: ["b", "a", "c"], env: [], minutes: 6 }]);
});

test("much work is spread, the longest first, over no more jobs than there may be", () => {
  const { shards } = shardsOf(
    [model("a", 9), model("b", 30), model("c", 8), model("d", 7), model("e", 6), model("f", 5)],
    LIMITS,
  );
  expect(shards.map((s) => s.agents)).toEqual([["b"], ["a"], ["c", "f"], ["d", "e"]]);
});

test("a program has a job of its own, without the model's key", () => {
  const { shards } = shardsOf([program("x"), model("a", 1), program("y")], LIMITS);
  expect(shards.map((s) => [s.kind, s.agents])).toEqual([
    ["model", ["a"]],
    ["program", ["x"]],
    ["program", ["y"]],
  ]);
});

test("every beat is in exactly one job or left, and a matrix never holds more jobs than Actions takes", () => {
  const one = fc.record({ isProgram: fc.boolean(), minutes: fc.integer({ min: 0, max: 90 }) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 400 }), fc.integer({ min: 1, max: 64 }), (kinds, jobs) => {
      const beats = kinds.map((k, i) => ({ ...k, env: ["ADS_TOKEN"], beat: beat(`a${i}`) }));
      const { shards, left } = shardsOf(beats, { jobs, minutes: 10 });
      const placed = [...shards.flatMap((s) => s.agents), ...left.map((b) => b.agent)];
      expect(placed.toSorted()).toEqual(beats.map((b) => b.beat.agent).toSorted());
      expect(shards.length).toBeLessThanOrEqual(256);
      expect(shards.filter((s) => s.kind === "model").length).toBeLessThanOrEqual(jobs);
      expect(shards.map((s) => s.shard)).toEqual(shards.map((_, i) => i + 1));
      const outputs = JSON.stringify(shards.map(({ shard, kind, env }) => ({ shard, kind, env })));
      expect(outputs.length).toBeLessThan(1_000_000);
    }),
  );
});

test("a claim outlives the job that works it", () => {
  expect(LEASE_MINUTES).toBeGreaterThan(WORK_MINUTES);
});
