import { expect, test } from "vitest";
import { productsOf, sightOf, Spec } from "../../src/domain/spec.ts";

const least = { name: "ann", description: "Writes.", engine: { kind: "openai" } };

test("name, description and engine are enough, and what is left out is safe", () => {
  const spec = Spec.parse(least);
  expect(spec).toMatchObject({
    status: "active",
    schedule: "on-demand",
    wakes: ["slot", "ready"],
    produces: [],
  });
  expect(spec.budget).toEqual({
    attempt: { steps: 30, tokens: 60_000, usd: 0.4, minutes: 10, tasks: 3 },
    beat: { tasks: 3 },
    day: { beats: 8, usd: 2 },
  });
});

test("the full form of a spec is read", () => {
  const full = {
    ...least,
    title: "Landing-page tester",
    reports_to: "ceo",
    status: "paused",
    schedule: 'cron "0 7 * * 1-5"',
    timezone: "Europe/Berlin",
    reads: ["board/**", { path: "data/ads/**", max_age: "26h" }],
    produces: [
      { path: "reports/lp/*.md", max_files: 3, max_lines: 400 },
      { path: "log.csv", mode: "append" },
    ],
    tools: ["read", "finish"],
    gates: ["evidence"],
    escalates: [{ id: "missing-page", when: "the page does not exist", max: "2/week" }],
    never: ["guess", { rule: "edit another's report", enforce: "paths" }],
    budget: { attempt: { steps: 5 } },
  };
  expect(Spec.parse(full).budget.attempt).toMatchObject({ steps: 5, tokens: 60_000 });
});

test.each([
  ["a key nobody knows", { nmae: "x" }],
  ["a bad name", { name: "../ann" }],
  ["no engine", { engine: undefined }],
  ["an engine of another kind", { engine: { kind: "shell" } }],
  ["another engine's key", { engine: { kind: "openai", run: ["sh"] } }],
  ["a program without a name", { engine: { kind: "command", run: [] } }],
  ["a tool that does not exist", { tools: ["shell"] }],
  ["a path outside the repository", { produces: ["../x"] }],
  ["an age without a unit", { reads: [{ path: "data/**", max_age: "26" }] }],
  ["a budget of nothing", { budget: { attempt: { steps: 0 } } }],
  ["an endless budget", { budget: { attempt: { usd: Number.POSITIVE_INFINITY } } }],
  ["a limit of escalations without a span", { escalates: [{ id: "x", when: "y", max: "2" }] }],
])("%s is refused", (_, change) => expect(Spec.safeParse({ ...least, ...change }).success).toBe(false));

test("an agent sees the board, what it reads, and what it makes", () => {
  const spec = Spec.parse({
    ...least,
    reads: ["a/**", { path: "b/**" }],
    produces: ["c/*.md", { path: "d.csv" }],
  });
  expect(sightOf(spec)).toEqual(expect.arrayContaining(["board/**", "a/**", "b/**", "c/*.md", "d.csv"]));
});

test("a product without a mode is written, not appended to", () => {
  const spec = Spec.parse({ ...least, produces: ["a.md", { path: "b.csv", mode: "append" }] });
  expect(productsOf(spec).map((p) => p.mode)).toEqual(["write", "append"]);
});
