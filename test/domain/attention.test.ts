import { expect, test } from "vitest";
import type { Plan } from "../../src/domain/plan/plan.ts";
import { plan } from "../../src/domain/plan/planner.ts";
import { claim, LIVE, merge, name, pull, review, snapshot, unit } from "./fleet.ts";

type Given = NonNullable<Parameters<typeof snapshot>[0]>;

/** At most two items wait for a person. Reports need none once the agent is known. */
const config: NonNullable<Given["config"]> = {
  limits: { attention: 2 },
  policy: {
    grant: [{ id: "reports", kind: ["report"], only_paths: ["reports/**"], tier: "routine", per_day: 2 }],
  },
};
const known = ["a", "b", "c", "d", "e"].map((of) => merge(of, { at: "2026-11-20T05:00:00Z" }));
const agents = { ada: { produces: ["pages/*.md", "reports/*.md"], budget: { beat: { tasks: 5 } } } };
const page = { kind: "page", produces: ["pages/x.md"] };
const report = { kind: "report", produces: ["reports/x.md"] };

const planned = (given: Given): Plan => plan(snapshot({ config, agents, merges: known, ...given }));
const tried = (given: Given): string[] => planned(given).beats.flatMap((b) => b.tries.map((t) => t.unit));
const two = [pull(1, "t-p1"), pull(2, "t-p2")];
const waiting = { "t-p1": page, "t-p2": page };

test("while there is room, work begins that will wait for a person, and no more of it than there is room for", () => {
  const tasks = {
    "t-p1": page,
    "t-x": { ...page, produces: ["pages/1.md"] },
    "t-y": { ...page, produces: ["pages/2.md"] },
  };
  expect(tried({ tasks, pulls: [pull(1, "t-p1")] })).toEqual(["t-x"]);
});

test("when as many items wait as may, an agent whose work needs a person rests, and says so", () => {
  const { beats, rests } = planned({ tasks: { ...waiting, "t-x": page }, pulls: two });
  expect(beats).toEqual([]);
  expect(rests).toMatchObject([
    {
      code: "attention",
      reason:
        "2 items wait for a person, which is as many as may (limits.attention); what is ready would be one more",
    },
  ]);
});

test("a due slot ends with that rest, and is not open for ever", () => {
  const daily = { ada: { ...agents.ada, schedule: "daily 07:00" } };
  const { rests } = planned({ agents: daily, tasks: { ...waiting, "t-x": page }, pulls: two });
  expect(rests).toMatchObject([{ code: "attention", slot: "20261122T0700Z" }]);
});

test("work that a grant can let in goes on, and what people sent back goes on", () => {
  expect(tried({ tasks: { ...waiting, "t-x": page, "t-r": report }, pulls: two })).toEqual(["t-r"]);
  const sent = [pull(1, "t-p1", { reviews: [review("ann", "request-changes")] }), pull(2, "t-p2")];
  expect(tried({ tasks: { ...waiting, "t-x": page }, pulls: sent })).toEqual(["t-p1"]);
});

test("a grant counts only for known agents, its kinds, its paths, its agents, and until it is used up", () => {
  const full = { tasks: { ...waiting, "t-r": report }, pulls: two };
  expect(tried({ ...full, merges: known.slice(1) })).toEqual([]);
  expect(tried({ ...full, tasks: { ...waiting, "t-r": { ...report, kind: "page" } } })).toEqual([]);
  expect(tried({ ...full, tasks: { ...waiting, "t-r": { ...report, produces: ["pages/x.md"] } } })).toEqual(
    [],
  );
  const used = ["x", "y"].map((of) =>
    merge(of, { clearance: { tier: "routine", by: "auto", rules: ["grant:reports"], policy: null } }),
  );
  expect(tried({ ...full, merges: [...known, ...used] })).toEqual([]);
  expect(tried({ ...full, merges: [...known, ...used.slice(1)] })).toEqual(["t-r"]);
});

test("questions and live work take room; housekeeping and closed pulls take none", () => {
  const tasks = { ...waiting, "t-x": page };
  const asked = [pull(1, "t-p1", { kind: "question" }), pull(2, "t-p2")];
  expect(tried({ tasks, pulls: asked })).toEqual([]);
  const archive = pull(3, "archive-20261122", { kind: "archive", task: null, agent: null });
  expect(tried({ tasks, pulls: [pull(1, "t-p1"), archive] })).toHaveLength(1);
  expect(tried({ tasks, pulls: [pull(1, "t-p1"), pull(2, "t-p2", { state: "closed" })] })).toEqual(["t-x"]);
  const live = claim("bob", "20261122T0700Z", "t-p2", { ...LIVE, agent: name("bob"), unit: unit("t-p2") });
  const both = { ...agents, bob: {} };
  expect(
    tried({
      agents: both,
      tasks: { ...tasks, "t-p2": { ...page, agent: "bob" } },
      pulls: [pull(1, "t-p1")],
      claims: [live],
    }),
  ).toEqual([]);
});

test("an open pull takes room by what it changes, not by what its agent may change", () => {
  const tasks = { "t-p1": page, "t-r": report, "t-x": { ...page, produces: ["pages/1.md"] } };
  const pulls = [pull(1, "t-p1"), pull(2, "t-r")];
  const branch = "pullbeat/work/t-r--1";
  const inside = { [branch]: ["reports/x.md", "board/t-r.md"] };
  expect(tried({ tasks, pulls, changes: inside })).toEqual(["t-x"]);
  const beyond = { [branch]: ["reports/x.md", "pages/y.md", "board/t-r.md"] };
  expect(tried({ tasks, pulls, changes: beyond })).toEqual([]);
  expect(
    tried({ tasks, pulls: [pull(1, "t-p1"), pull(2, "t-r", { agent: null })], changes: inside }),
  ).toEqual([]);
  expect(tried({ tasks, pulls: [pull(1, "t-p1"), pull(2, "t-gone")] })).not.toContain("t-x");
});

test("a task that promises nothing may change whatever its agent may, and one grant of several is enough", () => {
  const tasks = { ...waiting, "t-r": { kind: "report" } };
  expect(tried({ tasks, pulls: two })).toEqual([]);
  const ada = { ada: { ...agents.ada, produces: ["reports/*.md"] } };
  expect(tried({ tasks, pulls: two, agents: ada })).toEqual(["t-r"]);
  const more = [
    { id: "notes", kind: ["note"], only_paths: ["notes/**"], tier: "routine" as const, per_day: 2 },
  ];
  const both = { ...config, policy: { grant: [...more, ...(config.policy?.grant ?? [])] } };
  expect(tried({ config: both, tasks, pulls: two, agents: ada })).toEqual(["t-r"]);
});

test("merges of others, and answered questions, do not make an agent known", () => {
  const full = { tasks: { ...waiting, "t-r": report }, pulls: two };
  const others = [...known.slice(1), merge("x", { agent: "bob" }), merge("y", { kind: "question" })];
  expect(tried({ ...full, merges: others })).toEqual([]);
});

test("live work that a grant can let in, or that has its pull already, takes no room of its own", () => {
  const both = { ...agents, bob: {} };
  const tasks = {
    "t-p1": page,
    "t-x": { ...page, produces: ["pages/1.md"] },
    "t-l": { ...report, produces: ["reports/l.md"] },
  };
  const live = (of: string) => claim("ada", "20261122T0659Z", of, { ...LIVE, unit: unit(of) });
  const begun = (given: Given): string[] => tried({ agents: both, ...given });
  expect(
    begun({
      tasks: { ...tasks, "t-x": { ...page, agent: "bob", produces: ["pages/1.md"] } },
      pulls: [pull(1, "t-p1")],
      claims: [live("t-l")],
    }),
  ).toContain("t-x");
  expect(
    begun({
      tasks: { ...tasks, "t-x": { ...page, agent: "bob", produces: ["pages/1.md"] } },
      pulls: [pull(1, "t-p1")],
      claims: [live("t-p1")],
    }),
  ).toContain("t-x");
  expect(
    begun({
      tasks: { ...tasks, "t-x": { ...page, agent: "bob", produces: ["pages/1.md"] } },
      pulls: [pull(1, "t-p1")],
      claims: [live("t-gone")],
    }),
  ).not.toContain("t-x");
});

test("without a limit nothing waits for room", () => {
  expect(tried({ config: {}, tasks: { ...waiting, "t-x": page }, pulls: two })).toEqual(["t-x"]);
});
