import { expect, test } from "vitest";
import { courtsOf, type Waiting } from "../../src/domain/verdict/courts.ts";
import { COURTS } from "../../src/domain/verdict/docket.ts";
import { AgentName, PullNumber, Sha, TaskId, Unit } from "../../src/domain/id.ts";

const sha = Sha.parse("a".repeat(40));
const placed = (pull: number): Omit<Extract<Waiting, { kind: "command" }>, "kind"> => ({
  pull: PullNumber.parse(pull),
  branch: `pullbeat/work/${pull}--1`,
  agent: null,
  gate: "g",
  from: sha,
  head: sha,
  judged: sha,
  of: "b".repeat(64),
});
const program = (pull: number): Waiting & { minutes: number } => ({
  ...placed(pull),
  kind: "command",
  minutes: 1,
});
const grader = (pull: number, minutes: number): Waiting & { minutes: number } => ({
  ...placed(pull),
  kind: "grader",
  minutes,
  grader: AgentName.parse("critic"),
  spec: sha,
  work: {
    agent: AgentName.parse("writer"),
    unit: Unit.parse("one"),
    task: TaskId.parse("one"),
    models: [],
    round: 1,
  },
});
const ACTIONS = { jobs: 4, minutes: 10 };

test("graders share few jobs, the longest first, and only those have the key; a program has a job to itself", () => {
  const waiting = [program(1), grader(2, 4), grader(3, 9), program(4), grader(5, 5)];
  const { courts, matters } = courtsOf(waiting, ACTIONS);
  expect(courts).toEqual([
    { shard: 1, kind: "model" },
    { shard: 2, kind: "model" },
    { shard: 3, kind: "program" },
    { shard: 4, kind: "program" },
  ]);
  expect(matters.map((m) => [m.pull, m.kind, m.shard])).toEqual([
    [3, "grader", 1],
    [5, "grader", 2],
    [2, "grader", 2],
    [1, "command", 3],
    [4, "command", 4],
  ]);
});

test("what fits into no job is left for the next tick, and graders leave programs room", () => {
  const many = Array.from({ length: 40 }, (_, i) => program(i + 1));
  const graders = Array.from({ length: 40 }, (_, i) => grader(i + 41, 30));
  const { courts, matters } = courtsOf([...many, ...graders], { jobs: 64, minutes: 10 });
  expect(courts).toHaveLength(COURTS);
  expect(courts.filter((c) => c.kind === "model")).toHaveLength(COURTS / 2);
  expect(matters.filter((m) => m.kind === "grader")).toHaveLength(40);
  expect(courtsOf([], ACTIONS)).toEqual({ courts: [], matters: [] });
});
